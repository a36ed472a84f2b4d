package release

import (
	"go/types"
	"slices"

	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// byEffect decides a call by what is known of the callee.
func (q *question) byEffect(st *flow.State, c *flow.Call) []*flow.State {
	var outcomes []obligation.Outcome
	found := false
	for i, s := range c.Params() {
		if !reaches(st, s) {
			continue // another argument
		}
		out, ok := q.effectThrough(st, c, i, s)
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

// effectThrough is the effect of a call on what it is given as parameter i. Where that leads to the resource in several
// ways, as in a struct with a tx and the queries made from it, a release in one way is a release.
func (q *question) effectThrough(st *flow.State, c *flow.Call, i int, s *flow.Sym) (best []obligation.Outcome, ok bool) {
	consider := func(out []obligation.Outcome, known bool) {
		if known && (best == nil || rank(out) > rank(best)) {
			best, ok = out, true
		}
	}
	h := dataOf(st)
	for _, path := range pathsTo(st, s, h.is) {
		if out, known := q.byMethod(c, i, path); known {
			consider(out, true)
			continue
		}
		if path != "" && q.standsIn(c, i, s, path, h.class) {
			consider(q.p.effect(c, i, "", h.class))
			continue
		}
		consider(q.p.effect(c, i, path, h.class))
	}
	for _, path := range pathsTo(st, s, func(v *flow.Sym) bool { return q.releases(st, v) }) {
		consider(q.p.effect(c, i, path, funcClass))
	}
	return best, ok
}

// rank orders effects by how much they say.
func rank(out []obligation.Outcome) int {
	switch {
	case obligation.Any(out, obligation.Released):
		return 2
	case obligation.Any(out, obligation.Escaped):
		return 1
	}
	return 0
}

// callbackKeeps reports whether a function that the callee is given along with the resource, and may give it to, does more
// than use it.
func (q *question) callbackKeeps(st *flow.State, c *flow.Call) bool {
	res := dataOf(st).res
	for _, a := range c.Args {
		fn := a.Fn()
		if fn == nil || fn.Pkg != q.p.Pkg || res.T == nil {
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
		if r.Index >= len(parts) {
			continue // the facts are of another version
		}
		fn := parts[r.Index]
		if r.Path != "" {
			fn = q.m.New("release"+r.Path, nil)
			place(q.m, st, parts[r.Index], fn, r.Path)
		}
		change(st, func(h *hold) { h.releasers = append(slices.Clip(h.releasers), fn) })
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
