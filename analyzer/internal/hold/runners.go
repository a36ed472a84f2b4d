package hold

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// byRunners looks at the functions that are run by callees that hold a connection meanwhile.
func (h *Finder) byRunners(fn *ssa.Function) {
	for call := range program.CallsOf(fn) {
		obj, _ := program.Callee(call)
		if row := h.Cat.Func(obj); row != nil && catalog.RunsInBatch(row) {
			held := h.batchOf(call)
			for _, a := range call.Common().Args {
				h.given(held, call, a)
			}
			continue
		}
		for i, a := range call.Common().Args {
			for _, k := range h.heldFor(call, i) {
				if h.txByName(k.HandleValue) {
					continue // a savepoint
				}
				at, _ := h.lentAt(call, i)
				held := holding{Holder: Holder{Runner: at, Resource: k.What}, pool: h.RefOf(k), known: true}
				h.given(held, call, a)
			}
		}
	}
}

// batchOf is the connection of the batch that a function is registered with, if the same function sends it: otherwise it may be any
// of the kind.
func (h *Finder) batchOf(call ssa.CallInstruction) holding {
	held := holding{Holder: Holder{Runner: call, Resource: catalog.Batch}, pool: handle.Ref{Kind: h.FamilyOfType(origin.Given(call)[0].Type())}}
	queued := program.ResultOf(origin.Given(call)[0])
	if queued == nil {
		return held // a parameter, a variable
	}
	if obj, _ := program.Callee(queued); obj == nil || obj.Name() != "Queue" || h.Cat.Func(obj) == nil {
		return held // what a function of the program's own returns
	}
	for send := range program.CallsOf(call.Parent()) {
		obj, _ := program.Callee(send)
		row := h.Cat.Func(obj)
		if row == nil || row.Func != "SendBatch" || !slices.ContainsFunc(send.Common().Args, func(a ssa.Value) bool {
			return h.SameValue(a, origin.Given(queued)[0], program.MaxUses)
		}) {
			continue // another batch
		}
		if k, ok := h.takenBy(send); ok {
			held.pool, held.known = h.RefOf(k), true
		}
	}
	return held
}

// given looks at a function, or at something with methods, that a call is given and runs while a connection is held.
func (h *Finder) given(held holding, call ssa.CallInstruction, v ssa.Value) {
	if fn := program.Literal(v); fn != nil {
		h.body(h.byName(held, fn), fn)
		return
	}
	if made, ok := h.Plain(v).(*ssa.Call); ok {
		h.madeBy(held, call, made)
		return
	}
	for _, obj := range h.Named(v) {
		if h.isTold(obj) {
			continue // it is looked at by itself
		}
		for _, k := range h.takesOf(obj) {
			if k.Busy || k.Spawned || k.Either || k.Handle > 0 {
				continue // it uses what it is given, or finds it in the context
			}
			k.Chain = append([]string{obj.Name()}, k.Chain...)
			h.add(held, call, h.ofReceiver(v, k))
		}
	}
}

// byName makes the transaction that a literal is given the holder: it has a name.
func (h *Finder) byName(held holding, fn *ssa.Function) holding {
	for _, p := range fn.Params {
		if v, ok := p.Object().(*types.Var); ok && named(v) && held.Runner != nil && (h.heldType(p.Type()) != nil || handle.SharesType(p.Type())) {
			held.Param, held.Runner = p, nil
		}
	}
	return held
}

// madeBy looks at what a call makes that another runs: a library's wrapper of a literal, pgx.CopyFromFunc, or a literal that a
// function of this package returns.
func (h *Finder) madeBy(held holding, call ssa.CallInstruction, made *ssa.Call) {
	obj, fn := program.Callee(made)
	if h.Analyzed(fn) {
		for _, f := range h.returnedLiterals(fn) {
			for _, k := range h.Of(f) {
				if !k.Busy && !k.Spawned && !k.Either && k.Handle < 0 {
					k.Chain = append([]string{h.NameOf(made)}, k.Chain...)
					h.add(held, call, k)
				}
			}
		}
		return
	}
	if obj == nil || obj.Pkg() == nil || !h.Cat.Within(obj.Pkg().Path()) {
		return // nothing is known of it
	}
	for _, a := range made.Call.Args {
		if f := program.Literal(a); f != nil {
			h.body(held, f)
		}
	}
}

