package summary

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
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// taking is a Take as seen from one function: with the value that is the handle.
type taking struct {
	fact.Take
	call   ssa.CallInstruction
	handle ssa.Value
	root   ssa.Value // the handle of the library's call, wherever that stands

	ctx   ssa.Value // the context that it waits with
	arg   int       // the argument that is, receiver not counted; -1 if none is
	bare  bool      // it has no context
	inner bool      // it stands in a literal that the call runs or is given
}

// maxTakes bounds how many are told of one function: connections of its own, and uses of what it is given.
const maxTakes = 3

// alike counts those in a list that take a connection, or that use one, as k does.
func alike(list []taking, k taking) int {
	n := 0
	for _, o := range list {
		if o.Busy == k.Busy {
			n++
		}
	}
	return n
}

// taker finds which connections the functions of a package take.
type taker struct {
	*handle.Handles
	bounds *bound.Bounder
	known  map[*ssa.Function][]taking
	seed   map[*ssa.Function][]taking // what an earlier round has found, for recursions
}

func newTaker(p *limit.Pools) *taker {
	t := &taker{Handles: handle.New(p), bounds: bound.New(p)}
	for range 2 { // the second round knows what recursive functions take
		t.seed, t.known = t.known, map[*ssa.Function][]taking{}
		for _, fn := range t.Funcs {
			t.of(fn)
		}
	}
	return t
}

