package release

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// outcome describes an exit as the caller sees it.
func (q *question) outcome(e flow.Exit, status obligation.Status) obligation.Outcome {
	o := obligation.Outcome{Status: status}
	for i, s := range e.Results {
		if status == obligation.Held {
			q.placeOf(&o, e.State, i, s)
		}
		t := q.fn.Signature.Results().At(i).Type()
		if is, ok := q.isOf(e.State, s, t); ok {
			o.When = append(o.When, obligation.Cond{Of: obligation.Result, Index: i, Is: is})
		}
		o.When = append(o.When, q.fieldConds(e.State, i, s, t)...)
	}
	if status == obligation.Held {
		q.placesInParams(&o, e.State)
	}
	o.When = append(o.When, q.paramConds(e.State)...)
	if status == obligation.Held && q.site == nil && len(o.At) == 0 && len(o.Releasers) == 0 && q.returns(e.State, e.Results) {
		o.Status = obligation.Escaped
	}
	return o
}

// PlaceOf notes where in result i the resource is, or a function that releases it.
func (q *question) placeOf(o *obligation.Outcome, st *flow.State, i int, s *flow.Sym) {
	h := dataOf(st)
	for _, path := range pathsTo(st, s, func(v *flow.Sym) bool { return q.releases(st, v) }) {
		o.Releasers = append(o.Releasers, obligation.Place{Of: obligation.Result, Index: i, Path: path})
	}
	for _, path := range pathsTo(st, s, h.is) {
		o.At = append(o.At, obligation.Place{Of: obligation.Result, Index: i, Path: path})
		if t := q.fn.Signature.Results().At(i).Type(); path != "" && types.IsInterface(t) {
			q.noteMethods(s.T, t, path, h.class)
		}
	}
}

// releases reports whether calling a function value releases the resource on every path. A function that only uses it says
// nothing of who releases it.
func (q *question) releases(st *flow.State, s *flow.Sym) bool {
	return contains(dataOf(st).releasers, s) || s.Op == flow.OpClosure && obligation.All(q.calling(st, s), obligation.Released)
}

// noteMethods notes what the methods of an interface do, as the concrete type behind it is known here only.
func (q *question) noteMethods(concrete, iface types.Type, path string, class catalog.Class) {
	if concrete == nil || types.IsInterface(concrete) || q.site == nil {
		return // not known here either
	}
	for _, m := range program.InterfaceMethods(iface) {
		known := slices.ContainsFunc(q.methods, func(n fact.Method) bool { return n.Name == m.Name() && n.Path == path })
		if known {
			continue // another path through the function
		}
		if out, ok := q.p.methodEffect(concrete, m.Name(), path, class); ok {
			q.methods = append(q.methods, fact.Method{Name: m.Name(), Path: path, Outcomes: out})
		}
	}
}

// calling returns what becomes of the resource when a closure is called.
func (q *question) calling(st *flow.State, closure *flow.Sym) []obligation.Outcome {
	fn := closure.Fn()
	if fn == nil {
		return nil
	}
	var out []obligation.Outcome
	for _, s := range q.aside(func() []*flow.State { return q.callClosure(st.Clone(), closure) }) {
		if s.Panicking() {
			continue // who recovers is not known
		}
		status := dataOf(s).status
		if dataOf(s).excuse == NotHeld {
			status = obligation.Held // it found out that there was nothing to release, and released nothing
		}
		out = append(out, obligation.Outcome{Status: status})
	}
	return out
}

// isOf returns what is known of a symbol of type t that decides: its truth, or whether it is nil.
func (q *question) isOf(st *flow.State, s *flow.Sym, t types.Type) (is obligation.Is, known bool) {
	if b, ok := t.Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
		v, known := q.m.Known(st, s)
		if v {
			return obligation.True, known
		}
		return obligation.False, known
	}
	if !nillable(t) {
		return 0, false
	}
	isNil, known := q.m.Known(st, q.m.IsNil(s))
	if isNil {
		return obligation.Nil, known
	}
	return obligation.NotNil, known
}

// fieldConds is isOf for the errors and flags in a struct that is returned.
func (q *question) fieldConds(st *flow.State, i int, s *flow.Sym, t types.Type) []obligation.Cond {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []obligation.Cond
	for k := range fields.NumFields() {
		f := fields.Field(k).Type()
		if b, ok := f.Underlying().(*types.Basic); !program.IsError(f) && !(ok && b.Kind() == types.Bool) {
			continue // not what callers test
		}
		path := fmt.Sprintf(".%d", k)
		content := st.At(flow.Loc{Base: s, Path: path})
		if whole := st.At(flow.Loc{Base: s}); content == nil && whole != nil && whole.Op == flow.OpZero {
			content = q.m.Zero(f) // the literal does not name it
		}
		if content == nil {
			continue // not set here
		}
		if is, known := q.isOf(st, content, f); known {
			out = append(out, obligation.Cond{Of: obligation.Result, Index: i, Path: path, Is: is})
		}
	}
	return out
}

// placesInParams notes the parameters through which the caller gets at the resource after the call: an out parameter, or a
// receiver that keeps it.
func (q *question) placesInParams(o *obligation.Outcome, st *flow.State) {
	if q.site == nil {
		return // it came through a parameter
	}
	for i, v := range q.fn.Params {
		if path, ok := pathTo(st, q.m.Opaque(v, "", v.Type())); ok {
			o.At = append(o.At, obligation.Place{Of: obligation.Param, Index: i, Path: path})
		}
	}
}

// paramConds lists what the path has found out about parameters that the caller may know too.
func (q *question) paramConds(st *flow.State) []obligation.Cond {
	var out []obligation.Cond
	st.Conditions(func(cond *flow.Sym, val bool) {
		c := obligation.Cond{Of: obligation.Param, Is: obligation.False}
		subject := cond
		if cond.Op == flow.OpIsNil {
			subject, c.Is = cond.Args[0], obligation.NotNil
		}
		if val {
			c.Is = c.Is.Not()
		}
		if subject.Op == flow.OpLoad && subject.Tag == "" {
			subject, c.Of = subject.Args[0], obligation.Pointee
		}
		p := paramOf(subject)
		if p == nil || p.Parent() != q.fn {
			return // about something the caller does not see
		}
		c.Index = slices.Index(q.fn.Params, p)
		out = append(out, c)
	})
	return out
}

// guarded reports whether the path was chosen by a field of the receiver that it found as it is, or by a call on one (an
// atomic flag). A path that sets the flag itself is the one that has to release.
func (q *question) guarded(st *flow.State) bool {
	if q.fn.Signature.Recv() == nil || len(q.fn.Params) == 0 {
		return false
	}
	recv := q.fn.Params[0]
	found := false
	st.Conditions(func(cond *flow.Sym, _ bool) {
		found = found || cond.Mentions(func(s *flow.Sym) bool {
			switch {
			case s.Op == flow.OpLoad && s.Tag != "":
				of := paramOf(s.Args[0]) == recv || isPart(s.Args[0])
				return of && st.At(flow.Loc{Base: s.Args[0], Path: s.Tag}) == nil
			case s.Op == flow.OpOpaque:
				call, ok := s.V.(*ssa.Call)
				return ok && len(call.Call.Args) > 0 && fieldOf(call.Call.Args[0], recv)
			}
			return false
		})
	})
	return found
}

// fieldOf reports whether a value is the address of a field of v.
func fieldOf(x, v ssa.Value) bool {
	f, ok := x.(*ssa.FieldAddr)
	return ok && f.X == v
}

func nillable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return true
	}
	return false
}
