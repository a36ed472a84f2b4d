package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Data is the client's part of a state. It must be immutable: a change is a new value.
type Data interface {
	// Key tells states apart: equal keys mean equal data.
	Key() string
	// Roots are the symbols the client wants to be kept.
	Roots() []*Sym
	// Rename replaces a symbol that stands for a value of an earlier iteration.
	Rename(f func(*Sym) *Sym) Data
}

// Deferred is a call that runs when its function returns.
type Deferred struct {
	Call  *Call
	owner *ssa.Function
}

// State is what is known at one point of one path.
type State struct {
	Data   Data
	frames []map[ssa.Value]*Sym // values of the functions being executed, innermost last
	mem    map[Loc]*Sym
	truth  map[*Sym]bool
	defers []Deferred
	panic  bool // a panic leaves the function being executed

	unwinding bool // a panic is under way and deferred calls run
}

func newState(d Data) *State {
	return &State{Data: d, frames: []map[ssa.Value]*Sym{{}}, mem: map[Loc]*Sym{}, truth: map[*Sym]bool{}}
}

// Clone returns an independent copy.
func (st *State) Clone() *State {
	c := *st
	c.frames = slices.Clone(st.frames)
	c.frames[len(c.frames)-1] = maps.Clone(st.frames[len(st.frames)-1])
	c.mem = maps.Clone(st.mem)
	c.truth = maps.Clone(st.truth)
	c.defers = slices.Clip(st.defers)
	return &c
}

func (st *State) env() map[ssa.Value]*Sym { return st.frames[len(st.frames)-1] }

// Panicking reports whether a panic is under way.
func (st *State) Panicking() bool { return st.panic || st.unwinding }

// Panic makes the call just executed end in a panic.
func (st *State) Panic() { st.panic = true }

// Known returns the truth of a condition, if it is known.
func (m *Machine) Known(st *State, s *Sym) (val, known bool) {
	switch s.Op {
	case OpConst:
		if s.Const.Kind() == constant.Bool {
			return constant.BoolVal(s.Const), true
		}
	case OpNot:
		v, ok := m.Known(st, s.Args[0])
		return !v, ok
	case OpIsNil:
		if v, ok := nilness(s.Args[0]); ok {
			return v, true
		}
	case OpPred:
		if isNil, ok := m.Known(st, m.IsNil(s.Args[0])); ok && isNil {
			return false, true
		}
		if s.Tag == "Is" && len(s.Args) == 2 {
			if s.Args[0] == s.Args[1] {
				return true, true
			}
			if foreign(s.Args[0], s.Args[1]) {
				return false, true
			}
		}
	case OpEq:
		if foreign(s.Args[0], s.Args[1]) || foreign(s.Args[1], s.Args[0]) {
			return false, true
		}
		if st.equalsOther(s) || s.Args[0].Op == OpLen && s.Args[0].Tag == "len" && isZero(s.Args[1]) && m.nonEmpty(st, s.Args[0].Args[0]) {
			return false, true
		}
	case OpCmp:
		if v, ok := m.compare(st, s); ok {
			return v, true
		}
	}
	v, ok := st.truth[s]
	return v, ok
}

