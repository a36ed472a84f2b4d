package summary

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// question is one symbolic execution of one function, about one resource: one taken at a site in it, or one it is given.
type question struct {
	p    *program
	m    *flow.Machine
	fn   *ssa.Function
	site *Site // nil: about what the function is given

	losses   []Loss
	outcomes []obligation.Outcome
	methods  []Method
	released bool // some path releases
	kept     bool // some path hands it on
	outside  bool // a path stores it in a variable of an enclosing function
	recovers bool // a deferred function of fn recovers
}

func (p *program) newQuestion(fn *ssa.Function, site *Site) *question {
	q := &question{p: p, fn: fn, site: site, recovers: recovers(fn)}
	q.m = flow.NewMachine(flow.Hooks{
		Call:  q.call,
		Leak:  q.leak,
		Store: q.store,
		Keep:  func(st *flow.State, s *flow.Sym) bool { return reaches(st, s) },
		Stop:  q.stop,
	})
	return q
}

// askSite follows what the site takes until the function ends.
func (p *program) askSite(fn *ssa.Function, site *Site) *question {
	q := p.newQuestion(fn, site)
	for _, e := range q.m.Run(fn, &hold{}, nil) {
		q.exit(e)
	}
	slices.SortFunc(q.losses, func(a, b Loss) int { return int(a.Pos) - int(b.Pos) })
	q.losses = slices.CompactFunc(q.losses, func(a, b Loss) bool { return a.Pos == b.Pos && a.Kind == b.Kind })
	q.outcomes = obligation.Normalize(q.outcomes)
	return q
}

// maxParamVisits bounds the work for one parameter: of a function that needs more, callers are told that they cannot know. In
// the real programs poolvet was tried on, those are the large methods of objects that keep a connection for life.
const maxParamVisits = 400

// askParam follows a resource that the function is given, at a path of a parameter or free variable.
func (p *program) askParam(fn *ssa.Function, v ssa.Value, path string, class catalog.Class) *question {
	q := p.newQuestion(fn, nil)
	q.m.KeepParams, q.m.MaxVisits = true, maxParamVisits
	res := q.m.New("given", v.Type())
	h := &hold{status: obligation.Held, class: class, res: res}
	if class.Resource == funcClass.Resource {
		h.releasers = []*flow.Sym{res}
	}
	exits := q.m.Run(fn, h, func(st *flow.State) {
		if path == "" {
			st.Bind(v, res)
			return
		}
		at := q.m.Opaque(v, "", v.Type())
		st.Bind(v, at)
		place(q.m, st, at, res, path)
	})
	for _, e := range exits {
		q.exit(e)
	}
	q.outcomes = obligation.Normalize(obligation.Guarded(q.outcomes))
	return q
}

// stop ends a path on which nothing more can happen to the resource.
func (q *question) stop(st *flow.State) bool {
	h := dataOf(st)
	if h.loss != nil {
		q.losses = append(q.losses, *h.loss)
		return true
	}
	if q.site == nil {
		return false // the conditions of the outcome are still to come
	}
	switch h.status {
	case obligation.Released:
		if h.excuse == NoExcuse {
			q.released = true
		}
		return true
	case obligation.Escaped:
		q.kept = true
		return true
	}
	return false
}

// leak is told when something becomes reachable from outside.
func (q *question) leak(st *flow.State, s *flow.Sym, in ssa.Instruction) {
	if dataOf(st).status != obligation.Held || !reaches(st, s) {
		return // not what the question is about
	}
	if store, ok := in.(*ssa.Store); ok {
		if q.site != nil && dataOf(st).class.Resource != catalog.Stmt && q.lent(st, store) {
			return // the caller has it when the function ends
		}
		if fv, ok := store.Addr.(*ssa.FreeVar); ok && fv.Parent() == q.fn {
			q.outside = true
		}
	}
	settle(st, obligation.Escaped)
}

// store is told of every store. A prepared statement that is put into a struct is kept for as long as the struct lives.
func (q *question) store(st *flow.State, l flow.Loc, s *flow.Sym, _ *ssa.Store) {
	h := dataOf(st)
	if h.status == obligation.Held && h.class.Resource == catalog.Stmt && l.Path != "" && h.is(s) {
		settle(st, obligation.Escaped)
	}
}

// lent reports whether a store puts the resource into an object of the caller's, from which this function may still take and
// release it.
func (q *question) lent(st *flow.State, store *ssa.Store) bool {
	base := flow.LocOf(q.m.Sym(st, store.Addr)).Base
	p := paramOf(base)
	return p != nil && p.Parent() == q.fn && q.fn.Parent() == nil
}

// exit looks at one way the function ends.
func (q *question) exit(e flow.Exit) {
	if e.At == nil || q.m.GaveUp {
		return // unwinding: the process ends unless a caller recovers
	}
	st, h := e.State, dataOf(e.State)
	if q.site == nil {
		o := q.outcome(e, h.status)
		o.Guarded = q.guarded(st)
		q.outcomes = append(q.outcomes, o)
		q.released = q.released || h.status == obligation.Released
		return
	}
	if h.status != obligation.Held {
		return // not taken on this path
	}
	o := q.outcome(e, obligation.Held)
	if len(o.At) > 0 || len(o.Releasers) > 0 {
		q.kept = true
		q.outcomes = append(q.outcomes, o)
		return
	}
	if q.returns(st, e.Results) || q.returns(st, q.params()) {
		q.kept = true
		return // the caller has it in a form that is not followed
	}
	if h.class.Resource == catalog.Conns && !h.touched && !q.site.Discarded {
		return // the slice may have been empty
	}
	if q.p.endsProcess(q.fn, h) {
		return // the connection ends with the process
	}
	kind := AtExit
	if _, ok := e.At.(*ssa.Return); !ok {
		kind = AtPanic
	}
	excuse := q.ctxExcuse(st)
	if excuse == NoExcuse {
		excuse = q.txExcuse(e)
	}
	q.losses = append(q.losses, Loss{Kind: kind, Pos: exitPos(e.At, q.fn), At: e.At, Excuse: excuse})
}

