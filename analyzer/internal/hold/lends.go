package hold

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// LendsOf lists what a function of this package lends. In a recursion it returns what is known so far.
func (h *Finder) LendsOf(fn *ssa.Function) []fact.Lend {
	if known, ok := h.lends[fn]; ok {
		return known
	}
	h.lends[fn] = nil
	if !takesFunctions(fn.Signature) && !h.returnsFunction(fn) {
		return nil // it can run nobody else's
	}
	var out []fact.Lend
	add := func(l fact.Lend, k take.Taking) {
		k.Handle = program.ParamOf(fn, h.outward(fn, k.HandleValue))
		l.Take = k.Take
		if !slices.ContainsFunc(out, func(o fact.Lend) bool {
			return o.Param == l.Param && o.Method == l.Method && o.Returned == l.Returned && o.Take.Handle == l.Take.Handle && o.Take.Pool == l.Take.Pool
		}) {
			out = append(out, l)
		}
	}
	for _, f := range program.Family(fn) {
		h.heldIn(f, func(k take.Taking, call ssa.CallInstruction) {
			for i, p := range fn.Params {
				if method, ok := h.runsParam(call, p); ok {
					add(fact.Lend{Param: i, Method: method}, k)
				}
			}
			if f.Parent() == fn && slices.Contains(h.returnedLiterals(fn), f) || call.Parent().Parent() == fn {
				for i, p := range call.Parent().Params {
					if method, ok := h.runsParam(call, p); ok && slices.Contains(h.returnedLiterals(fn), call.Parent()) {
						add(fact.Lend{Param: i, Method: method, Returned: true}, k)
					}
				}
			}
		})
	}
	h.lends[fn] = out
	return out
}

// takesFunctions reports whether some parameter is a function, or an interface whose methods may be run.
func takesFunctions(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		switch p.Type().Underlying().(type) {
		case *types.Signature:
			return true
		case *types.Interface:
			if !program.IsContext(p.Type()) {
				return true
			}
		}
	}
	return false
}

func (h *Finder) returnsFunction(fn *ssa.Function) bool { return len(h.returnedLiterals(fn)) > 0 }

// returnedLiterals lists the literals of a function that it returns.
func (h *Finder) returnedLiterals(fn *ssa.Function) []*ssa.Function {
	var out []*ssa.Function
	for _, r := range program.Returned(fn) {
		if f := program.Literal(h.Plain(r)); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// outward is the variable of fn that a value of one of its literals is of.
func (h *Finder) outward(fn *ssa.Function, v ssa.Value) ssa.Value {
	if in, ok := v.(ssa.Instruction); !ok || in.Parent() == fn {
		if fv, captured := v.(*ssa.FreeVar); !captured || fv.Parent() == fn {
			return v
		}
	}
	for range program.MaxUses * 2 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.FreeVar:
			bound := program.Bindings(x)
			if len(bound) == 0 {
				return v
			}
			v = bound[0]
		default:
			return v
		}
	}
	return v
}

// runsParam reports whether a call runs a parameter, or a method of it, or hands it to a function that does.
func (h *Finder) runsParam(call ssa.CallInstruction, p *ssa.Parameter) (method string, ok bool) {
	common := call.Common()
	if _, isGo := call.(*ssa.Go); isGo {
		return "", false
	}
	if h.IsParam(common.Value, p) {
		if common.IsInvoke() {
			if program.IsContext(p.Type()) || h.Cat.Type(p.Type()) != nil || h.RowOf(common.Method, call) != nil {
				return "", false // a context, or a handle
			}
			return common.Method.Name(), true
		}
		return "", true
	}
	for i, a := range common.Args {
		if _, isFunc := a.Type().Underlying().(*types.Signature); isFunc && h.IsParam(a, p) && h.runsNow(call, i) {
			return "", true
		}
	}
	return "", false
}

// heldIn calls yield for every call that is made while fn holds a connection that it has taken, or while a call in it holds one
// and runs a literal of fn.
func (h *Finder) heldIn(fn *ssa.Function, yield func(take.Taking, ssa.CallInstruction)) {
	for _, site := range h.paths.SitesOf(fn) {
		if site.Holds == catalog.Server || site.Holds == catalog.Nothing || len(site.Moments.All) == 0 {
			continue // nothing is held, or nothing is done meanwhile
		}
		k, ok := h.takenBy(site.Call)
		if !ok {
			continue // it occupies what its caller holds
		}
		k.What = site.Class.Resource
		for _, m := range site.Moments.Sorted() {
			if call, isCall := m.At.(ssa.CallInstruction); isCall {
				yield(k, call)
			}
		}
	}
	for call := range program.CallsOf(fn) {
		if obj, _ := program.Callee(call); take.HoldsReceiver(h.Cat.Func(obj)) {
			if k, ok := h.takenBy(call); ok {
				k.What = catalog.Tx
				for inner := range h.between(call, origin.Given(call)[0], endsTx) {
					yield(k, inner)
				}
			}
		}
		for i, a := range call.Common().Args {
			for _, k := range h.heldFor(call, i) {
				if lit := program.Literal(a); lit != nil {
					h.runIn(lit, func(inner ssa.CallInstruction) { yield(k, inner) })
				} else {
					yield(k, call) // the argument may be a parameter
				}
			}
		}
	}
}