// foreign reports whether an error comes from a call of another package that is given no function, and the sentinel is one of
// the package's own: that package does not know it.
func foreign(err, sentinel *Sym) bool {
	if sentinel.Op != OpLoad || sentinel.Tag != "" || sentinel.T == nil || !isError(sentinel.T) {
		return false
	}
	g, ok := sentinel.Args[0].V.(*ssa.Global)
	call, isCall := err.V.(*ssa.Call)
	if !ok || !isCall || err.Op != OpOpaque || g.Pkg != call.Parent().Pkg {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn != nil && (fn.Pkg == nil || fn.Pkg == g.Pkg) || fn == nil && (!call.Call.IsInvoke() || call.Call.Method.Pkg() == g.Pkg.Pkg) {
		return false
	}
	for _, a := range call.Call.Args {
		if _, ok := a.Type().Underlying().(*types.Signature); ok {
			return false
		}
	}
	return true
}

// compare decides an ordering of constants, and of zero with the length of a slice that has an element the client follows.
func (m *Machine) compare(st *State, s *Sym) (val, known bool) {
	x, y := s.Args[0], s.Args[1]
	if x.Op == OpConst && y.Op == OpConst && x.Const.Kind() == constant.Int && y.Const.Kind() == constant.Int {
		op := token.LSS
		if s.Tag == token.LEQ.String() {
			op = token.LEQ
		}
		return constant.Compare(x.Const, op, y.Const), true
	}
	if y.Op != OpLen || !isZero(x) || !m.nonEmpty(st, y.Args[0]) {
		return false, false
	}
	return true, s.Tag == token.LEQ.String() || y.Tag != "last" // 0 < len, 0 <= len-1; 0 < len-1 is not known
}

func isZero(s *Sym) bool {
	return s.Op == OpConst && s.Const.Kind() == constant.Int && constant.Sign(s.Const) == 0
}

// nonEmpty reports whether a slice is known to have an element.
func (m *Machine) nonEmpty(st *State, s *Sym) bool {
	l := LocOf(s)
	return m.element(st, Loc{l.Base, l.Path + anyIndex}) != nil
}

// equalsOther reports whether x in x == c is known to equal another constant.
func (st *State) equalsOther(s *Sym) bool {
	if s.Args[1].Op != OpConst {
		return false
	}
	for t, v := range st.truth {
		if v && t.Op == OpEq && t.Args[0] == s.Args[0] && t.Args[1].Op == OpConst && t != s {
			return true
		}
	}
	return false
}

// nilness decides whether a symbol is nil by its form alone.
func nilness(s *Sym) (isNil, known bool) {
	switch s.Op {
	case OpNil:
		return true, true
	case OpConst, OpZero, OpFunc, OpClosure, OpAddr, OpNew:
		return false, true
	case OpOpaque:
		switch s.V.(type) {
		case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.Global:
			return false, s.Tag == "" // a tag marks what a call left in the variable
		}
	case OpLoad:
		_, global := s.Args[0].V.(*ssa.Global)
		return false, global && s.Tag == "" && s.T != nil && isError(s.T) // a sentinel: var errX = errors.New(…)
	}
	return false, false
}

// Assume records that a condition has the given truth, and what follows from it. It returns false if that cannot be.
func (m *Machine) Assume(st *State, s *Sym, val bool) bool {
	for s.Op == OpNot {
		s, val = s.Args[0], !val
	}
	if v, ok := m.Known(st, s); ok {
		return v == val
	}
	st.truth[s] = val
	switch {
	case s.Op == OpPred && val:
		return m.Assume(st, m.IsNil(s.Args[0]), false)
	case s.Op == OpEq && val && s.Args[1].Op == OpConst:
		return m.Assume(st, m.IsNil(s.Args[0]), false)
	}
	return true
}

// Mem calls f for each known place in a fixed order.
func (st *State) Mem(f func(Loc, *Sym)) {
	for _, l := range st.locs() {
		f(l, st.mem[l])
	}
}

// Within reports whether f holds for something that is at some place in the object.
func (st *State) Within(object *Sym, f func(*Sym) bool) bool {
	for l, s := range st.mem {
		if l.Base == object && f(s) {
			return true
		}
	}
	return false
}

func (st *State) locs() []Loc {
	locs := slices.Collect(maps.Keys(st.mem))
	slices.SortFunc(locs, func(a, b Loc) int {
		if a.Base != b.Base {
			return a.Base.ID - b.Base.ID
		}
		return strings.Compare(a.Path, b.Path)
	})
	return locs
}

// At returns what is known to be at a place, nil if nothing is.
func (st *State) At(l Loc) *Sym { return st.mem[l] }

// Put sets what is at a place.
func (st *State) Put(l Loc, s *Sym) { st.mem[l] = s }

// Conditions calls f for each condition known, in a fixed order.
func (st *State) Conditions(f func(cond *Sym, val bool)) {
	conds := slices.SortedFunc(maps.Keys(st.truth), func(a, b *Sym) int { return a.ID - b.ID })
	for _, c := range conds {
		f(c, st.truth[c])
	}
}

// Deferred returns the pending deferred calls of fn, the last one first.
func (st *State) Deferred(fn *ssa.Function) []Deferred {
	var out []Deferred
	for i := len(st.defers) - 1; i >= 0; i-- {
		if st.defers[i].owner == fn {
			out = append(out, st.defers[i])
		}
	}
	return out
}

// key identifies the state at the entry of a block of the current function.
func (st *State) key(sh *shape) string {
	var b strings.Builder
	b.WriteString(st.Data.Key())
	if st.unwinding {
		b.WriteString("!unwinding")
	}
	num := func(n int) {
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(n))
	}
	vals := slices.Collect(maps.Keys(st.env()))
	slices.SortFunc(vals, func(x, y ssa.Value) int { return sh.index[x] - sh.index[y] })
	for _, v := range vals {
		num(sh.index[v])
		num(st.env()[v].ID)
	}
	b.WriteByte('|')
	for _, l := range st.locs() {
		num(l.Base.ID)
		b.WriteString(l.Path)
		num(st.mem[l].ID)
	}
	b.WriteByte('|')
	st.Conditions(func(c *Sym, v bool) {
		num(c.ID)
		if v {
			b.WriteByte('t')
		}
	})
	b.WriteString(st.defersKey())
	return b.String()
}

