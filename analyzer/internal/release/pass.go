package release

import (
	"go/types"
	"slices"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// maxInline is how many blocks a declared function of the package may have to be executed in place. Larger ones are
// summarized: they tell less of how their outcomes depend on their arguments.
const maxInline = 30

// pass decides a call that is neither a method of the resource nor of its parent, while the resource is held.
func (q *question) pass(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if !q.reachesAny(st, c) {
		return q.unrelated(st, c)
	}
	if c.Mode == flow.Go {
		return q.goroutine(st, c), true
	}
	if q.onlyInContext(st, c) {
		if after, ok := q.enterSmall(st, c); ok {
			return after, true // it may end the tx that the context carries
		}
		return q.unrelated(st, c) // who takes a tx out of a context uses it, and leaves its end to who put it there
	}
	if c.Static != nil && c.Static.Parent() != nil {
		if after, ok := q.enter(st, c); ok {
			return after, true
		}
		return q.unknown(st, c), true // recursion of a function literal
	}
	if after, ok := q.wrapperMethod(st, c); ok {
		return after, true
	}
	if row := q.p.Cat.Func(c.Object); row != nil {
		return q.library(st, c, row), true
	}
	switch {
	case catalog.IsBorrower(c.Object):
		return q.borrow(st, c), true
	case c.Object == nil:
		return q.borrow(st, c), true // a function value of unknown origin borrows what it is given
	}
	if after, ok := q.enterSmall(st, c); ok {
		return after, true
	}
	return q.byEffect(st, c), true
}

// enterSmall executes a declared function of this package in place, if it is small enough.
func (q *question) enterSmall(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if fn := c.Static; fn == nil || len(fn.Blocks) == 0 || len(fn.Blocks) > maxInline {
		return nil, false // without a body, or summarized
	}
	return q.enter(st, c)
}

// wrapperMethod is a call of a method of a value that has the resource inside. What its type's methods do was found out with
// the type; of an interface of a library, the type behind it does what the interface says.
func (q *question) wrapperMethod(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if q.site == nil || q.site.owned == nil || c.Recv == nil || !reaches(st, c.Recv) {
		return nil, false // not a wrapper that a call of this function returned
	}
	if out, ok := q.effectThrough(st, c, 0, c.Recv); ok && obligation.Any(out, obligation.Released) {
		return q.apply(st, c, obligation.Lenient(out)), true
	}
	if c.Static == nil && q.p.Cat.Func(c.Object) != nil {
		return q.apply(st, c, byEvent(c.Object, dataOf(st).class)), true
	}
	return nil, false
}

// onlyInContext reports whether all the callee gets of the resource are contexts with it inside.
func (q *question) onlyInContext(st *flow.State, c *flow.Call) bool {
	for _, s := range c.Symbols() {
		if !carriesContext(s) && reaches(st, s) {
			return false
		}
	}
	return true
}

// unrelated is a call that is not given the resource. It may still end the parent, or change what the path knows.
func (q *question) unrelated(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	h := dataOf(st)
	if c.Mode == flow.Go {
		return nil, false // it cannot touch the resource
	}
	if fn := c.Static; fn != nil && (fn.Parent() != nil || st.Panicking()) {
		return q.enter(st, c) // a literal sees the variables around it; a deferred function may recover
	}
	if h.parent != nil && slices.ContainsFunc(c.Symbols(), func(s *flow.Sym) bool { return handleOf(s) == h.parent }) {
		return q.givenParent(st, c)
	}
	if c.Static != nil && q.matters(st, c) {
		return q.enterSmall(st, c)
	}
	return nil, false
}

// matters reports whether executing the call in place can tell the path more than its results being unknown: it is given an
// error that the path knows, or a variable that is an error.
func (q *question) matters(st *flow.State, c *flow.Call) bool {
	if q.recovers && panics(c.Static) {
		return true
	}
	params := c.Static.Signature.Params()
	for i := 0; i < params.Len() && i < len(c.Args); i++ {
		t := params.At(i).Type()
		if ptr, ok := t.(*types.Pointer); ok && program.IsError(ptr.Elem()) {
			return true
		}
		if !program.IsError(t) {
			continue // it does not decide whether the resource is released
		}
		if _, known := q.m.Known(st, q.m.IsNil(c.Args[i])); known {
			return true
		}
	}
	return false
}

// givenParent is a call that is given the conn or tx the resource occupies, and may end it.
func (q *question) givenParent(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if after, ok := q.enterSmall(st, c); ok {
		return after, true
	}
	for i, s := range c.Params() {
		if handleOf(s) != dataOf(st).parent {
			continue // another argument
		}
		class := q.p.Cat.Type(paramType(c, i))
		if class == nil {
			continue // an interface: what it does is not known
		}
		if out, ok := q.p.effect(c, i, "", *class); ok && obligation.Any(out, obligation.Released) {
			q.m.Unknown(st, c)
			change(st, func(h *hold) { h.status, h.excuse = obligation.Released, ConnGone })
			return []*flow.State{st}, true
		}
	}
	return nil, false
}

// paramType is the type of parameter i of the callee, the receiver being number 0 of a method.
func paramType(c *flow.Call, i int) types.Type {
	sig := c.Instr.Common().Signature()
	if c.Recv != nil {
		if i == 0 {
			if c.Object != nil && c.Object.Signature().Recv() != nil {
				return c.Object.Signature().Recv().Type()
			}
			return types.Typ[types.Invalid]
		}
		if c.Object != nil {
			sig = c.Object.Signature()
		}
		i--
	}
	if i >= sig.Params().Len() {
		return types.Typ[types.Invalid]
	}
	return sig.Params().At(i).Type()
}

// library is a call of a cataloged function that is given the resource as an argument.
func (q *question) library(st *flow.State, c *flow.Call, row *catalog.Row) []*flow.State {
	h := dataOf(st)
	switch {
	case row.Kind == catalog.Consume && row.Arg < len(c.Args) && reaches(st, c.Args[row.Arg]):
		return q.release(st, c)
	case catalog.Redirects(row):
		return q.redirect(st, c)
	case catalog.Drains(row) && c.Value() != nil:
		return q.drain(st, c)
	case row.Kind == catalog.Construct:
		return q.unknown(st, c) // a pool built on it owns it from now on
	case row.Kind == catalog.Neutral && row.Resource == catalog.Pool && h.class.Resource == catalog.Pool && row.Recv == "":
		q.m.Unknown(st, c)
		parts := q.m.ResultParts(c)
		if len(parts) > 0 {
			parts[0] = h.res // sqlx.NewDb: another name for the pool
		}
		q.m.SetResults(st, c, parts)
		return []*flow.State{st}
	}
	if row.Callback {
		if after, ok := q.runs(st, c); ok {
			return after
		}
	}
	return q.borrow(st, c)
}

// redirect is a call that makes a query run on the resource: whoever has the query has it.
func (q *question) redirect(st *flow.State, c *flow.Call) []*flow.State {
	q.m.Unknown(st, c)
	if parts := q.m.ResultParts(c); len(parts) == 1 {
		st.Put(flow.LocOf(parts[0]), dataOf(st).res)
		q.m.SetResults(st, c, parts)
	}
	return []*flow.State{st}
}

// drain is a call that reads rows to their end, if it returns no error.
func (q *question) drain(st *flow.State, c *flow.Call) []*flow.State {
	failed := st.Clone()
	q.m.Unknown(st, c)
	q.m.Unknown(failed, c)
	parts := q.m.ResultParts(c)
	q.m.Assume(st, q.m.IsNil(parts[len(parts)-1]), true)
	q.m.Assume(failed, q.m.IsNil(parts[len(parts)-1]), false)
	return []*flow.State{settle(st, obligation.Released), failed}
}

// runs is a call of a library's function that runs a literal and returns its error: BeginFunc, AcquireFunc. It returns nil
// only if the literal has run and returned nil. ok is false if the call is of another form.
func (q *question) runs(st *flow.State, c *flow.Call) (after []*flow.State, ok bool) {
	results := c.Instr.Common().Signature().Results()
	literal := slices.IndexFunc(c.Args, func(a *flow.Sym) bool { return a.Op == flow.OpClosure && reaches(st, a) })
	if literal < 0 || results.Len() != 1 || !program.IsError(results.At(0).Type()) {
		return nil, false
	}
	fn := c.Args[literal].Fn()
	if n := fn.Signature.Results().Len(); n != 1 || !program.IsError(fn.Signature.Results().At(0).Type()) {
		return nil, false
	}
	skipped := st.Clone()
	for _, e := range q.callOnce(st, c.Args[literal], fn, "1") {
		s := e.State
		if s.Panicking() || len(e.Results) == 0 {
			continue // the library lets the panic through
		}
		q.m.Unknown(s, c)
		if isNil, known := q.m.Known(s, q.m.IsNil(e.Results[0])); !known || !isNil {
			q.m.SetResult(s, c, e.Results[0])
		}
		after = append(after, s)
	}
	q.m.Unknown(skipped, c)
	q.m.Assume(skipped, q.m.IsNil(q.m.ResultParts(c)[0]), false) // it could not even begin
	return append(after, skipped), true
}

// borrow is a call that gives back what it is given. Function literals among the arguments may be run.
func (q *question) borrow(st *flow.State, c *flow.Call) []*flow.State {
	after := []*flow.State{st}
	for _, a := range c.Args {
		if a.Op != flow.OpClosure || !reaches(st, a) {
			continue // not a function that has the resource
		}
		for _, s := range q.callClosure(st.Clone(), a) {
			if !s.Panicking() {
				after = append(after, s)
			}
		}
	}
	for _, s := range after {
		q.m.Unknown(s, c)
	}
	return after
}

// unknown is a call of code that is not known: it may keep the resource. In strict mode it is taken to give it back.
func (q *question) unknown(st *flow.State, c *flow.Call) []*flow.State {
	if q.p.Cfg.Strict {
		return q.borrow(st, c)
	}
	if q.onlyUses(st, c) {
		return q.borrow(st, c)
	}
	q.m.Unknown(st, c)
	if class := dataOf(st).class; q.watched && (class.Resource == catalog.Tx || class.Resource == catalog.Conn) {
		return []*flow.State{st} // it is held all the same, until something in sight releases it
	}
	q.escapes = true
	return []*flow.State{settle(st, obligation.Escaped)}
}
