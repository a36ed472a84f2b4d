package release

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// question is one symbolic execution of one function, about one resource: one taken at a site in it, or one it is given.
type question struct {
	p    *Paths
	m    *flow.Machine
	fn   *ssa.Function
	site *Site // nil: about what the function is given

	moments Moments
	inside  []ssa.CallInstruction // declared functions that are being executed in place, outermost first
	watched bool                  // nothing matters but what happens while the resource is held

	losses   []Loss
	outcomes []obligation.Outcome
	methods  []fact.Method
	released bool // some path releases
	kept     bool // some path hands it on
	escapes  bool // a path gives it to a call of which nothing is known
	stored   bool // a path puts it into a map or a variable that outlives the call
	outside  bool // a path stores it in a variable of an enclosing function
	recovers bool // a deferred function of fn recovers
}

func (p *Paths) newQuestion(fn *ssa.Function, site *Site) *question {
	q := &question{p: p, fn: fn, site: site, recovers: recovers(fn)}
	q.m = flow.NewMachine(flow.Hooks{
		Call:  q.call,
		Leak:  q.leak,
		Store: q.store,
		Keep:  reaches,
		Stop:  q.stop,
		Wait:  q.wait,
	})
	return q
}

// askSite follows what the site takes until the function ends.
func (p *Paths) askSite(fn *ssa.Function, site *Site) *question {
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
func (p *Paths) askParam(fn *ssa.Function, v ssa.Value, path string, class catalog.Class) *question {
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

// Watch follows a connection, a transaction or rows that the function is given, for what it does meanwhile. An optional one is
// taken to be given.
func (p *Paths) Watch(fn *ssa.Function, v *ssa.Parameter, class catalog.Class) Moments {
	key := watchKey{v, class.Resource}
	if known, ok := p.watched[key]; ok {
		return known
	}
	q := p.newQuestion(fn, nil)
	q.watched = true
	res := q.m.New("given", v.Type())
	q.m.Run(fn, &hold{status: obligation.Held, class: class, res: res, parent: res}, func(st *flow.State) {
		st.Bind(v, res)
		q.m.Assume(st, q.m.IsNil(res), false)
	})
	p.watched[key] = q.moments
	return q.moments
}

// watchKey is a parameter, and what it is taken to be.
type watchKey struct {
	param *ssa.Parameter
	what  catalog.Resource
}

// Retrace follows what a site takes beyond calls of which nothing is known: whatever they do with it, it is held until it is
// released.
func (p *Paths) Retrace(fn *ssa.Function, site *Site) Moments {
	q := p.newQuestion(fn, site)
	q.watched = true
	q.m.Run(fn, &hold{}, nil)
	return q.moments
}

// stop ends a path on which nothing more can happen to the resource.
func (q *question) stop(st *flow.State) bool {
	h := dataOf(st)
	if h.loss != nil {
		q.losses = append(q.losses, *h.loss)
		return true
	}
	if q.site == nil {
		return q.watched && h.status != obligation.Held // else the conditions of the outcome are still to come
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
	switch in.(type) {
	case *ssa.MapUpdate, *ssa.Store:
		q.stored = q.stored || !q.outside
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
		switch ends, again := q.canceledAround(e.State); {
		case again:
			kind = UntilCancel
		case ends:
			excuse = EndsOnCtx
		default:
			excuse = q.txExcuse(e)
		}
	}
	loss := Loss{Kind: kind, Pos: exitPos(e.At, q.fn), At: e.At, Excuse: excuse}
	if h.started != nil {
		loss.Kind, loss.Pos = InGoroutine, h.started.Pos()
	}
	q.losses = append(q.losses, loss)
}

// txExcuse is the excuse for what was taken from a transaction that somebody else ends. database/sql closes it then. pgx
// does so only when it rolls back, which is what becomes of a transaction whose function returns an error.
func (q *question) txExcuse(e flow.Exit) Excuse {
	h := dataOf(e.State)
	if h.parent == nil || h.parent.T == nil {
		return NoExcuse
	}
	commit, rollback := q.p.Cat.Ends(h.parent.T, h.class.Resource)
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
	if n < 0 || n >= len(e.Results) || !program.IsError(results.At(n).Type()) {
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

// recovers reports whether a deferred function of fn that is in sight calls recover.
func recovers(fn *ssa.Function) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool {
		d, ok := in.(*ssa.Defer)
		return ok && d.Call.StaticCallee() != nil && program.HasInstr(d.Call.StaticCallee(), isRecover)
	})
}

func isRecover(in ssa.Instruction) bool {
	c, ok := in.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "recover"
}

// panics reports whether a function has a panic of its own, not one that ssa puts behind a call that ends the process.
func panics(fn *ssa.Function) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool {
		p, ok := in.(*ssa.Panic)
		return ok && p.Pos().IsValid()
	})
}
