// Package take finds which connections a function takes from a pool while it runs, itself or in what it calls, and with which
// context it waits for them. [Taking] is one of them as seen from one place.
//
// It does not know what is held meanwhile, and whether a wait is too long.
package take

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Taking is a Take as seen from one function: with the value that is the handle.
type Taking struct {
	fact.Take
	Call        ssa.CallInstruction
	HandleValue ssa.Value
	Root        ssa.Value // the handle of the library's call, wherever that stands

	CtxValue ssa.Value // the context that it waits with
	CtxArg   int       // the argument that is, receiver not counted; -1 if none is
	Bare     bool      // it has no context
	Inner    bool      // it stands in a literal that the call runs or is given
}

// maxTakes bounds how many are told of one function: connections of its own, and uses of what it is given.
const maxTakes = 3

// alike counts those in a list that take a connection, or that use one, as k does.
func alike(list []Taking, k Taking) int {
	n := 0
	for _, o := range list {
		if o.Busy == k.Busy {
			n++
		}
	}
	return n
}

// Taker finds which connections the functions of a package take.
type Taker struct {
	*handle.Handles
	Bounds *bound.Judge
	known  map[*ssa.Function][]Taking
	seed   map[*ssa.Function][]Taking // what an earlier round has found, for recursions
}

// New looks at all functions of a package.
func New(handles *handle.Handles, bounds *bound.Judge) *Taker {
	t := &Taker{Handles: handles, Bounds: bounds}
	for range 2 { // the second round knows what recursive functions take
		t.seed, t.known = t.known, map[*ssa.Function][]Taking{}
		for _, fn := range t.Funcs {
			t.Of(fn)
		}
	}
	return t
}

// Of lists what a function takes. In a recursion it returns what is known so far.
func (t *Taker) Of(fn *ssa.Function) []Taking {
	if known, ok := t.known[fn]; ok {
		return known
	}
	t.known[fn] = t.seed[fn]
	var out []Taking
	looks := t.LooksIntoContext(fn)
	for _, block := range fn.Blocks {
		for i, in := range block.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			takes := t.At(call)
			gated := len(takes) > 0 && t.Bounds.WaitedFor(fn, block, i, new(bound.Verdict))
			for _, k := range takes {
				k.Gated = k.Gated || gated
				k.Spawned = k.Spawned || t.leaves(call)
				k.Either = k.Either || looks
				k.Handle = program.ParamOf(fn, k.HandleValue)
				switch {
				case t.BuiltBy(fn, k.HandleValue):
					continue // of a pool that nobody else has
				case k.IfNil > 0:
				case k.Busy && t.optional(fn, k.HandleValue, program.MaxUses*2) >= 0:
					k.IfNil, k.Handle = 1+t.optional(fn, k.HandleValue, program.MaxUses*2), -1
				case k.Busy && program.Local(k.HandleValue):
					continue // a transaction of its own
				}
				k.Ctx = t.contextFor(fn, k)
				if !slices.ContainsFunc(out, func(o Taking) bool {
					return o.From == k.From && o.Busy == k.Busy && o.Spawned == k.Spawned && o.Handle == k.Handle && o.Ctx == k.Ctx && !t.apart(o, k)
				}) && alike(out, k) < maxTakes {
					out = append(out, k)
				}
			}
		}
	}
	t.known[fn] = out
	return out
}

// leaves reports whether a call starts one goroutine that its function does not wait for, and that is not reported there.
func (t *Taker) leaves(call ssa.CallInstruction) bool {
	_, isGo := call.(*ssa.Go)
	obj, _ := program.Callee(call)
	st := t.Cat.StarterOf(obj)
	if !isGo && st == nil || repeat.InLoop(call) {
		return false
	}
	if st != nil && t.Bounds.BoundsItself(call, st, new(bound.Verdict)) {
		return false // however often the function is called
	}
	for f := call.Parent(); f != nil; f = f.Parent() {
		if t.Entries[f] != "" {
			return false // it is reported in the handler
		}
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(*ssa.Call); ok {
					if obj, _ := program.Callee(c); t.Cat.Joins(obj) {
						return false
					}
				}
				if recv, ok := in.(*ssa.UnOp); ok && recv.Op == token.ARROW && f == call.Parent() {
					return false // it waits for an answer
				}
			}
		}
	}
	return true
}

