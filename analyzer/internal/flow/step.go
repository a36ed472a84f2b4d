package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Sym returns the symbol of a value in the current function.
func (m *Machine) Sym(st *State, v ssa.Value) *Sym {
	switch v := v.(type) {
	case *ssa.Const:
		return m.constant(v)
	case *ssa.Function:
		return m.u.intern(Sym{Op: OpFunc, V: v, T: v.Type()})
	case *ssa.Global, *ssa.Builtin:
		return m.Opaque(v, "", v.Type())
	}
	if s := st.env()[v]; s != nil {
		return s
	}
	return m.Opaque(v, "", v.Type())
}

// step executes one instruction that does not end its block. It takes over st.
func (m *Machine) step(st *State, in ssa.Instruction) []*State {
	switch in := in.(type) {
	case *ssa.Call:
		m.renew(st, in) // before its operands are looked up: they may come from an earlier round
		return m.call(st, m.prepare(st, in, Normal))
	case *ssa.Go:
		return m.call(st, m.prepare(st, in, Go))
	case *ssa.Defer:
		m.pushDefer(st, in)
	case *ssa.RunDefers:
		return m.runDefers(st, in.Parent())
	case *ssa.Store:
		m.store(st, in)
	case *ssa.MapUpdate:
		m.leak(st, m.Sym(st, in.Value), in)
		m.leak(st, m.Sym(st, in.Key), in)
	case *ssa.Send:
		m.leak(st, m.Sym(st, in.X), in)
	case *ssa.Select:
		return m.choose(st, in)
	case ssa.Value:
		m.define(st, in)
	}
	return []*State{st}
}

// choose executes a select: one state for each case.
func (m *Machine) choose(st *State, in *ssa.Select) []*State {
	m.renew(st, in)
	var out []*State
	results := in.Type().(*types.Tuple)
	take := func(i int) *State {
		s := st.Clone()
		parts := make([]*Sym, results.Len())
		for k := range parts {
			parts[k] = m.Opaque(in, "#"+strconv.Itoa(k), results.At(k).Type())
		}
		parts[0] = m.u.intern(Sym{Op: OpConst, Const: constant.MakeInt64(int64(i))})
		s.env()[in] = m.Tuple(parts)
		out = append(out, s)
		return s
	}
	for i, c := range in.States {
		s := take(i)
		if c.Dir == types.SendOnly {
			m.leak(s, m.Sym(s, c.Send), in)
		}
	}
	if !in.Blocking {
		take(-1) // default
	}
	return out
}

// fresh gives an instruction a value of its own.
func (m *Machine) fresh(st *State, v ssa.Value) *Sym {
	m.renew(st, v)
	s := m.Opaque(v, "", v.Type())
	st.env()[v] = s
	return s
}

// renew makes room for the value of an instruction that may have been executed before.
func (m *Machine) renew(st *State, v ssa.Value) {
	if m.again(v) {
		m.retire(st, v)
	}
}

// define executes an instruction that only computes a value.
func (m *Machine) define(st *State, v ssa.Value) {
	switch v.(type) {
	case *ssa.Alloc, *ssa.TypeAssert, *ssa.UnOp:
		m.renew(st, v)
	}
	var s *Sym
	switch v := v.(type) {
	case *ssa.Alloc:
		m.alloc(st, v)
		return
	case *ssa.FieldAddr:
		s = m.fieldAddr(st, v.X, v.Field)
	case *ssa.IndexAddr:
		l := LocOf(m.Sym(st, v.X))
		s = m.addr(l.Base, l.Path+index(v.Index))
	case *ssa.Field:
		s = m.load(st, Loc{m.Sym(st, v.X), field(v.Field)}, v)
	case *ssa.UnOp:
		s = m.unary(st, v)
	case *ssa.BinOp:
		s = m.binary(st, v)
	case *ssa.ChangeInterface:
		s = m.Sym(st, v.X)
	case *ssa.MakeInterface:
		s = m.Sym(st, v.X)
	case *ssa.ChangeType:
		s = m.Sym(st, v.X)
	case *ssa.Convert:
		if _, isBasic := v.Type().Underlying().(*types.Basic); !isBasic {
			s = m.Sym(st, v.X)
		}
	case *ssa.TypeAssert:
		s = m.typeAssert(st, v)
	case *ssa.Slice:
		s = m.Sym(st, v.X)
	case *ssa.Extract:
		s = m.part(st, v)
	case *ssa.MakeClosure:
		s = m.makeClosure(st, v)
	}
	if s == nil {
		m.fresh(st, v) // nothing is known of it
		return
	}
	st.env()[v] = s
}

