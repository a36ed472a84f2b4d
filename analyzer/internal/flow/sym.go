package flow

import (
	"fmt"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Op is the form of a symbol.
type Op uint8

const (
	OpOpaque  Op = iota // the value of V, about which nothing else is known
	OpNil               // nil
	OpConst             // a constant
	OpZero              // the zero value of a struct or array
	OpNew               // made by the client; Tag tells them apart
	OpFunc              // a declared function, V
	OpClosure           // a function literal or bound method V with its captured symbols Args
	OpTuple             // the results of a call
	OpPart              // result number Tag of the call Args[0]
	OpAddr              // the address of Path within the object Args[0]
	OpLoad              // what was found at Path within Args[0] when the function began
	OpIsNil             // Args[0] == nil
	OpEq                // Args[0] == Args[1]
	OpNot               // !Args[0]
	OpCmp               // Args[0] Tag Args[1], an ordering
	OpLen               // len(Args[0]), cap, or the last index, as Tag says
	OpPred              // a predicate such as errors.Is(Args[0], Args[1]), or a type assertion: false if Args[0] is nil
	OpJoin              // a value on which joined states did not agree
)

// Sym stands for a run-time value. Symbols are interned: equal symbols are the same pointer, so the same expression over the
// same values is the same symbol wherever it is written.
type Sym struct {
	ID    int
	Op    Op
	V     ssa.Value // OpOpaque, OpFunc, OpClosure, OpJoin: where it comes from
	Gen   int       // OpOpaque: 0 for the value of the current iteration, 1 for an earlier one
	Args  []*Sym
	Tag   string
	Const constant.Value
	T     types.Type // the most concrete type known, may be nil
}

// universe interns the symbols of one Machine.
type universe struct {
	byKey map[string]*Sym
	vals  map[ssa.Value]int
}

func (u *universe) intern(s Sym) *Sym {
	var b strings.Builder
	fmt.Fprintf(&b, "%d|%s|%d", s.Op, s.Tag, s.Gen)
	if s.V != nil {
		id, ok := u.vals[s.V]
		if !ok {
			id = len(u.vals) + 1
			u.vals[s.V] = id
		}
		fmt.Fprintf(&b, "|v%d", id)
	}
	if s.Const != nil {
		fmt.Fprintf(&b, "|c%s", s.Const.ExactString())
	}
	for _, a := range s.Args {
		fmt.Fprintf(&b, "|%d", a.ID)
	}
	key := b.String()
	if old := u.byKey[key]; old != nil {
		return old
	}
	s.ID = len(u.byKey) + 1
	p := &s
	u.byKey[key] = p
	return p
}

// Nil returns the symbol of nil.
func (m *Machine) Nil() *Sym { return m.u.intern(Sym{Op: OpNil}) }

// Bool returns the symbol of a boolean constant.
func (m *Machine) Bool(b bool) *Sym { return m.u.intern(Sym{Op: OpConst, Const: constant.MakeBool(b)}) }

// New returns a symbol of the client's own, distinct from all values of the program.
func (m *Machine) New(tag string, t types.Type) *Sym {
	return m.u.intern(Sym{Op: OpNew, Tag: tag, T: t})
}

// Opaque returns the symbol of v itself; tag tells apart several that one instruction makes.
func (m *Machine) Opaque(v ssa.Value, tag string, t types.Type) *Sym {
	return m.u.intern(Sym{Op: OpOpaque, V: v, Tag: tag, T: t})
}

// Tuple returns the symbol of a multi-value result.
func (m *Machine) Tuple(parts []*Sym) *Sym { return m.u.intern(Sym{Op: OpTuple, Args: parts}) }

// IsNil returns the symbol of the condition s == nil.
func (m *Machine) IsNil(s *Sym) *Sym { return m.u.intern(Sym{Op: OpIsNil, Args: []*Sym{s}}) }

// Pred returns the symbol of a predicate over an error that is false for nil.
func (m *Machine) Pred(name string, args ...*Sym) *Sym {
	return m.u.intern(Sym{Op: OpPred, Tag: name, Args: args})
}

// Closure returns the symbol of a function literal with its captured symbols.
func (m *Machine) closure(v *ssa.MakeClosure, bindings []*Sym) *Sym {
	return m.u.intern(Sym{Op: OpClosure, V: v, Args: bindings, T: v.Type()})
}

func (m *Machine) not(s *Sym) *Sym {
	switch {
	case s.Op == OpNot:
		return s.Args[0]
	case s.Op == OpConst && s.Const.Kind() == constant.Bool:
		return m.Bool(!constant.BoolVal(s.Const))
	}
	return m.u.intern(Sym{Op: OpNot, Args: []*Sym{s}})
}

// equal returns the symbol of a == b, folded where it is known.
func (m *Machine) equal(a, b *Sym) *Sym {
	switch {
	case b.Op == OpNil:
		return m.IsNil(a)
	case a.Op == OpNil:
		return m.IsNil(b)
	case a == b:
		return m.Bool(true)
	case a.Op == OpConst && b.Op == OpConst:
		return m.Bool(a.Const.ExactString() == b.Const.ExactString())
	case a.Op == OpConst:
		a, b = b, a
	}
	if b.Op == OpConst && b.Const.Kind() == constant.Bool {
		if constant.BoolVal(b.Const) {
			return a
		}
		return m.not(a)
	}
	if a.Op != OpConst && b.Op != OpConst && b.ID < a.ID {
		a, b = b, a
	}
	return m.u.intern(Sym{Op: OpEq, Args: []*Sym{a, b}})
}

func (m *Machine) addr(base *Sym, path string) *Sym {
	return m.u.intern(Sym{Op: OpAddr, Args: []*Sym{base}, Tag: path})
}

// constant returns the symbol of a constant of type t.
func (m *Machine) constant(c *ssa.Const) *Sym {
	switch {
	case c.Value != nil:
		return m.u.intern(Sym{Op: OpConst, Const: c.Value, T: c.Type()})
	case isAggregate(c.Type()):
		return m.u.intern(Sym{Op: OpZero})
	}
	return m.Nil()
}

// Zero returns the symbol of the zero value of t.
func (m *Machine) Zero(t types.Type) *Sym {
	switch b := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case b.Info()&types.IsBoolean != 0:
			return m.Bool(false)
		case b.Info()&types.IsString != 0:
			return m.u.intern(Sym{Op: OpConst, Const: constant.MakeString("")})
		case b.Info()&types.IsNumeric != 0:
			return m.u.intern(Sym{Op: OpConst, Const: constant.MakeInt64(0)})
		}
	case *types.Struct, *types.Array:
		return m.u.intern(Sym{Op: OpZero})
	}
	return m.Nil()
}

