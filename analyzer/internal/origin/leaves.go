package origin

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxDepth bounds how far a value is followed back. Real limits are a few steps from where they are written.
const maxDepth = 12

// Leaf is where a value comes from in the end.
type Leaf struct {
	Kind  Kind
	Value constant.Value  // Constant
	Call  *ssa.Call       // Result: of a function of another package
	Param *ssa.Parameter  // Parameter: what other packages give is not known here
	Field *types.Var      // Field: what other packages assign is not known here
	At    ssa.Instruction // the call or store by which it comes in, nil if that is where the question was asked

	Stored bool // it comes by way of a field, which other functions may assign too
}

// Kind is what a leaf is.
type Kind uint8

// The kinds of leaves.
const (
	Unknown Kind = iota
	Constant
	Result
	Parameter
	Field
)

// Leaves lists what a value may be. An expression of which any part is unknown is unknown as a whole: a default that the
// environment may replace is not what runs.
func (g *Graph) Leaves(v ssa.Value) []Leaf {
	s := &search{g: g, seen: map[ssa.Value]bool{}}
	return s.leaves(v, nil, 0)
}

type search struct {
	g    *Graph
	seen map[ssa.Value]bool
}

var unknown = []Leaf{{}}

func (s *search) leaves(v ssa.Value, at ssa.Instruction, depth int) []Leaf {
	if depth > maxDepth || s.seen[v] {
		return unknown
	}
	s.seen[v] = true
	defer delete(s.seen, v)
	depth++
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil {
			return []Leaf{{Kind: Constant, Value: v.Value, At: at}}
		}
	case *ssa.Convert:
		return s.leaves(v.X, at, depth)
	case *ssa.ChangeType:
		return s.leaves(v.X, at, depth)
	case *ssa.MakeInterface:
		return s.leaves(v.X, at, depth)
	case *ssa.Phi:
		return s.all(v.Edges, at, depth)
	case *ssa.Parameter:
		return s.parameter(v, at, depth)
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return s.load(v.X, at, depth)
		}
	case *ssa.Field:
		return s.field(v, v.X, at, depth)
	case *ssa.BinOp:
		return s.binary(v, at, depth)
	case *ssa.Call:
		return s.call(v, 0, at, depth)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return s.call(call, v.Index, at, depth)
		}
	}
	return unknown
}

// all is the leaves of values of which one is taken. If one of them is unknown, or comes from outside, so is the choice: it
// may have been checked, and replaced where it is too high.
func (s *search) all(vs []ssa.Value, at ssa.Instruction, depth int) []Leaf {
	if len(vs) == 1 {
		return s.leaves(vs[0], at, depth)
	}
	var out []Leaf
	for _, v := range vs {
		for _, l := range s.leaves(v, at, depth) {
			if l.Kind != Constant {
				return unknown
			}
			out = append(out, l)
		}
	}
	return out
}

func (s *search) parameter(p *ssa.Parameter, at ssa.Instruction, depth int) []Leaf {
	out := []Leaf{{Kind: Parameter, Param: p, At: at}}
	fn := p.Parent()
	for i, q := range fn.Params {
		if q != p {
			continue
		}
		for _, call := range s.g.callers[fn] {
			for _, l := range s.leaves(Given(call)[i], call, depth) {
				if l.Kind != Unknown {
					out = append(out, l)
				}
			}
		}
	}
	return out
}

// load is the leaves of what is stored at an address.
func (s *search) load(addr ssa.Value, at ssa.Instruction, depth int) []Leaf {
	switch addr := addr.(type) {
	case *ssa.Alloc:
		if s.g.handedOut(addr) {
			return unknown // somebody else may fill it in
		}
		return s.all(s.g.storedAt(addr), at, depth)
	case *ssa.FreeVar:
		return s.captured(addr, at, depth)
	case *ssa.Global:
		stores := s.g.stores[addr]
		if len(stores) != 1 || stores[0].Parent().Name() != "init" {
			return unknown // it changes while the program runs
		}
		return s.leaves(stores[0].Val, at, depth)
	case *ssa.FieldAddr:
		return s.field(addr, addr.X, at, depth)
	}
	return unknown
}

// handedOut reports whether the address of a variable, or of a field of it, is given to code that may store there.
func (g *Graph) handedOut(v ssa.Value) bool { return g.isHandedOut(v, map[ssa.Value]bool{}) }

func (g *Graph) isHandedOut(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false // looked at already, or a package variable: what is stored there is known
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.UnOp:
			for _, r := range *in.Referrers() {
				if st, ok := r.(*ssa.Store); ok && st.Val == ssa.Value(in) {
					if other, ok := st.Addr.(*ssa.Alloc); ok && g.isHandedOut(other, seen) {
						return true // cfg := Config{…}, filled in later
					}
				}
			}
		case *ssa.MakeInterface:
			if in.X == v {
				return true // json.Unmarshal(data, &cfg)
			}
		case *ssa.Store:
			if in.Val == v {
				return true // p = &n
			}
		case ssa.CallInstruction:
			_, plain := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Basic)
			if plain || len(g.cfg.Callees(in)) == 0 {
				return true // fill(&n), or code that is not known
			}
		case *ssa.FieldAddr:
			if g.isHandedOut(in, seen) {
				return true
			}
		}
	}
	return false
}