// Told lists what a function takes, for other packages.
func (t *Taker) Told(fn *ssa.Function) []fact.Take {
	var out []fact.Take
	for _, k := range t.Of(fn) {
		out = append(out, k.Take)
	}
	return out
}

// apart reports whether a function literal takes from two pools that are two parameters of the functions around it.
func (t *Taker) apart(a, b Taking) bool {
	if a.HandleValue == nil || b.HandleValue == nil {
		return false // nothing is known of one of them
	}
	x, isParam := t.Plain(a.HandleValue).(*ssa.Parameter)
	y, too := t.Plain(b.HandleValue).(*ssa.Parameter)
	return isParam && too && x != y
}

// At lists what a call takes, with what the functions take that it is given.
func (t *Taker) At(call ssa.CallInstruction) []Taking {
	return append(t.ByCallee(call), t.inLiterals(call)...)
}

// ByCallee lists what the callee of a call takes.
func (t *Taker) ByCallee(call ssa.CallInstruction) []Taking {
	obj, fn := t.Callee(call)
	if row := t.RowOf(obj, call); row != nil {
		return t.ByRow(call, row)
	}
	var takes []fact.Take
	switch {
	case t.Analyzed(fn):
		if fn.Parent() != nil {
			return t.OfLiteral(call, fn)
		}
		var out []Taking
		for _, k := range t.Of(fn) {
			if m, ok := t.Mapped(call, k.Take); ok {
				m.Root = k.Root
				out = append(out, m)
			}
		}
		return out
	case call.Common().IsInvoke():
		takes = t.ByImplementations(call)
	case t.Own(obj) != nil:
		return t.ofMethodValue(call, t.Own(obj))
	case obj != nil:
		if f := t.Facts.Func(obj); f != nil {
			takes = f.Takes
		}
	default:
		return t.ofTable(call)
	}
	var out []Taking
	for _, k := range takes {
		if m, ok := t.Mapped(call, k); ok {
			out = append(out, m)
		}
	}
	return out
}

// ByRow is what a library's function takes.
func (t *Taker) ByRow(call ssa.CallInstruction, row *catalog.Row) []Taking {
	if row.Kind != catalog.Acquire && !row.Transient && row.Holds != catalog.Parent {
		return nil
	}
	k := Taking{Take: fact.Take{From: row.Short(), At: t.Place(call.Common().Pos())}, Call: call, HandleValue: t.Base(program.WorksOn(call, row))}
	unknown := k.HandleValue != nil && catalog.Builder(k.HandleValue.Type())
	if runner := t.Runner(k.HandleValue); unknown && runner != nil && !catalog.Builder(runner.Type()) {
		k.HandleValue, unknown = runner, false // what its RunWith was given
	}
	k.Root = k.HandleValue
	k.What = row.Resource
	k.Kind, k.Pool = t.FamilyOf(call, row, k.HandleValue), t.PathOf(k.HandleValue)
	k.Either = unknown || t.FromContext(k.HandleValue)
	k.Serial = !catalog.ClashesWhenBusy(row)
	t.Context(&k, row)
	k.Idle = row.Resource == catalog.Conns && !row.Blocks
	switch {
	case row.Holds == catalog.Parent:
		k.Busy = true
	case HoldsReceiver(row): // a session begins
	case row.Holds == catalog.Slot, row.Holds == catalog.SlotIfPool, row.Transient && row.Blocks:
		k.Busy = t.IsTx(k.HandleValue)
	default:
		return nil // a connection outside every pool
	}
	return []Taking{k}
}

