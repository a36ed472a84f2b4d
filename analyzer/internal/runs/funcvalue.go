package runs

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// findAssigns notes what is assigned to variables of function type, which calls where, and
// whether all waits of a pool have a timeout.
func (ix *Index) findAssigns() {
	for _, fn := range ix.WithInit() {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					if assignable(in.Val.Type()) {
						ix.assigns[in.Addr] = append(ix.assigns[in.Addr], in.Val)
						if at, ok := repeat.LocationOf(in.Addr); ok && at.Type != nil {
							ix.fields[at] = append(ix.fields[at], in.Val)
						}
					}
				case *ssa.MakeClosure:
					for i, v := range in.Bindings {
						ix.bind(in.Fn.(*ssa.Function).FreeVars[i], v)
					}
				case *ssa.FieldAddr:
					owner, field := program.StructField(in)
					ix.BoundsWaits = ix.BoundsWaits || field != nil && catalog.BoundsWaits(field, owner)
				case ssa.CallInstruction:
					ix.calls[in.Common().Pos()] = in
				}
			}
		}
	}
}

// CallAt is the call whose opening parenthesis is at a position, nil if there is none.
func (ix *Index) CallAt(pos token.Pos) ssa.CallInstruction { return ix.calls[pos] }

// bind notes which variable a literal captures.
func (ix *Index) bind(free *ssa.FreeVar, v ssa.Value) {
	if ptr, ok := v.Type().Underlying().(*types.Pointer); ok && assignable(ptr.Elem()) {
		ix.captured[free] = v
	}
}

// assignable reports whether it matters what is assigned to a variable of the type: what it is decides what runs.
func assignable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return !program.IsError(t)
	}
	return false
}

// Callee is the function that a call runs, also through a variable that only one function is ever assigned to.
func (ix *Index) Callee(call ssa.CallInstruction) (*types.Func, *ssa.Function) {
	obj, fn := program.Callee(call)
	if obj != nil || fn != nil || call.Common().IsInvoke() {
		return obj, fn
	}
	fn = ix.Function(call.Common().Value)
	if fn == nil {
		return nil, nil
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	if obj, ok := fn.Object().(*types.Func); ok {
		return obj.Origin(), fn
	}
	return nil, fn
}

// Function is the function that a value is, nil if that is not known.
func (ix *Index) Function(v ssa.Value) *ssa.Function { return ix.functionIn(v, program.MaxUses*2) }

func (ix *Index) functionIn(v ssa.Value, depth int) *ssa.Function {
	if depth == 0 {
		return nil // s.next = s.next
	}
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return ix.functionIn(v.X, depth-1)
	case *ssa.UnOp:
		if to := ix.assigned(v.X); to != nil {
			return ix.functionIn(to, depth-1)
		}
	}
	return nil
}

// Concrete is the type behind an interface, nil if that is not known.
func (ix *Index) Concrete(v ssa.Value) types.Type { return ix.concreteIn(v, program.MaxUses*2) }

func (ix *Index) concreteIn(v ssa.Value, depth int) types.Type {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X.Type()
	case *ssa.ChangeInterface:
		return ix.concreteIn(v.X, depth-1)
	case *ssa.UnOp:
		if to := ix.assigned(v.X); to != nil {
			return ix.concreteIn(to, depth-1)
		}
	}
	return nil
}

// assigned is the one value that is ever assigned to a variable of this package, or to a field that others cannot assign; nil
// if there are more, or none.
func (ix *Index) assigned(addr ssa.Value) ssa.Value {
	if at, ok := repeat.LocationOf(addr); ok && at.Type != nil {
		if to := ix.fields[at]; len(to) == 1 && !at.Exported() && at.Type.Pkg() == ix.Pass.Pkg {
			return to[0]
		}
		return nil
	}
	addr = ix.Variable(addr)
	to := ix.assigns[addr]
	if len(to) != 1 {
		return nil
	}
	if g, ok := addr.(*ssa.Global); ok && g.Object().Exported() {
		return nil
	}
	return to[0]
}

// AssignedTo lists what is assigned to a variable that decides what runs, also in the literals that capture it.
func (ix *Index) AssignedTo(root ssa.Value) []ssa.Value {
	var frees []ssa.Value
	for free := range ix.captured {
		if ix.Variable(free) == root {
			frees = append(frees, free)
		}
	}
	slices.SortFunc(frees, func(x, y ssa.Value) int { return cmp.Compare(x.Parent().Pos(), y.Parent().Pos()) })
	stored := slices.Clone(ix.assigns[root])
	for _, free := range frees {
		stored = append(stored, ix.assigns[free]...) // a literal assigns it
	}
	return stored
}

// FieldValues lists what is assigned to the fields of a struct type that decide what runs.
func (ix *Index) FieldValues(typ types.Type) []ssa.Value {
	var out []ssa.Value
	for at, stored := range ix.fields {
		if at.Type != nil && types.Identical(at.Type.Type(), typ) {
			out = append(out, stored...)
		}
	}
	return out
}

// Variable is the variable that an address is of, also as a literal captures it.
func (ix *Index) Variable(addr ssa.Value) ssa.Value {
	for range program.MaxUses {
		outer, ok := ix.captured[addr]
		if !ok {
			break // it is one of the function itself
		}
		addr = outer
	}
	return addr
}
