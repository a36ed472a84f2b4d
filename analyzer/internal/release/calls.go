package release

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// call decides a call for the machine.
func (q *question) call(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if after, ok := q.context(st, c); ok {
		return after, true
	}
	h := dataOf(st)
	if q.site != nil && c.Instr == q.site.Call && c.Mode != flow.Go {
		return q.acquire(st, c), true
	}
	if h.status != obligation.Held {
		return q.idle(st, c)
	}
	q.note(st, c)
	if q.mayPanic(st, c) {
		p := st.Clone()
		p.Panic()
		after, known := q.held(st, c)
		if !known {
			q.m.Unknown(st, c)
			after = []*flow.State{st}
		}
		return append(after, p), true
	}
	return q.held(st, c)
}

// held decides a call while the resource is held.
func (q *question) held(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	h := dataOf(st)
	switch {
	case c.Fn != nil && contains(h.releasers, c.Fn), c.Recv != nil && contains(h.releasers, c.Recv):
		return q.release(st, c), true // a function that releases it, or a method of such a function's type
	case c.Object != nil && c.Object.FullName() == "sync.OnceFunc":
		q.m.SetResult(st, c, c.Args[0])
		return []*flow.State{st}, true
	case c.Object != nil && c.Object.FullName() == "(*sync.Once).Do" && c.Args[0].Op == flow.OpClosure:
		return q.callClosure(st, c.Args[0]), true
	case c.Recv != nil && h.is(c.Recv):
		return q.method(st, c), true
	case c.Recv != nil && h.parent != nil && handleOf(c.Recv) == h.parent:
		if after, ok := q.parentCall(st, c); ok {
			return after, true
		}
	}
	return q.pass(st, c)
}

// mayPanic reports whether a call may panic where a recover keeps the process alive: a library's Must function, and a callback
// of the caller's. In strict mode every call may.
func (q *question) mayPanic(st *flow.State, c *flow.Call) bool {
	if !q.recovers || c.Mode != flow.Normal || q.m.Depth() > 1 || st.Panicking() {
		return false
	}
	if row := q.p.Cat.Func(c.Object); row != nil {
		return strings.HasPrefix(row.Func, "Must")
	}
	return q.p.Cfg.Strict || c.Object == nil && c.Static == nil && isCallback(c.Fn)
}

// isCallback reports whether a function value comes from the caller, and not from a function that was called here.
func isCallback(fn *flow.Sym) bool { return fn != nil && (paramOf(fn) != nil || fn.Op == flow.OpLoad) }

// idle is a call while nothing is held. It only matters if the site is in a function literal that the call may run, or if it
// prepares a batch.
func (q *question) idle(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if c.Recv != nil && q.p.Cat.BeginsBatch(c.Object) {
		change(st, func(h *hold) { h.begun = append(h.begun[:len(h.begun):len(h.begun)], c.Recv) })
	}
	if dataOf(st).status != obligation.None || q.site == nil || q.site.Call.Parent() == q.fn {
		return nil, false // nothing in it can take the resource
	}
	if fn := c.Static; fn != nil && q.p.encloses(fn, q.site.Call) {
		return q.m.Enter(st, c)
	}
	var after []*flow.State
	for _, a := range c.Symbols() {
		if fn := a.Fn(); fn != nil && a.Op == flow.OpClosure && q.p.encloses(fn, q.site.Call) {
			after = append(after, q.runsLiteral(st, c, a, fn)...)
		}
	}
	if after == nil {
		return nil, false // none of its functions has the site
	}
	return after, true
}

// runsLiteral is a call of a function that is given the literal with the site, and may run it. A function of this package is
// executed; another is taken to return the error of what it runs.
func (q *question) runsLiteral(st *flow.State, c *flow.Call, closure *flow.Sym, fn *ssa.Function) []*flow.State {
	if callee := c.Static; callee != nil && len(callee.Blocks) > 0 {
		if after, ok := q.m.Enter(st, c); ok {
			return after
		}
	}
	var after []*flow.State
	for _, e := range q.callOnce(st.Clone(), closure, fn, "1") {
		s := e.State
		if s.Panicking() {
			continue // who recovers is not known
		}
		q.m.Unknown(s, c)
		parts, n := q.m.ResultParts(c), len(e.Results)-1
		results := c.Instr.Common().Signature().Results()
		if last := len(parts) - 1; last >= 0 && n >= 0 && program.IsError(results.At(last).Type()) && program.IsError(fn.Signature.Results().At(n).Type()) {
			parts[last] = e.Results[n]
			q.m.SetResults(s, c, parts)
		}
		after = append(after, s)
	}
	q.m.Unknown(st, c)
	return append(after, st) // it may not run it at all
}

// release is a call that frees the resource on every path.
func (q *question) release(st *flow.State, c *flow.Call) []*flow.State {
	q.m.Unknown(st, c)
	return []*flow.State{settle(st, obligation.Released)}
}