func (st *State) defersKey() string {
	var b strings.Builder
	for _, d := range st.defers {
		b.WriteByte('/')
		b.WriteString(strconv.Itoa(int(d.Call.Instr.Pos())))
		for _, s := range d.Call.syms() {
			b.WriteByte(' ')
			b.WriteString(strconv.Itoa(s.ID))
		}
	}
	return b.String()
}

// prune forgets what nothing live refers to, so that paths that differ only in dead values meet again.
func (m *Machine) prune(st *State, sh *shape, b *ssa.BasicBlock) {
	for v := range st.env() {
		if !sh.isLive(b, v) {
			delete(st.env(), v)
		}
	}
	live := map[*Sym]bool{}
	var mark func(*Sym)
	mark = func(s *Sym) {
		if s == nil || live[s] {
			return
		}
		live[s] = true
		for _, a := range s.Args {
			mark(a)
		}
	}
	for _, f := range st.frames {
		for _, s := range f {
			mark(s)
		}
	}
	for _, d := range st.defers {
		for _, s := range d.Call.syms() {
			mark(s)
		}
	}
	for _, s := range st.Data.Roots() {
		mark(s)
	}
	isLive := func(s *Sym) bool {
		if live[s] {
			return true
		}
		if s.Op != OpOpaque {
			return false
		}
		_, global := s.V.(*ssa.Global)
		return global // it can be named again at any time
	}
	kept := func(s *Sym) bool {
		_, param := s.V.(*ssa.Parameter)
		return isLive(s) || param && s.Op == OpOpaque // what the caller finds in its objects
	}
	for grown := true; grown; {
		grown = false
		for l, s := range st.mem {
			if kept(l.Base) && !live[s] {
				mark(s)
				grown = true
			}
		}
	}
	for l := range st.mem {
		if !kept(l.Base) {
			delete(st.mem, l)
		}
	}
	for c := range st.truth {
		dead := c.Mentions(func(s *Sym) bool {
			return (s.Op == OpOpaque || s.Op == OpJoin || s.Op == OpNew) && !isLive(s)
		})
		if dead && !(m.KeepParams && aboutParam(c)) {
			delete(st.truth, c)
		}
	}
}

// aboutParam recognizes what a caller can know too: a parameter, what it points to or a field of it being nil, or true.
func aboutParam(c *Sym) bool {
	if c.Op == OpIsNil || (c.Op == OpEq || c.Op == OpCmp) && c.Args[1].Op == OpConst {
		c = c.Args[0]
	}
	if c.Op == OpLoad {
		c = c.Args[0]
	}
	if c.Op != OpOpaque || c.Tag != "" {
		return false
	}
	_, ok := c.V.(*ssa.Parameter)
	return ok
}

// Refers reports whether a live value, a known variable or a deferred call has a symbol for which f holds.
func (st *State) Refers(f func(*Sym) bool) bool {
	for _, frame := range st.frames {
		for _, s := range frame {
			if f(s) {
				return true
			}
		}
	}
	for _, s := range st.mem {
		if f(s) {
			return true
		}
	}
	for _, d := range st.defers {
		if slices.ContainsFunc(d.Call.syms(), f) {
			return true
		}
	}
	return false
}
