package release

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// acquire executes the site of the question. Each time the site is reached, one path follows what it takes now and another
// skips it, to follow what a later iteration takes; so every instance is followed by some path.
func (q *question) acquire(st *flow.State, c *flow.Call) []*flow.State {
	if dataOf(st).status != obligation.None {
		return q.again(st, c)
	}
	var after []*flow.State
	if q.m.Depth() > 1 || q.m.InCycle(c.Instr) {
		skip := st.Clone()
		q.m.Unknown(skip, c)
		after = append(after, skip)
	}
	for _, o := range q.site.outcomes() {
		s := st.Clone()
		if q.take(s, c, o) {
			after = append(after, s)
		}
	}
	return after
}

// outcomes are the ways in which the site leaves the resource with its caller.
func (s *Site) outcomes() []obligation.Outcome {
	if s.owned != nil {
		return s.owned.Outcomes
	}
	o := obligation.Outcome{Status: obligation.Held, At: []obligation.Place{{Index: s.Row.Result}}}
	sig := s.Call.Common().Signature()
	if n := sig.Results().Len(); n > 1 && s.Row.NothingOnErr {
		o.When = []obligation.Cond{{Index: n - 1, Is: obligation.Nil}}
	}
	if path, _ := errorField(sig, s.Row); path != "" {
		o.When = append(o.When, obligation.Cond{Index: s.Row.Result, Path: path, Is: obligation.Nil})
	}
	return []obligation.Outcome{o}
}

// errorField returns where in the first result of a library's function the error is, for one that returns it there; empty if
// it does not.
func errorField(sig *types.Signature, row *catalog.Row) (string, types.Type) {
	if row.ErrField == "" || sig.Results().Len() == 0 {
		return "", nil
	}
	t := sig.Results().At(0).Type()
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return "", nil
	}
	for i := range fields.NumFields() {
		if fields.Field(i).Name() == row.ErrField {
			return fmt.Sprintf(".%d", i), fields.Field(i).Type()
		}
	}
	return "", nil
}

// take makes the state hold what the site takes. It returns false if that outcome cannot be.
func (q *question) take(st *flow.State, c *flow.Call, o obligation.Outcome) bool {
	if !q.possible(st, c, o) {
		return false
	}
	q.m.Unknown(st, c)
	parts := q.m.ResultParts(c)
	res := q.m.New("resource", heldType(c, o))
	site := q.site
	change(st, func(h *hold) {
		h.status, h.class, h.res = obligation.Held, site.Class, res
		h.parent, h.ctx = site.parent(c), site.context(c)
		for _, a := range c.Args {
			if contains(h.begun, a) {
				site.Begun = true
				h.class = catalog.Class{Resource: catalog.Batch, Freed: []catalog.Event{{Method: "Commit"}, {Method: "Rollback"}}}
			}
		}
	})
	for _, w := range o.When {
		if w.Of == obligation.Result && w.Path == "" && w.Is == obligation.Nil && w.Index < len(parts) {
			parts[w.Index] = q.m.Nil() // every copy of it is nil, too
		}
	}
	q.bind(st, c, parts, o, res)
	return q.results(st, parts, o)
}

// heldType is the type of what an outcome leaves in a result, nil if it is inside something else.
func heldType(c *flow.Call, o obligation.Outcome) types.Type {
	results := c.Instr.Common().Signature().Results()
	if len(o.At) == 0 || o.At[0].Of != obligation.Result || o.At[0].Path != "" || o.At[0].Index >= results.Len() {
		return nil
	}
	return results.At(o.At[0].Index).Type()
}

// parent is the conn or tx that what the site takes will occupy, nil if it has a connection of its own.
func (s *Site) parent(c *flow.Call) *flow.Sym {
	if s.owned != nil {
		return paramAt(c, s.owned.Parent)
	}
	switch {
	case s.Holds != catalog.Parent && s.Holds != catalog.SlotIfPool:
		return nil
	case s.Row.Handle > 0 && s.Row.Handle <= len(c.Args):
		return handleOf(c.Args[s.Row.Handle-1])
	}
	return handleOf(c.Recv)
}

// context is the context that ends what the site takes, nil if none does.
func (s *Site) context(c *flow.Call) *flow.Sym {
	switch {
	case !s.CtxFrees:
		return nil
	case s.owned != nil:
		return paramAt(c, s.owned.Ctx)
	}
	return contextArg(c)
}

func paramAt(c *flow.Call, i int) *flow.Sym {
	if params := c.Params(); i >= 0 && i < len(params) {
		return handleOf(params[i])
	}
	return nil
}

// again is the site reached while what it took before is still held.
func (q *question) again(st *flow.State, c *flow.Call) []*flow.State {
	if dataOf(st).status != obligation.Held {
		q.m.Unknown(st, c)
		return []*flow.State{st}
	}
	if at, ok := q.deferredRelease(st, c.Instr.Parent()); ok {
		change(st, func(h *hold) {
			h.loss = &Loss{Kind: DeferInLoop, Pos: c.Instr.Pos(), At: c.Instr, Release: at.Pos(), Excuse: q.ctxExcuse(st)}
		})
		return []*flow.State{st}
	}
	if !q.referred(st) {
		kind := Overwritten
		h := dataOf(st)
		alone := h.parent == nil || q.site.Holds == catalog.SlotIfPool // it has a connection of its own
		if h.ctx != nil && alone && q.releasedAtReturn(st, c.Instr.Parent()) {
			kind = UntilCancel
		}
		q.lose(st, kind, c.Instr)
		return []*flow.State{st}
	}
	q.m.Unknown(st, c)
	return []*flow.State{st}
}

// deferredRelease finds the deferred call of fn that will release the resource on every path.
func (q *question) deferredRelease(st *flow.State, fn *ssa.Function) (ssa.Instruction, bool) {
	for _, d := range st.Deferred(fn) {
		if !q.reachesAny(st, d.Call) || !q.m.InCycle(d.Call.Instr) {
			continue // it has nothing to do with the resource, or releases all that were collected
		}
		return d.Call.Instr, q.releasedAtReturn(st, fn)
	}
	return nil, false
}

// releasedAtReturn reports whether the deferred calls of fn release the resource on every path.
func (q *question) releasedAtReturn(st *flow.State, fn *ssa.Function) bool {
	return obligation.All(statuses(q.aside(func() []*flow.State { return q.m.RunDeferred(st, fn) })), obligation.Released)
}

// referred reports whether anything still leads to the resource.
func (q *question) referred(st *flow.State) bool {
	return st.Refers(func(s *flow.Sym) bool { return reaches(st, s) })
}
