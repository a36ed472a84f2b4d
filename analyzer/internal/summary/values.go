package summary

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

func used(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.DebugRef); !ok {
			return true
		}
	}
	return false
}

// local reports whether a value was made in the function itself.
func local(v ssa.Value) bool {
	switch v := v.(type) {
	case nil, *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return false
	case *ssa.UnOp:
		return local(v.X)
	case *ssa.MakeInterface:
		return local(v.X)
	case *ssa.ChangeInterface:
		return local(v.X)
	case *ssa.FieldAddr:
		return local(v.X)
	case *ssa.Field:
		return local(v.X)
	}
	return true
}

// storedIn lists what is stored in a variable, or in the fields or elements of one.
func storedIn(a *ssa.Alloc) []ssa.Value {
	var out []ssa.Value
	add := func(addr ssa.Value) {
		for _, ref := range *addr.Referrers() {
			if s, ok := ref.(*ssa.Store); ok && s.Addr == addr {
				out = append(out, s.Val)
			}
		}
	}
	add(a)
	for _, ref := range *a.Referrers() {
		switch part := ref.(type) {
		case *ssa.FieldAddr:
			add(part)
		case *ssa.IndexAddr:
			add(part)
		}
	}
	return out
}

// bare is a value without the interface around it.
func bare(v ssa.Value) ssa.Value {
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		default:
			return v
		}
	}
}

// resultOf is the call that a value is a result of, nil if it is none.
func resultOf(v ssa.Value) *ssa.Call {
	if e, ok := v.(*ssa.Extract); ok {
		v = e.Tuple
	}
	call, _ := v.(*ssa.Call)
	return call
}

// parentOf is the function that a value belongs to, nil if it belongs to the package.
func parentOf(v ssa.Value) *ssa.Function {
	if v == nil {
		return nil
	}
	return v.Parent()
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

func returnsOf(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = append(out, r)
		}
	}
	return out
}

// returned lists the first results of a function's returns, those that are nil left out.
func returned(fn *ssa.Function) []ssa.Value {
	var out []ssa.Value
	for _, r := range returnsOf(fn) {
		if len(r.Results) > 0 && !isNil(r.Results[0]) {
			out = append(out, r.Results[0])
		}
	}
	return out
}

// structField returns the field that an address is of, and the type that has it.
func structField(addr *ssa.FieldAddr) (*types.TypeName, *types.Var) {
	ptr, ok := addr.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return nil, nil
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	if !ok {
		return nil, nil
	}
	return named.Obj(), named.Underlying().(*types.Struct).Field(addr.Field)
}

// stringConst is the value of a string constant.
func stringConst(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// pointee is what a pointer type points to, another type itself.
func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isContext(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func recvType(fn *types.Func) types.Type {
	if r := fn.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

// PosOf is the position by which an instruction is found in the syntax.
func PosOf(in ssa.Instruction) token.Pos {
	if call, ok := in.(ssa.CallInstruction); ok {
		return call.Common().Pos()
	}
	return in.Pos()
}

func fieldOfValue(v ssa.Value) (x ssa.Value, index int, ok bool) {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return v.X, v.Field, true
	case *ssa.Field:
		return v.X, v.Field, true
	}
	return nil, 0, false
}

func isBuiltinLen(c *ssa.Call) bool {
	b, ok := c.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}
