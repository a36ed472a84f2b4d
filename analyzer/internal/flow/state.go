package flow

import (
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
	live := st.roots()
	isLive := func(s *Sym) bool {
		_, global := s.V.(*ssa.Global)
		return live[s] || s.Op == OpOpaque && global // a package variable can be named again at any time
	}
	kept := func(s *Sym) bool {
		_, param := s.V.(*ssa.Parameter)
		return isLive(s) || param && s.Op == OpOpaque // what the caller finds in its objects
	}
	for grown := true; grown; {
		grown = false
		for l, s := range st.mem {
			if kept(l.Base) && !live[s] {
				live.mark(s)
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

// symSet is a set of symbols with all they consist of.
type symSet map[*Sym]bool

func (set symSet) mark(s *Sym) {
	if s == nil || set[s] {
		return
	}
	set[s] = true
	for _, a := range s.Args {
		set.mark(a)
	}
}

// roots are the symbols of live values, of pending calls, and of the client.
func (st *State) roots() symSet {
	live := symSet{}
	for _, f := range st.frames {
		for _, s := range f {
			live.mark(s)
		}
	}
	for _, d := range st.defers {
		for _, s := range d.Call.syms() {
			live.mark(s)
		}
	}
	for _, s := range st.Data.Roots() {
		live.mark(s)
	}
	return live
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