// runIn calls yield for every call that a literal makes before it returns, also in the literals that it calls, defers or gives to
// what runs them at once. Those that it stores or starts in goroutines run when they like.
func (h *Finder) runIn(fn *ssa.Function, yield func(ssa.CallInstruction)) {
	for call := range program.CallsOf(fn) {
		if _, isGo := call.(*ssa.Go); isGo {
			continue // in a goroutine
		}
		yield(call)
		if inner := program.LiteralCalled(call); inner != nil {
			h.runIn(inner, yield)
		}
		for i, a := range call.Common().Args {
			if inner := program.Literal(a); inner != nil && h.runsNow(call, i) {
				h.runIn(inner, yield)
			}
		}
	}
}

// takenBy is the connection that a call takes for itself.
func (h *Finder) takenBy(call ssa.CallInstruction) (take.Taking, bool) {
	for _, k := range h.ByCallee(call) {
		if !k.Spawned {
			return k, !k.Busy
		}
	}
	return take.Taking{}, false
}

// heldFor lists the connections that the callee of a call holds while it runs argument i, as ssa counts.
func (h *Finder) heldFor(call ssa.CallInstruction, i int) []take.Taking {
	if _, isGo := call.(*ssa.Go); isGo {
		return nil // somebody else waits then
	}
	obj, _ := h.Callee(call)
	if row := h.Cat.Func(obj); row != nil {
		if row.Callback && row.Kind != catalog.Consume {
			return slices.DeleteFunc(h.ByRow(call, row), func(k take.Taking) bool { return k.Busy })
		}
		return nil // what a consumer of rows holds is held before
	}
	var out []take.Taking
	at, lends := h.lentAt(call, i)
	for _, l := range lends {
		if k, ok := h.Mapped(at, l.Take); ok && !k.Busy {
			out = append(out, k)
		}
	}
	return out
}

// lentAt lists what is lent to argument i of a call, as ssa counts, and the call that gives the pool: that which has returned
// the function, for a function value.
func (h *Finder) lentAt(call ssa.CallInstruction, i int) (ssa.CallInstruction, []fact.Lend) {
	at, returned := call, false
	obj, _ := h.Callee(call)
	if obj == nil && program.LiteralCalled(call) == nil {
		made, ok := h.Plain(call.Common().Value).(*ssa.Call)
		if !ok {
			return call, nil // it may be anything
		}
		at, returned = made, true
	}
	if call.Common().IsInvoke() {
		i++
	}
	lends := slices.Clone(h.lendsBy(at))
	return at, slices.DeleteFunc(lends, func(l fact.Lend) bool { return l.Param != i || l.Returned != returned })
}

// lendsBy is what the callee of a call lends.
func (h *Finder) lendsBy(call ssa.CallInstruction) []fact.Lend {
	obj, fn := h.Callee(call)
	switch {
	case h.Analyzed(fn):
		return h.LendsOf(fn)
	case call.Common().IsInvoke():
		return h.lendsBehind(obj)
	}
	return h.importedLends(obj)
}

func (h *Finder) importedLends(obj *types.Func) []fact.Lend {
	if f := h.Facts.Func(obj); f != nil {
		return f.Lends
	}
	return nil
}

// lendsBehind is what the visible implementations of an interface's method lend.
func (h *Finder) lendsBehind(m *types.Func) []fact.Lend {
	for _, impl := range h.Implementations(m) {
		var lends []fact.Lend
		if impl.Fact != nil {
			lends = impl.Fact.Lends
		} else if fn := h.Own(impl.Fn); fn != nil {
			lends = h.LendsOf(fn)
		}
		if len(lends) == 0 {
			continue
		}
		out := slices.Clone(lends)
		for i := range out {
			out[i].Take.Assumed = true
			if out[i].Take.Handle == 0 {
				out[i].Take.Handle = -1 // the type behind the interface is not known
			}
		}
		return out
	}
	return nil
}

// runsNow reports whether the callee of a call runs argument i before it returns, as ssa counts.
func (h *Finder) runsNow(call ssa.CallInstruction, i int) bool {
	obj, _ := h.Callee(call)
	if catalog.RunsOnce(obj) || catalog.RunsArgument(obj) {
		return true
	}
	if row := h.Cat.Func(obj); row != nil {
		return row.Callback
	}
	if slices.ContainsFunc(h.RunsBy(call, i), func(r fact.ParamRun) bool { return !r.Go && r.Entry == "" }) {
		return true
	}
	return len(h.heldFor(call, i)) > 0
}