func field(i int) string { return "." + strconv.Itoa(i) }

func index(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil {
		return "[" + c.Value.ExactString() + "]"
	}
	return anyIndex
}

func (m *Machine) alloc(st *State, v *ssa.Alloc) {
	s := m.Opaque(v, "", v.Type())
	st.env()[v] = s
	for l := range st.mem {
		if l.Base == s {
			delete(st.mem, l)
		}
	}
	st.mem[Loc{s, ""}] = m.Zero(v.Type().Underlying().(*types.Pointer).Elem())
}

func (m *Machine) fieldAddr(st *State, x ssa.Value, i int) *Sym {
	l := LocOf(m.Sym(st, x))
	return m.addr(l.Base, l.Path+field(i))
}

func (m *Machine) unary(st *State, v *ssa.UnOp) *Sym {
	switch v.Op {
	case token.MUL:
		return m.load(st, LocOf(m.Sym(st, v.X)), v)
	case token.NOT:
		return m.not(m.Sym(st, v.X))
	}
	return nil // received from a channel, or arithmetic
}

func (m *Machine) binary(st *State, v *ssa.BinOp) *Sym {
	x, y := m.Sym(st, v.X), m.Sym(st, v.Y)
	switch v.Op {
	case token.EQL:
		return m.equal(x, y)
	case token.NEQ:
		return m.not(m.equal(x, y))
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		op := v.Op
		if op == token.GTR || op == token.GEQ { // a > b is b < a
			x, y = y, x
			op = map[token.Token]token.Token{token.GTR: token.LSS, token.GEQ: token.LEQ}[op]
		}
		return m.u.intern(Sym{Op: OpCmp, Tag: op.String(), Args: []*Sym{x, y}})
	}
	switch v.Op {
	case token.ADD:
		return m.counter(st, v)
	case token.SUB:
		return m.lastIndex(x, y)
	}
	return nil // arithmetic has a new value in each iteration
}

// counter is x + c. A counter that was increased is taken not to be zero: programs test that to see if a batch was begun.
func (m *Machine) counter(st *State, v *ssa.BinOp) *Sym {
	c, ok := v.Y.(*ssa.Const)
	if x := m.Sym(st, v.X); ok && isMinusOne(x) && c.Value != nil && c.Value.ExactString() == "1" {
		return m.u.intern(Sym{Op: OpConst, Const: constant.MakeInt64(0)}) // the index of a range begins at -1
	}
	if !ok || c.Value == nil || c.Value.Kind() != constant.Int || constant.Sign(c.Value) <= 0 {
		return nil // not a step of a counter
	}
	s := m.fresh(st, v)
	zero := m.u.intern(Sym{Op: OpConst, Const: constant.MakeInt64(0)})
	st.truth[m.equal(s, zero)] = false
	return s
}

// lastIndex is len(x) - 1, where a loop that runs backwards begins, or the difference of two small numbers, as of a depth
// that is counted; nil for other differences.
func (m *Machine) lastIndex(x, y *Sym) *Sym {
	if y.Op != OpConst || y.Const.Kind() != constant.Int {
		return nil
	}
	if x.Op == OpLen && x.Tag == "len" && y.Const.ExactString() == "1" {
		return m.u.intern(Sym{Op: OpLen, Tag: "last", Args: x.Args})
	}
	if x.Op != OpConst || x.Const.Kind() != constant.Int {
		return nil
	}
	d, exact := constant.Int64Val(constant.BinaryOp(x.Const, token.SUB, y.Const))
	if !exact || d < -1 || d > 4 {
		return nil // a loop that counts down from far
	}
	return m.u.intern(Sym{Op: OpConst, Const: constant.MakeInt64(d)})
}

func isMinusOne(s *Sym) bool {
	return s.Op == OpConst && s.Const.Kind() == constant.Int && s.Const.ExactString() == "-1"
}