// txExcuse is the excuse for what was taken from a transaction that somebody else ends. database/sql closes it then. pgx
// does so only when it rolls back, which is what becomes of a transaction whose function returns an error.
func (q *question) txExcuse(e flow.Exit) Excuse {
	h := dataOf(e.State)
	if h.parent == nil || h.parent.T == nil {
		return NoExcuse
	}
	commit, rollback := q.p.cat.Ends(h.parent.T, h.class.Resource)
	switch {
	case commit == catalog.EndFrees:
		return TxEnds
	case rollback == catalog.EndDestroys && q.fails(e):
		return ConnGone
	}
	return NoExcuse
}

// fails reports whether the function certainly returns an error at this exit.
func (q *question) fails(e flow.Exit) bool {
	results := q.fn.Signature.Results()
	n := results.Len() - 1
	if n < 0 || n >= len(e.Results) || !isError(results.At(n).Type()) {
		return false
	}
	isNil, known := q.m.Known(e.State, q.m.IsNil(e.Results[n]))
	return known && !isNil
}

// params are the symbols of the parameters of the function.
func (q *question) params() []*flow.Sym {
	var out []*flow.Sym
	for _, p := range q.fn.Params {
		out = append(out, q.m.Opaque(p, "", p.Type()))
	}
	return out
}

// returns reports whether a result gives the caller access to the resource.
func (q *question) returns(st *flow.State, results []*flow.Sym) bool {
	return slices.ContainsFunc(results, func(s *flow.Sym) bool { return reaches(st, s) })
}

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

// placeOf notes where in result i the resource, or a function that releases it, is.
func (q *question) placeOf(o *obligation.Outcome, st *flow.State, i int, s *flow.Sym) {
	h := dataOf(st)
	if contains(h.releasers, s) {
		o.Releasers = append(o.Releasers, i)
		return
	}
	if s.Op == flow.OpClosure {
		if obligation.All(q.calling(st, s), obligation.Released) {
			o.Releasers = append(o.Releasers, i)
		}
		return // a function that only uses it says nothing of who releases it
	}
	if path, ok := pathTo(st, s); ok {
		o.At = append(o.At, obligation.Place{Of: obligation.Result, Index: i, Path: path})
		if t := q.fn.Signature.Results().At(i).Type(); path != "" && types.IsInterface(t) {
			q.noteMethods(s.T, t, path, h.class)
		}
	}
}

// noteMethods notes what the methods of an interface do, as the concrete type behind it is known here only.
func (q *question) noteMethods(concrete, iface types.Type, path string, class catalog.Class) {
	if concrete == nil || types.IsInterface(concrete) || q.site == nil {
		return // not known here either
	}
	for _, m := range interfaceMethods(iface) {
		known := slices.ContainsFunc(q.methods, func(n Method) bool { return n.Name == m.Name() && n.Path == path })
		if known {
			continue // another path through the function
		}
		if out, ok := q.p.methodEffect(concrete, m.Name(), path, class); ok {
			q.methods = append(q.methods, Method{m.Name(), path, out})
		}
	}
}

// calling returns what becomes of the resource when a closure is called.
func (q *question) calling(st *flow.State, closure *flow.Sym) []obligation.Outcome {
	fn := closure.Fn()
	if fn == nil {
		return nil
	}
	site := q.site
	q.site = nil // the exits are wanted, not the losses
	defer func() { q.site = site }()
	var out []obligation.Outcome
	for _, s := range q.callClosure(st.Clone(), closure) {
		if !s.Panicking() {
			out = append(out, obligation.Outcome{Status: dataOf(s).status})
		}
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
		if b, ok := f.Underlying().(*types.Basic); !isError(f) && !(ok && b.Kind() == types.Bool) {
			continue // not what callers test
		}
		path := fmt.Sprintf(".%d", k)
		content := st.At(flow.Loc{Base: s, Path: path})
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

// guarded reports whether the path was chosen by a field of the receiver, or by a call on one (an atomic flag).
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
				return paramOf(s.Args[0]) == recv
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

// exitPos is where a function ends: the return statement, or its closing brace.
func exitPos(in ssa.Instruction, fn *ssa.Function) token.Pos {
	if in.Pos().IsValid() {
		return in.Pos()
	}
	if syn := fn.Syntax(); syn != nil {
		return syn.End() - 1
	}
	return fn.Pos()
}

// recovers reports whether a deferred function literal of fn calls recover.
func recovers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			d, ok := in.(*ssa.Defer)
			if !ok {
				continue
			}
			if callee := d.Call.StaticCallee(); callee != nil && callsRecover(callee) {
				return true
			}
		}
	}
	return false
}

func callsRecover(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if c, ok := in.(*ssa.Call); ok {
				if bi, ok := c.Call.Value.(*ssa.Builtin); ok && bi.Name() == "recover" {
					return true
				}
			}
		}
	}
	return false
}

// panics reports whether a function has a panic of its own, not one that ssa puts behind a call that ends the process.
func panics(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if p, ok := in.(*ssa.Panic); ok && p.Pos().IsValid() {
				return true
			}
		}
	}
	return false
}