// isTold reports whether a function has a transaction, a connection or rows for a parameter.
func (h *Finder) isTold(fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if named(p) && h.heldType(p.Type()) != nil {
			return true
		}
	}
	return false
}

// named reports whether a parameter has a name, so that its function may use it.
func named(p *types.Var) bool { return p.Name() != "" && p.Name() != "_" }

// takesOf is what a declared function takes, of this package or of another.
func (h *Finder) takesOf(fn *types.Func) []take.Taking {
	if own := h.Own(fn); own != nil {
		return h.Of(own)
	}
	var out []take.Taking
	if f := h.Facts.Func(fn); f != nil {
		for _, k := range f.Takes {
			out = append(out, take.Taking{Take: k})
		}
	}
	return out
}

// ofReceiver gives what a method takes of its receiver the value that the method was taken of.
func (h *Finder) ofReceiver(v ssa.Value, k take.Taking) take.Taking {
	if k.Handle != 0 {
		return k
	}
	k.HandleValue = nil
	switch v := h.Plain(v).(type) {
	case *ssa.MakeClosure:
		if len(v.Bindings) == 1 {
			k.HandleValue = v.Bindings[0]
		}
	default:
		k.HandleValue = v
	}
	return k
}

// body looks at a literal that is run while a connection is held. What it is given, the runner gives: the transaction.
func (h *Finder) body(held holding, fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, isCall := in.(ssa.CallInstruction)
			m := release.Moment{At: in}
			if isCall {
				m.Given = h.fromRunner(fn, call)
			}
			if !isCall || program.LiteralCalled(call) == nil {
				h.slowIn(held, m)
			}
			if !isCall {
				h.waitFor(held, in, nil)
				continue
			}
			if _, isGo := call.(*ssa.Go); isGo {
				continue // nobody waits for it here
			}
			if inner := program.LiteralCalled(call); inner != nil {
				h.body(held, inner)
				continue
			}
			h.call(held, call, m, release.Moments{})
		}
	}
}

// fromRunner lists the arguments of a call that come from the parameters of the literal it stands in: they may be, or have,
// the transaction.
func (h *Finder) fromRunner(fn *ssa.Function, call ssa.CallInstruction) release.ParamSet {
	var out release.ParamSet
	for i := range 64 {
		a := program.GivenFor(call, i)
		if a == nil {
			return out
		}
		if (program.IsContext(a.Type()) || h.mayCarry(a.Type(), program.MaxUses*2)) && h.ofParams(fn, a, program.MaxUses*3) {
			out |= 1 << i
		}
	}
	return out
}

// mayCarry reports whether a value of a type can lead to a connection: a handle, an interface, a struct with such a field.
func (h *Finder) mayCarry(t types.Type, depth int) bool {
	if h.Cat.Type(t) != nil {
		return true
	}
	if depth == 0 {
		return false
	}
	switch u := program.Pointee(t).Underlying().(type) {
	case *types.Interface:
		return u.NumMethods() > 0 && !program.IsError(t)
	case *types.Slice:
		return h.mayCarry(u.Elem(), depth-1)
	case *types.Signature: // an option
		for p := range u.Params().Variables() {
			if h.mayCarry(p.Type(), depth-1) {
				return true
			}
		}
	case *types.Struct:
		for f := range u.Fields() {
			if h.mayCarry(f.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// ofParams reports whether a value is made of a parameter of fn.
func (h *Finder) ofParams(fn *ssa.Function, v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	v = h.Plain(v)
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Parent() == fn
	case *ssa.Phi:
		for _, e := range v.Edges {
			if h.ofParams(fn, e, depth-1) {
				return true
			}
		}
	case *ssa.Alloc:
		for _, s := range program.StoredIn(v) {
			if h.ofParams(fn, s, depth-1) {
				return true
			}
		}
	case *ssa.Slice:
		return h.ofParams(fn, v.X, depth-1)
	case *ssa.Extract:
		return h.ofParams(fn, v.Tuple, depth-1)
	case *ssa.Call:
		for i := 0; ; i++ {
			a := program.GivenFor(v, i)
			if a == nil {
				return false
			}
			if h.ofParams(fn, a, depth-1) {
				return true
			}
		}
	}
	if x, _, ok := program.FieldOf(v); ok {
		return h.ofParams(fn, x, depth-1)
	}
	return false
}
