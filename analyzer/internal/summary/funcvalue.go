package summary

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// findAssigns notes what is assigned to variables of function type, which calls where, which drivers are registered, and
// whether all waits of a pool have a timeout.
func (b *builder) findAssigns() {
	for _, fn := range b.withInit() {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				switch in := in.(type) {
				case *ssa.Store:
					if assignable(in.Val.Type()) {
						b.assigns[in.Addr] = append(b.assigns[in.Addr], in.Val)
						if at, ok := repeat.LocationOf(in.Addr); ok && at.Type != nil {
							b.fields[at] = append(b.fields[at], in.Val)
						}
					}
				case *ssa.MakeClosure:
					b.closures[in.Fn.(*ssa.Function)] = append(b.closures[in.Fn.(*ssa.Function)], in)
					for i, v := range in.Bindings {
						b.bind(in.Fn.(*ssa.Function).FreeVars[i], v)
					}
				case *ssa.FieldAddr:
					owner, field := structField(in)
					b.boundsWaits = b.boundsWaits || field != nil && catalog.BoundsWaits(field, owner)
				case ssa.CallInstruction:
					b.calls[in.Common().Pos()] = in
					b.noteDriver(in)
				}
			}
		}
	}
}

// bind notes which variable a literal captures.
func (b *builder) bind(free *ssa.FreeVar, v ssa.Value) {
	if ptr, ok := v.Type().Underlying().(*types.Pointer); ok && assignable(ptr.Elem()) {
		b.captured[free] = v
	}
}

// assignable reports whether it matters what is assigned to a variable of the type: what it is decides what runs.
func assignable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return !isError(t)
	}
	return false
}

// noteDriver notes a driver of the package's own: what it connects to is not known.
func (b *builder) noteDriver(call ssa.CallInstruction) {
	obj, _ := callee(call)
	if obj == nil || obj.FullName() != "database/sql.Register" {
		return
	}
	m, ok := call.Common().Args[1].(*ssa.MakeInterface)
	if !ok {
		return
	}
	t := m.X.Type()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() == b.pass.Pkg {
		if name, ok := stringConst(call.Common().Args[0]); ok {
			b.drivers[name] = true
		}
	}
}

// callee is the function that a call runs, also through a variable that only one function is ever assigned to.
func (b *builder) callee(call ssa.CallInstruction) (*types.Func, *ssa.Function) {
	obj, fn := callee(call)
	if obj != nil || fn != nil || call.Common().IsInvoke() {
		return obj, fn
	}
	fn = b.function(call.Common().Value)
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

// function is the function that a value is, nil if that is not known.
func (b *builder) function(v ssa.Value) *ssa.Function { return b.functionIn(v, maxUses*2) }

func (b *builder) functionIn(v ssa.Value, depth int) *ssa.Function {
	if depth == 0 {
		return nil // s.next = s.next
	}
	switch v := v.(type) {
	case *ssa.Function:
		return v
	case *ssa.MakeClosure:
		return v.Fn.(*ssa.Function)
	case *ssa.ChangeType:
		return b.functionIn(v.X, depth-1)
	case *ssa.UnOp:
		if to := b.assigned(v.X); to != nil {
			return b.functionIn(to, depth-1)
		}
	}
	return nil
}

// concrete is the type behind an interface, nil if that is not known.
func (b *builder) concrete(v ssa.Value) types.Type { return b.concreteIn(v, maxUses*2) }

func (b *builder) concreteIn(v ssa.Value, depth int) types.Type {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X.Type()
	case *ssa.ChangeInterface:
		return b.concreteIn(v.X, depth-1)
	case *ssa.UnOp:
		if to := b.assigned(v.X); to != nil {
			return b.concreteIn(to, depth-1)
		}
	}
	return nil
}

// assigned is the one value that is ever assigned to a variable of this package, or to a field that others cannot assign; nil
// if there are more, or none.
func (b *builder) assigned(addr ssa.Value) ssa.Value {
	if at, ok := repeat.LocationOf(addr); ok && at.Type != nil {
		if to := b.fields[at]; len(to) == 1 && !at.Exported() && at.Type.Pkg() == b.pass.Pkg {
			return to[0]
		}
		return nil
	}
	addr = b.variable(addr)
	to := b.assigns[addr]
	if len(to) != 1 {
		return nil
	}
	if g, ok := addr.(*ssa.Global); ok && g.Object().Exported() {
		return nil
	}
	return to[0]
}

// variable is the variable that an address is of, also as a literal captures it.
func (b *builder) variable(addr ssa.Value) ssa.Value {
	for range maxUses {
		outer, ok := b.captured[addr]
		if !ok {
			break // it is one of the function itself
		}
		addr = outer
	}
	return addr
}