func isAggregate(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

// Mentions reports whether s is or contains a symbol for which f holds.
func (s *Sym) Mentions(f func(*Sym) bool) bool {
	if f(s) {
		return true
	}
	for _, a := range s.Args {
		if a.Mentions(f) {
			return true
		}
	}
	return false
}

// Loc is a place in memory: a path of fields within an object.
type Loc struct {
	Base *Sym
	Path string
}

// LocOf returns the place a pointer symbol points to.
func LocOf(p *Sym) Loc {
	if p.Op == OpAddr {
		return Loc{p.Args[0], p.Tag}
	}
	return Loc{p, ""}
}

// IsLocal reports whether the object is a variable or composite literal of the functions being executed.
func (s *Sym) IsLocal() bool {
	if s.Op != OpOpaque {
		return false // parameters, results of calls, what was loaded from elsewhere
	}
	_, ok := s.V.(*ssa.Alloc)
	return ok
}

// Fn returns the function that a function symbol stands for, nil if s is none.
func (s *Sym) Fn() *ssa.Function {
	switch v := s.V.(type) {
	case *ssa.Function:
		if s.Op == OpFunc {
			return v
		}
	case *ssa.MakeClosure:
		if s.Op == OpClosure {
			return v.Fn.(*ssa.Function)
		}
	}
	return nil
}

// Inside returns the symbol of something that belongs to s, such as a part that only the client knows of.
func (m *Machine) Inside(s *Sym, tag string) *Sym {
	return m.u.intern(Sym{Op: OpLoad, Args: []*Sym{s}, Tag: tag})
}
