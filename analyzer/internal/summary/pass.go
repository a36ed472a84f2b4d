package summary

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
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
	if c.Static != nil && c.Static.Parent() != nil {
		if after, ok := q.m.Enter(st, c); ok {
			return after, true
		}
		return q.unknown(st, c), true // recursion of a function literal
	}
	if row := q.p.cat.Func(c.Object); row != nil {
		return q.library(st, c, row), true
	}
	switch {
	case catalog.IsBorrower(c.Object):
		return q.borrow(st, c), true
	case c.Object == nil:
		return q.borrow(st, c), true // a function value of unknown origin borrows what it is given
	}
	if fn := c.Static; fn != nil && len(fn.Blocks) > 0 && len(fn.Blocks) <= maxInline {
		if after, ok := q.m.Enter(st, c); ok {
			return after, true
		}
	}
	return q.byEffect(st, c), true
}

// unrelated is a call that is not given the resource. It may still end the parent, or change what the path knows.
func (q *question) unrelated(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	h := dataOf(st)
	if c.Mode == flow.Go {
		return nil, false // it cannot touch the resource
	}
	if fn := c.Static; fn != nil && (fn.Parent() != nil || st.Panicking()) {
		return q.m.Enter(st, c) // a literal sees the variables around it; a deferred function may recover
	}
	if h.parent != nil && slices.ContainsFunc(c.Symbols(), func(s *flow.Sym) bool { return handleOf(s) == h.parent }) {
		return q.givenParent(st, c)
	}
	if fn := c.Static; fn != nil && len(fn.Blocks) > 0 && len(fn.Blocks) <= maxInline && q.matters(st, c) {
		return q.m.Enter(st, c)
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
		if ptr, ok := t.(*types.Pointer); ok && isError(ptr.Elem()) {
			return true
		}
		if !isError(t) {
			continue // it does not decide whether the resource is released
		}
		if _, known := q.m.Known(st, q.m.IsNil(c.Args[i])); known {
			return true
		}
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// givenParent is a call that is given the conn or tx the resource occupies, and may end it.
func (q *question) givenParent(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if fn := c.Static; fn != nil && len(fn.Blocks) > 0 && len(fn.Blocks) <= maxInline {
		if after, ok := q.m.Enter(st, c); ok {
			return after, true
		}
	}
	for i, s := range c.Params() {
		if handleOf(s) != dataOf(st).parent {
			continue // another argument
		}
		class := q.p.cat.Type(paramType(c, i))
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

// library is a call of a catalogued function that is given the resource as an argument.
func (q *question) library(st *flow.State, c *flow.Call, row *catalog.Row) []*flow.State {
	h := dataOf(st)
	switch {
	case row.Kind == catalog.Consume && row.Arg < len(c.Args) && reaches(st, c.Args[row.Arg]):
		return q.release(st, c)
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
	return q.borrow(st, c)
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
	if q.p.cfg.Strict {
		return q.borrow(st, c)
	}
	if q.onlyUses(st, c) {
		return q.borrow(st, c)
	}
	q.m.Unknown(st, c)
	return []*flow.State{settle(st, obligation.Escaped)}
}

// onlyUses reports whether all the callee gets of the resource are function literals that use it without releasing or
// storing it: whoever runs them, the resource stays where it is.
func (q *question) onlyUses(st *flow.State, c *flow.Call) bool {
	for _, s := range c.Symbols() {
		if !reaches(st, s) {
			continue
		}
		if s.Op != flow.OpClosure || !obligation.All(q.calling(st, s), obligation.Held) {
			return false
		}
	}
	return true
}

// goroutine is a go statement that is given the resource. If the goroutine releases it, it has taken it over.
func (q *question) goroutine(st *flow.State, c *flow.Call) []*flow.State {
	run := *c
	run.Mode = flow.Normal
	site := q.site
	q.site = nil // the states after it are wanted
	after, known := q.pass(st.Clone(), &run)
	q.site = site
	var out []obligation.Outcome
	for _, s := range after {
		if !s.Panicking() {
			out = append(out, obligation.Outcome{Status: dataOf(s).status})
		}
	}
	switch {
	case known && obligation.All(out, obligation.Held):
		return []*flow.State{st} // it only uses it
	case known && obligation.All(out, obligation.Released):
		return []*flow.State{settle(st, obligation.Released)}
	case known && obligation.Any(out, obligation.Released) && !obligation.Any(out, obligation.Escaped):
		q.lose(st, InGoroutine, c.Instr)
		q.released = true
		return []*flow.State{st}
	}
	return []*flow.State{settle(st, obligation.Escaped)} // released on some of its paths, or kept
}

// callClosure runs a closure with unknown arguments. The body of a range over a function is run up to twice, as its variables
// may carry something from one iteration to the next.
func (q *question) callClosure(st *flow.State, closure *flow.Sym) []*flow.State {
	fn := closure.Fn()
	if fn == nil {
		return nil
	}
	out := q.callOnce(st, closure, fn, "1")
	if fn.Synthetic != "range-over-func yield" {
		return states(out)
	}
	all := out
	for _, e := range out {
		if e.State.Panicking() || len(e.Results) == 0 {
			continue // the loop is left
		}
		if more, known := q.m.Known(e.State, e.Results[0]); known && !more {
			continue // break, return
		}
		all = append(all, q.callOnce(e.State.Clone(), closure, fn, "2")...)
	}
	return states(all)
}

func states(exits []flow.Exit) []*flow.State {
	var out []*flow.State
	for _, e := range exits {
		out = append(out, e.State)
	}
	return out
}

func (q *question) callOnce(st *flow.State, closure *flow.Sym, fn *ssa.Function, round string) []flow.Exit {
	var args, free []*flow.Sym
	bound := fn.Parent() == nil // a bound method: its free variable is the receiver
	for _, p := range fn.Params {
		args = append(args, q.m.Opaque(p, "call"+round, p.Type()))
	}
	free = closure.Args
	if len(fn.FreeVars) == 0 && !bound {
		free = nil
	}
	exits, ok := q.m.Inline(st, fn, args, free)
	if !ok {
		return []flow.Exit{{State: settle(st, obligation.Escaped)}} // recursion, or a wrapper without a body
	}
	return exits
}

// byEffect decides a call by what is known of the callee.
func (q *question) byEffect(st *flow.State, c *flow.Call) []*flow.State {
	h := dataOf(st)
	var outcomes []obligation.Outcome
	found := false
	for i, s := range c.Params() {
		if !reaches(st, s) {
			continue // another argument
		}
		var out []obligation.Outcome
		ok := false
		if path, at := pathTo(st, s); at {
			if out, ok = q.byMethod(c, i, path); !ok {
				out, ok = q.p.effect(c, i, path, h.class)
			}
		} else if contains(h.releasers, s) || s.Op == flow.OpClosure && obligation.All(q.calling(st, s), obligation.Released) {
			out, ok = q.p.effect(c, i, "", funcClass)
		}
		if !ok || found {
			return q.unknown(st, c) // nothing is known of the callee, or it has it twice
		}
		outcomes, found = out, true
	}
	if !found || q.callbackKeeps(st, c) {
		return q.unknown(st, c) // it is reachable in a way that is not followed
	}
	return q.apply(st, c, outcomes)
}

// callbackKeeps reports whether a function that the callee is given along with the resource, and may give it to, does more
// than use it.
func (q *question) callbackKeeps(st *flow.State, c *flow.Call) bool {
	res := dataOf(st).res
	for _, a := range c.Args {
		fn := a.Fn()
		if fn == nil || fn.Pkg != q.p.pkg || res.T == nil {
			continue // not a function, or not one in sight
		}
		for i, p := range fn.Params {
			if !types.Identical(p.Type(), res.T) {
				continue // it cannot be given the resource here
			}
			if !obligation.All(q.p.effectOf(fn, i, "", dataOf(st).class), obligation.Held) {
				return true
			}
		}
	}
	return false
}

// byMethod is the effect of a method of an interface that the site's function has returned: which type is behind it was seen
// there.
func (q *question) byMethod(c *flow.Call, i int, path string) ([]obligation.Outcome, bool) {
	if q.site == nil || q.site.owned == nil || i != 0 || c.Static != nil || c.Object == nil {
		return nil, false
	}
	for _, m := range q.site.owned.Methods {
		if m.Name == c.Object.Name() && m.Path == path {
			return m.Outcomes, true
		}
	}
	return nil, false
}

// apply splits the state by the outcomes of a call.
func (q *question) apply(st *flow.State, c *flow.Call, outcomes []obligation.Outcome) []*flow.State {
	var after []*flow.State
	for _, o := range outcomes {
		s := st.Clone()
		if !q.possible(s, c, o) {
			continue // the path knows better
		}
		q.m.Unknown(s, c)
		parts := q.m.ResultParts(c)
		q.bind(s, c, parts, o, dataOf(s).res)
		settle(s, o.Status)
		if q.results(s, parts, o) {
			after = append(after, s)
		}
	}
	return after
}

// bind puts the resource where an outcome says that the results lead to it.
func (q *question) bind(st *flow.State, c *flow.Call, parts []*flow.Sym, o obligation.Outcome, res *flow.Sym) {
	for _, p := range o.At {
		switch {
		case p.Of == obligation.Result && p.Index < len(parts) && p.Path == "":
			parts[p.Index] = res
		case p.Of == obligation.Result && p.Index < len(parts):
			place(q.m, st, parts[p.Index], res, p.Path)
		case p.Of == obligation.Param && p.Index < len(c.Params()):
			q.keep(st, c.Params()[p.Index], res, p.Path)
		}
	}
	for _, r := range o.Releasers {
		if r < len(parts) {
			change(st, func(h *hold) { h.releasers = append(slices.Clip(h.releasers), parts[r]) })
		}
	}
	q.m.SetResults(st, c, parts)
}

// keep puts the resource into an object that the call was given. If that is not an object of this function, or one that the
// caller of this function has given it, whoever owns it owes the release.
func (q *question) keep(st *flow.State, object, res *flow.Sym, path string) {
	base := flow.LocOf(object).Base
	p := paramOf(base)
	if !base.IsLocal() && (p == nil || p.Parent() != q.fn) {
		settle(st, obligation.Escaped)
		return
	}
	place(q.m, st, object, res, path)
}

// possible records what an outcome says of the arguments; false if it cannot be.
func (q *question) possible(st *flow.State, c *flow.Call, o obligation.Outcome) bool {
	params := c.Params()
	for _, w := range o.When {
		if w.Of == obligation.Result || w.Index >= len(params) {
			continue // said of the results later
		}
		s := params[w.Index]
		if w.Of == obligation.Pointee {
			if s = st.At(flow.LocOf(s)); s == nil {
				continue // the variable is not in sight
			}
		}
		if !q.assume(st, s, w.Is) {
			return false
		}
	}
	return true
}

// results records what an outcome says of the results; false if it cannot be.
func (q *question) results(st *flow.State, parts []*flow.Sym, o obligation.Outcome) bool {
	for _, w := range o.When {
		if w.Of != obligation.Result || w.Index >= len(parts) {
			continue // said of the arguments before
		}
		s := parts[w.Index]
		if w.Path != "" {
			at := flow.Loc{Base: s, Path: w.Path}
			if s = st.At(at); s == nil {
				s = q.field(at, w.Is)
				st.Put(at, s)
			}
		}
		if !q.assume(st, s, w.Is) {
			return false
		}
	}
	return true
}

// field is a symbol for a field of a result, of which an outcome says something.
func (q *question) field(at flow.Loc, is obligation.Is) *flow.Sym {
	switch is {
	case obligation.Nil:
		return q.m.Nil()
	case obligation.True, obligation.False:
		return q.m.Bool(is == obligation.True)
	}
	return q.m.Inside(at.Base, at.Path)
}

func (q *question) assume(st *flow.State, s *flow.Sym, is obligation.Is) bool {
	switch is {
	case obligation.Nil, obligation.NotNil:
		return q.m.Assume(st, q.m.IsNil(s), is == obligation.Nil)
	}
	return q.m.Assume(st, s, is == obligation.True)
}