// method is a call of a method of the resource itself.
func (q *question) method(st *flow.State, c *flow.Call) []*flow.State {
	h := dataOf(st)
	name := c.Object.Name()
	change(st, func(h *hold) { h.touched = h.class.Resource == catalog.Conns })
	row := q.p.Cat.Func(c.Object)
	if row != nil && row.Alias && !freesByName(h.class, name) {
		return q.alias(st, c, row)
	}
	if h.class.Resource == catalog.Batch && name == "Tx" && c.Recv == h.res {
		return q.batchTx(st, c)
	}
	if h.class.Resource == valueClass.Resource {
		return q.unknown(st, c) // whatever it is, it may be released
	}
	for _, e := range h.class.Freed {
		if e.Method != name {
			continue
		}
		if c.Mode == flow.Go || e.When == catalog.Always {
			return q.release(st, c)
		}
		return q.perhaps(st, c, e.When)
	}
	q.view(st, c)
	return []*flow.State{st}
}

// alias is a call of a method that returns the resource by another name, and may leave another error in it.
func (q *question) alias(st *flow.State, c *flow.Call, row *catalog.Row) []*flow.State {
	res := dataOf(st).res
	q.m.Unknown(st, c)
	parts := q.m.ResultParts(c)
	if len(parts) > 0 {
		parts[0] = res
		q.m.SetResults(st, c, parts)
	}
	path, t := errorField(c.Instr.Common().Signature(), row)
	if v := c.Value(); path != "" && v != nil {
		st.Put(flow.Loc{Base: res, Path: path}, q.m.Opaque(v, "error", t))
	}
	return []*flow.State{st}
}

func freesByName(class catalog.Class, method string) bool {
	return slices.ContainsFunc(class.Freed, func(e catalog.Event) bool { return e.Method == method })
}

// perhaps is a call that frees with one outcome: Next when it returns false, Scan of pgx when it returns an error.
func (q *question) perhaps(st *flow.State, c *flow.Call, when catalog.When) []*flow.State {
	q.m.Unknown(st, c)
	if c.Value() == nil {
		return []*flow.State{st} // deferred: the outcome is not known to anyone
	}
	parts := q.m.ResultParts(c)
	if len(parts) == 0 {
		return []*flow.State{st} // a wrapper of that name without a result
	}
	freed := st.Clone()
	last := parts[len(parts)-1]
	if when == catalog.OnFalse {
		q.m.Assume(st, parts[0], true)
		q.m.Assume(freed, parts[0], false)
	} else {
		q.m.Assume(st, q.m.IsNil(last), true)
		q.m.Assume(freed, q.m.IsNil(last), false)
	}
	settle(freed, obligation.Released)
	if c.Object.Name() == "Err" {
		change(freed, func(h *hold) { h.excuse = NotHeld })
	}
	return []*flow.State{st, freed}
}

// batchTx is BatchResults.Tx: after Batch.BeginTx only this transaction gives the connection back.
func (q *question) batchTx(st *flow.State, c *flow.Call) []*flow.State {
	q.m.Unknown(st, c)
	h := dataOf(st)
	q.m.SetResult(st, c, q.m.Inside(h.res, "tx"))
	change(st, func(h *hold) {
		h.class = catalog.Class{Resource: catalog.Batch, Freed: []catalog.Event{{Method: "Commit"}, {Method: "Rollback"}}}
	})
	return []*flow.State{st}
}

// view gives the result of Conn() and its like a symbol that leads back to the handle.
func (q *question) view(st *flow.State, c *flow.Call) {
	q.m.Unknown(st, c)
	if row := q.p.Cat.Func(c.Object); row != nil && row.Kind == catalog.Neutral && row.Resource == catalog.Conn && row.Func == "Conn" && c.Recv != nil {
		q.m.SetResult(st, c, q.m.Pred(viewTag, c.Recv))
	}
}

// parentCall is a call of a method of the conn or tx that the resource occupies: it may end both.
func (q *question) parentCall(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if c.Mode == flow.Go {
		return nil, false // when it runs is not known
	}
	end := q.p.Cat.ParentEnd(c.Object, dataOf(st).class.Resource)
	switch end {
	case catalog.EndNone:
		q.view(st, c)
		return []*flow.State{st}, !q.reachesAny(st, c)
	case catalog.EndFrees:
		return q.release(st, c), true
	case catalog.EndDestroys:
		q.m.Unknown(st, c)
		change(st, func(h *hold) { h.status, h.excuse = obligation.Released, ConnGone })
	case catalog.EndBusy:
		q.m.Unknown(st, c)
		q.lose(st, BusyAtEnd, c.Instr)
	case catalog.EndBlocks:
		q.m.Unknown(st, c)
		q.lose(st, StuckAtEnd, c.Instr)
	}
	return []*flow.State{st}, true
}

// lose ends the path with a loss.
func (q *question) lose(st *flow.State, kind LossKind, at ssa.Instruction) {
	if q.site == nil {
		settle(st, obligation.Released) // reported where it was taken, if it is in sight there
		return
	}
	change(st, func(h *hold) {
		h.loss = &Loss{Kind: kind, Pos: at.Pos(), At: at, Excuse: q.ctxExcuse(st)}
	})
}

// reachesAny reports whether a call is given the resource or something that leads to it.
func (q *question) reachesAny(st *flow.State, c *flow.Call) bool {
	for _, s := range c.Symbols() {
		if reaches(st, s) {
			return true
		}
	}
	return false
}

// contextArg returns the first argument that is a context, nil if there is none.
func contextArg(c *flow.Call) *flow.Sym {
	params := c.Instr.Common().Signature().Params()
	for i := 0; i < params.Len() && i < len(c.Args); i++ {
		if program.IsContext(params.At(i).Type()) {
			return c.Args[i]
		}
	}
	return nil
}