// Mapped is a take of the callee as seen by its caller. ok is false if it concerns nobody.
func (t *Taker) Mapped(call ssa.CallInstruction, k fact.Take) (Taking, bool) {
	m := Taking{Take: k, Call: call}
	m.Chain = append([]string{t.NameOf(call)}, k.Chain...)
	m.inherit(call)
	switch {
	case k.IfNil > 0:
		return t.ifNil(call, m)
	case k.Handle < 0:
		return m, !k.Busy
	}
	m.HandleValue = program.GivenFor(call, k.Handle)
	if m.HandleValue == nil || program.IsNil(m.HandleValue) {
		return m, false // it is given none
	}
	m.Busy = k.Busy || t.IsTx(m.HandleValue)
	m.Either = k.Either || t.FromContext(m.HandleValue)
	if k.Pool == "" {
		m.Pool = t.PathOf(m.HandleValue)
		m.Kind = cmp.Or(t.FamilyOfType(m.HandleValue.Type()), k.Kind)
	}
	return m, true
}

// inLiterals is what the literals take that a call is given. What they take of a handle that they are given themselves belongs
// to whoever runs them.
func (t *Taker) inLiterals(call ssa.CallInstruction) []Taking {
	var out []Taking
	_, runner := program.Callee(call)
	gated := runner != nil && runner.Pkg == t.Pkg && t.Bounds.WaitsIn(runner, program.MaxUses) // withSlot(func() {…})
	for i, a := range call.Common().Args {
		if fn := program.Literal(a); fn != nil {
			for _, k := range t.OfLiteral(call, fn) {
				k.Gated = k.Gated || gated
				out = append(out, k)
			}
			continue
		}
		if _, isFunc := a.Type().Underlying().(*types.Signature); isFunc && len(t.RunsBy(call, i)) > 0 {
			out = append(out, t.ofNamed(call, a)...)
		}
	}
	return out
}

// ofNamed is what a declared function takes, or a method, that a call is given and runs.
func (t *Taker) ofNamed(call ssa.CallInstruction, v ssa.Value) []Taking {
	fn := t.Function(v)
	if fn == nil {
		return nil
	}
	if obj, ok := fn.Object().(*types.Func); ok && (len(fn.Blocks) == 0 || fn.Synthetic != "") {
		fn = t.Own(obj)
	}
	if fn == nil || fn.Pkg != t.Pkg {
		return nil
	}
	var out []Taking
	for _, k := range t.Of(fn) {
		if !k.Busy {
			k.Chain, k.Handle, k.Call = append([]string{fn.Name()}, k.Chain...), -1, call
			k.CtxValue, k.Bare, k.Inner = nil, false, true // whoever runs it gives it a context
			out = append(out, k)
		}
	}
	return out
}

// OfLiteral is what a literal takes of what it captures, as seen from around it.
func (t *Taker) OfLiteral(call ssa.CallInstruction, fn *ssa.Function) []Taking {
	var out []Taking
	meanwhile := t.RunsMeanwhile(fn)
	for _, k := range t.Of(fn) {
		k.Inner = true
		if !meanwhile {
			k.CtxValue, k.Bare = nil, false // its context may be over by then
		}
		if k.Handle >= 0 {
			if fn == program.LiteralCalled(call) {
				if m, ok := t.Mapped(call, k.Take); ok {
					m.Chain, m.Inner = m.Chain[1:], true
					out = append(out, m)
				}
			}
			continue
		}
		k.Call = call
		if outer := t.OuterValue(k.HandleValue); outer != nil {
			k.HandleValue = outer
		}
		out = append(out, k)
	}
	return out
}

// HoldsReceiver reports whether a row's function makes its receiver hold a connection.
func HoldsReceiver(row *catalog.Row) bool {
	return row != nil && row.Kind == catalog.Acquire && row.Result < 0 && row.OutArg == 0 && row.Holds == catalog.Slot
}

// RefOf is the pool of a take.
func (t *Taker) RefOf(k Taking) handle.Ref {
	path := k.Pool
	if path == "" && k.HandleValue != nil {
		path = t.PathOf(k.HandleValue)
	}
	return handle.Ref{Value: k.HandleValue, Root: k.Root, Kind: k.Kind, Path: path}
}