// of lists what a function takes. In a recursion it returns what is known so far.
func (t *taker) of(fn *ssa.Function) []taking {
	if known, ok := t.known[fn]; ok {
		return known
	}
	t.known[fn] = t.seed[fn]
	var out []taking
	looks := t.LooksIntoContext(fn)
	for _, block := range fn.Blocks {
		for i, in := range block.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			takes := t.at(call)
			gated := len(takes) > 0 && t.bounds.WaitedFor(fn, block, i, new(bound.Verdict))
			for _, k := range takes {
				k.Gated = k.Gated || gated
				k.Spawned = k.Spawned || t.leaves(call)
				k.Either = k.Either || looks
				k.Handle = t.ParamOf(fn, k.handle)
				switch {
				case k.IfNil > 0:
				case k.Busy && t.optional(fn, k.handle, program.MaxUses*2) >= 0:
					k.IfNil, k.Handle = 1+t.optional(fn, k.handle, program.MaxUses*2), -1
				case k.Busy && program.Local(k.handle):
					continue // a transaction of its own
				}
				k.Ctx = t.contextFor(fn, k)
				if !slices.ContainsFunc(out, func(o taking) bool {
					return o.From == k.From && o.Busy == k.Busy && o.Spawned == k.Spawned && o.Handle == k.Handle && o.Ctx == k.Ctx
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
func (t *taker) leaves(call ssa.CallInstruction) bool {
	_, isGo := call.(*ssa.Go)
	obj, _ := program.Callee(call)
	st := t.Cat.StarterOf(obj)
	if !isGo && st == nil || repeat.InLoop(call) {
		return false
	}
	if st != nil && t.bounds.BoundsItself(call, st, new(bound.Verdict)) {
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

// told is of, for other packages.
func (t *taker) told(fn *ssa.Function) []fact.Take {
	var out []fact.Take
	for _, k := range t.of(fn) {
		out = append(out, k.Take)
	}
	return out
}

// at lists what a call takes, with what the functions take that it is given.
func (t *taker) at(call ssa.CallInstruction) []taking {
	return append(t.byCallee(call), t.inLiterals(call)...)
}

// byCallee lists what the callee of a call takes.
func (t *taker) byCallee(call ssa.CallInstruction) []taking {
	obj, fn := t.Callee(call)
	if row := t.RowOf(obj, call); row != nil {
		return t.byRow(call, row)
	}
	var takes []fact.Take
	switch {
	case t.Analyzed(fn):
		if fn.Parent() != nil {
			return t.ofLiteral(call, fn)
		}
		var out []taking
		for _, k := range t.of(fn) {
			if m, ok := t.mapped(call, k.Take); ok {
				m.root = k.root
				out = append(out, m)
			}
		}
		return out
	case call.Common().IsInvoke():
		takes = t.byImplementations(call)
	case t.Own(obj) != nil:
		return t.ofMethodValue(call, t.Own(obj))
	case obj != nil:
		if f := t.Facts.Func(obj); f != nil {
			takes = f.Takes
		}
	default:
		return t.ofTable(call)
	}
	var out []taking
	for _, k := range takes {
		if m, ok := t.mapped(call, k); ok {
			out = append(out, m)
		}
	}
	return out
}

// byRow is what a library's function takes.
func (t *taker) byRow(call ssa.CallInstruction, row *catalog.Row) []taking {
	if row.Kind != catalog.Acquire && !row.Transient && row.Holds != catalog.Parent {
		return nil
	}
	k := taking{Take: fact.Take{From: row.Short(), At: t.Place(call.Common().Pos())}, call: call, handle: t.Base(program.WorksOn(call, row))}
	unknown := k.handle != nil && catalog.Builder(k.handle.Type())
	if runner := t.Runner(k.handle); unknown && runner != nil && !catalog.Builder(runner.Type()) {
		k.handle, unknown = runner, false // what its RunWith was given
	}
	k.root = k.handle
	k.What = row.Resource
	k.Kind, k.Pool = t.FamilyOf(call, row, k.handle), t.PathOf(k.handle)
	k.Either = unknown || t.FromContext(k.handle)
	k.Serial = !catalog.ClashesWhenBusy(row)
	t.context(&k, row)
	k.Idle = row.Resource == catalog.Conns && !row.Blocks
	switch {
	case row.Holds == catalog.Parent:
		k.Busy = true
	case holdsReceiver(row): // a session begins
	case row.Holds == catalog.Slot, row.Holds == catalog.SlotIfPool, row.Transient && row.Blocks:
		k.Busy = t.IsTx(k.handle)
	default:
		return nil // a connection outside every pool
	}
	return []taking{k}
}

// mapped is a take of the callee as seen by its caller. ok is false if it concerns nobody.
func (t *taker) mapped(call ssa.CallInstruction, k fact.Take) (taking, bool) {
	m := taking{Take: k, call: call}
	m.Chain = append([]string{t.NameOf(call)}, k.Chain...)
	m.inherit(call)
	switch {
	case k.IfNil > 0:
		return t.ifNil(call, m)
	case k.Handle < 0:
		return m, !k.Busy
	}
	m.handle = program.GivenFor(call, k.Handle)
	if m.handle == nil || program.IsNil(m.handle) {
		return m, false // it is given none
	}
	m.Busy = k.Busy || t.IsTx(m.handle)
	m.Either = k.Either || t.FromContext(m.handle)
	if k.Pool == "" {
		m.Pool = t.PathOf(m.handle)
		m.Kind = cmp.Or(t.FamilyOfType(m.handle.Type()), k.Kind)
	}
	return m, true
}

// inLiterals is what the literals take that a call is given. What they take of a handle that they are given themselves belongs
// to whoever runs them.
func (t *taker) inLiterals(call ssa.CallInstruction) []taking {
	var out []taking
	_, runner := program.Callee(call)
	gated := runner != nil && runner.Pkg == t.Pkg && t.bounds.WaitsIn(runner, program.MaxUses) // withSlot(func() {…})
	for i, a := range call.Common().Args {
		if fn := program.Literal(a); fn != nil {
			for _, k := range t.ofLiteral(call, fn) {
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
func (t *taker) ofNamed(call ssa.CallInstruction, v ssa.Value) []taking {
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
	var out []taking
	for _, k := range t.of(fn) {
		if !k.Busy {
			k.Chain, k.Handle, k.call = append([]string{fn.Name()}, k.Chain...), -1, call
			k.ctx, k.bare, k.inner = nil, false, true // whoever runs it gives it a context
			out = append(out, k)
		}
	}
	return out
}

// ofLiteral is what a literal takes of what it captures, as seen from around it.
func (t *taker) ofLiteral(call ssa.CallInstruction, fn *ssa.Function) []taking {
	var out []taking
	meanwhile := t.RunsMeanwhile(fn)
	for _, k := range t.of(fn) {
		k.inner = true
		if !meanwhile {
			k.ctx, k.bare = nil, false // its context may be over by then
		}
		if k.Handle >= 0 {
			if fn == program.LiteralCalled(call) {
				if m, ok := t.mapped(call, k.Take); ok {
					m.Chain, m.inner = m.Chain[1:], true
					out = append(out, m)
				}
			}
			continue
		}
		k.call = call
		if outer := t.OuterValue(k.handle); outer != nil {
			k.handle = outer
		}
		out = append(out, k)
	}
	return out
}

// holdsReceiver reports whether a row's function makes its receiver hold a connection.
func holdsReceiver(row *catalog.Row) bool {
	return row != nil && row.Kind == catalog.Acquire && row.Result < 0 && row.OutArg == 0 && row.Holds == catalog.Slot
}

func (t *taker) refOf(k taking) handle.Ref {
	path := k.Pool
	if path == "" && k.handle != nil {
		path = t.PathOf(k.handle)
	}
	return handle.Ref{Value: k.handle, Root: k.root, Kind: k.Kind, Path: path}
}