// storedAt lists what is stored in a variable, by its function or by a literal that captures it.
func (g *Graph) storedAt(addr ssa.Value) []ssa.Value {
	var out []ssa.Value
	for _, ref := range *addr.Referrers() {
		c, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue
		}
		for i, b := range c.Bindings {
			if b == addr {
				out = append(out, g.storedAt(c.Fn.(*ssa.Function).FreeVars[i])...)
			}
		}
	}
	return append(out, storedIn(addr)...)
}

// captured is the leaves of a variable of the function around a literal.
func (s *search) captured(v *ssa.FreeVar, at ssa.Instruction, depth int) []Leaf {
	fn := v.Parent()
	var out []Leaf
	for i, f := range fn.FreeVars {
		if f != v {
			continue
		}
		for _, c := range s.g.closers[fn] {
			out = append(out, s.load(c.Bindings[i], at, depth)...)
		}
	}
	return out
}

// field is the leaves of a field of an object: what the functions of the package store there, and what other packages may. v is
// the field or its address, x the object.
func (s *search) field(v, x ssa.Value, at ssa.Instruction, depth int) []Leaf {
	key, field, ok := exactField(v)
	if !ok {
		return unknown
	}
	if s.g.filledIn(x) {
		return unknown
	}
	out := []Leaf{{Kind: Field, Field: field, At: at}}
	for _, store := range s.g.stores[key] {
		base := store.Addr.(*ssa.FieldAddr).X
		if s.g.handedOut(base) || s.g.overwritten(key, store) || !s.g.Meet(base, x) {
			continue // one that somebody else fills in, or another object
		}
		for _, l := range s.leaves(store.Val, store, depth) {
			if l.Kind != Unknown {
				l.Stored = true
				out = append(out, l)
			}
		}
	}
	return out
}

// filledIn reports whether the variable that an object is loaded from is filled in by somebody else.
func (g *Graph) filledIn(x ssa.Value) bool {
	if load, ok := x.(*ssa.UnOp); ok {
		x = load.X
	}
	a, ok := x.(*ssa.Alloc)
	return ok && g.handedOut(a)
}

// overwritten reports whether a store to a field is followed, in the same block, by another one to the same field of the same
// object.
func (g *Graph) overwritten(key any, store *ssa.Store) bool {
	for _, other := range g.stores[key] {
		if other == store || other.Block() != store.Block() || other.Addr.(*ssa.FieldAddr).X != store.Addr.(*ssa.FieldAddr).X {
			continue
		}
		if slices.Index(store.Block().Instrs, ssa.Instruction(other)) > slices.Index(store.Block().Instrs, ssa.Instruction(store)) {
			return true
		}
	}
	return false
}

// binary folds an operation on constants. One on the result of another package's function stands for that: NumCPU() * 2.
func (s *search) binary(v *ssa.BinOp, at ssa.Instruction, depth int) []Leaf {
	x, y := s.leaves(v.X, at, depth), s.leaves(v.Y, at, depth)
	for _, pair := range [][2][]Leaf{{x, y}, {y, x}} {
		if len(pair[0]) == 1 && len(pair[1]) > 0 && pair[0][0].Kind == Result && pair[1][0].Kind != Unknown && pair[1][0].Kind != Result {
			return pair[0]
		}
	}
	if len(x) != 1 || len(y) != 1 || x[0].Kind != Constant || y[0].Kind != Constant {
		return unknown
	}
	switch v.Op {
	case token.ADD, token.SUB, token.MUL:
		return []Leaf{{Kind: Constant, Value: constant.BinaryOp(x[0].Value, v.Op, y[0].Value), At: x[0].At}}
	}
	return unknown
}

// call is the leaves of a result of a call: those of what a function of the package returns.
func (s *search) call(call *ssa.Call, index int, at ssa.Instruction, depth int) []Leaf {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return s.builtin(b.Name(), call.Call.Args, at, depth)
	}
	callees := s.g.cfg.Callees(call)
	if len(callees) > 1 {
		return unknown
	}
	if len(callees) == 0 {
		if n, ok := s.g.cfg.Constant(call); ok {
			return []Leaf{{Kind: Constant, Value: n, At: at}}
		}
		return []Leaf{{Kind: Result, Call: call, At: at}}
	}
	fn := callees[0]
	var returned []ssa.Value
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(r.Results) {
			returned = append(returned, r.Results[index])
		}
	}
	out := s.all(returned, at, depth)
	if len(out) > 0 && out[0].Kind == Parameter && out[0].Param.Parent() == fn {
		return s.leaves(Given(call)[slices.Index(fn.Params, out[0].Param)], at, depth) // it returns what it is given
	}
	if len(out) == 0 {
		return unknown
	}
	return out
}

// builtin is the leaves of min and max with a constant: what they can come to at least or at most.
func (s *search) builtin(name string, args []ssa.Value, at ssa.Instruction, depth int) []Leaf {
	if name != "min" && name != "max" {
		return unknown
	}
	var bound constant.Value
	for _, a := range args {
		for _, l := range s.leaves(a, at, depth) {
			if name == "max" && l.Kind == Result {
				return []Leaf{l} // a floor bounds nothing
			}
			if l.Kind != Constant {
				continue
			}
			op := token.LSS
			if name == "max" {
				op = token.GTR
			}
			if bound == nil || constant.Compare(l.Value, op, bound) {
				bound = l.Value
			}
		}
	}
	if bound == nil {
		return unknown
	}
	return []Leaf{{Kind: Constant, Value: bound, At: at}}
}