func (m *Machine) typeAssert(st *State, v *ssa.TypeAssert) *Sym {
	x := m.Sym(st, v.X)
	if !v.CommaOk {
		return x
	}
	ok := m.u.intern(Sym{Op: OpPred, V: v, Tag: "is " + v.AssertedType.String(), Args: []*Sym{x}})
	if holds, known := asserts(x.T, v.AssertedType); known {
		ok = m.Bool(holds)
	}
	return m.Tuple([]*Sym{x, ok})
}

// asserts decides a type assertion on a value whose type is known.
func asserts(t, asserted types.Type) (holds, known bool) {
	iface, isIface := asserted.Underlying().(*types.Interface)
	switch {
	case t == nil:
		return false, false
	case types.IsInterface(t):
		return true, isIface && types.Implements(t, iface) // what is behind it may have more
	case isIface:
		return types.Implements(t, iface), true
	}
	return types.Identical(t, asserted), true
}

// part is one result of a call or of another instruction with several.
func (m *Machine) part(st *State, v *ssa.Extract) *Sym {
	t := m.Sym(st, v.Tuple)
	if t.Op == OpTuple {
		return t.Args[v.Index]
	}
	return m.u.intern(Sym{Op: OpPart, Args: []*Sym{t}, Tag: strconv.Itoa(v.Index), T: v.Type()})
}

func (m *Machine) makeClosure(st *State, v *ssa.MakeClosure) *Sym {
	bindings := make([]*Sym, len(v.Bindings))
	for i, b := range v.Bindings {
		bindings[i] = m.Sym(st, b)
	}
	return m.closure(v, bindings)
}

// load reads memory. What was never written in these functions is a symbol of its own, the same at each load.
func (m *Machine) load(st *State, l Loc, v ssa.Value) *Sym {
	if s := st.mem[l]; s != nil && !hasFields(st, l) {
		return s
	}
	if hasFields(st, l) {
		return m.snapshot(st, l, v)
	}
	if s := m.element(st, l); s != nil {
		return s
	}
	for i := len(l.Path) - 1; i >= 0; i-- { // a field of a struct that was stored as a whole
		if l.Path[i] != '.' && l.Path[i] != '[' {
			continue
		}
		whole := st.mem[Loc{l.Base, l.Path[:i]}]
		if whole == nil {
			continue
		}
		if whole.Op == OpZero {
			return m.Zero(v.Type())
		}
		return m.load(st, Loc{whole, l.Path[i:]}, v)
	}
	return m.u.intern(Sym{Op: OpLoad, Args: []*Sym{l.Base}, Tag: l.Path, T: v.Type()})
}

// within reports whether a path is at or below another.
func within(path, prefix string) bool {
	if !strings.HasPrefix(path, prefix) {
		return false
	}
	return len(path) == len(prefix) || path[len(prefix)] == '.' || path[len(prefix)] == '['
}

// hasFields reports whether a field of the struct at l is known.
func hasFields(st *State, l Loc) bool {
	for k := range st.mem {
		if k.Base == l.Base && len(k.Path) > len(l.Path) && within(k.Path, l.Path) {
			return true
		}
	}
	return false
}

// snapshot copies the known fields of the struct at l to a value of its own.
func (m *Machine) snapshot(st *State, l Loc, v ssa.Value) *Sym {
	s := m.Opaque(v, "", v.Type())
	m.copyFields(st, l, Loc{s, ""})
	return s
}

func (m *Machine) copyFields(st *State, from, to Loc) {
	for _, k := range st.locs() {
		if k.Base == from.Base && within(k.Path, from.Path) {
			st.mem[Loc{to.Base, to.Path + k.Path[len(from.Path):]}] = st.mem[k]
		}
	}
}

func (m *Machine) store(st *State, in *ssa.Store) {
	l, s := LocOf(m.Sym(st, in.Addr)), m.Sym(st, in.Val)
	for k := range st.mem {
		if k.Base == l.Base && within(k.Path, l.Path) {
			delete(st.mem, k)
		}
	}
	if isAggregate(in.Val.Type()) && hasFields(st, Loc{s, ""}) {
		m.copyFields(st, Loc{s, ""}, l)
	} else {
		st.mem[l] = s
	}
	if m.Hooks.Store != nil {
		m.Hooks.Store(st, l, s, in)
	}
	if !l.Base.IsLocal() {
		m.leak(st, s, in)
	}
}

func (m *Machine) leak(st *State, s *Sym, in ssa.Instruction) {
	if m.Hooks.Leak != nil {
		m.Hooks.Leak(st, s, in)
	}
}
