package program

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/flow"
)

// Used reports whether anything is done with a value.
func Used(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		if _, ok := ref.(*ssa.DebugRef); !ok {
			return true
		}
	}
	return false
}

// Local reports whether a value was made in the function itself.
func Local(v ssa.Value) bool {
	for whole := Whole(v); whole != nil; whole = Whole(v) {
		v = whole
	}
	switch v.(type) {
	case nil, *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return false
	}
	return true
}

// Whole is what a value is loaded from, what it is a field of, or what it is an interface around: one step. It is nil if the value
// is none of these.
func Whole(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.UnOp:
		return v.X
	case *ssa.FieldAddr:
		return v.X
	case *ssa.Field:
		return v.X
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	}
	return nil
}

// ParamOf returns which parameter of fn leads to a value, -1 if none does.
func ParamOf(fn *ssa.Function, v ssa.Value) int {
	for range MaxUses * 2 {
		switch x := v.(type) {
		case *ssa.Parameter:
			return slices.Index(fn.Params, x)
		case *ssa.Alloc:
			stored := StoredIn(x)
			if len(stored) != 1 {
				return -1
			}
			v = stored[0]
		default:
			if v = Whole(v); v == nil {
				return -1
			}
		}
	}
	return -1
}

// Converted is what a value is converted from, to an interface or to another type: one step. It is nil if the value is no
// conversion.
func Converted(v ssa.Value) ssa.Value {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X
	case *ssa.ChangeInterface:
		return v.X
	case *ssa.ChangeType:
		return v.X
	}
	return nil
}

// StoredIn lists what is stored in a variable, or in the fields or elements of one.
func StoredIn(a *ssa.Alloc) []ssa.Value {
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

// Bare is a value without the conversions and the interface around it.
func Bare(v ssa.Value) ssa.Value {
	for from := Converted(v); from != nil; from = Converted(v) {
		v = from
	}
	return v
}

// ResultOf is the call that a value is a result of, nil if it is none.
func ResultOf(v ssa.Value) *ssa.Call {
	if e, ok := v.(*ssa.Extract); ok {
		v = e.Tuple
	}
	call, _ := v.(*ssa.Call)
	return call
}

// Bindings lists what a literal may be given for a variable that it captures: one for each place that makes it.
func Bindings(v *ssa.FreeVar) []ssa.Value {
	var out []ssa.Value
	for _, made := range flow.MakesOf(v.Parent()) {
		out = append(out, flow.BoundTo(v, made))
	}
	return out
}

// IsNil reports whether a value is nil as it is written.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// ReturnsOf lists the return statements of a function, in the order of its blocks.
func ReturnsOf(fn *ssa.Function) []*ssa.Return {
	var out []*ssa.Return
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			out = append(out, r)
		}
	}
	return out
}

// Returned lists the first results of a function's returns, those that are nil left out.
func Returned(fn *ssa.Function) []ssa.Value {
	var out []ssa.Value
	for _, r := range ReturnsOf(fn) {
		if len(r.Results) > 0 && !IsNil(r.Results[0]) {
			out = append(out, r.Results[0])
		}
	}
	return out
}

// StructField returns the field that an address is of, and the type that has it.
func StructField(addr *ssa.FieldAddr) (*types.TypeName, *types.Var) {
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

// StringConst is the value of a string constant.
func StringConst(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// Pointee is what a pointer type points to, another type itself.
func Pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// IsInteger reports whether a type is one of whole numbers.
func IsInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// IsContext reports whether a type is context.Context.
func IsContext(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

// IsError reports whether a type is error.
func IsError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// RecvType is the type of the receiver, the invalid type if there is none.
func RecvType(fn *types.Func) types.Type {
	if r := fn.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

// FieldOf returns the struct, or its address, and the number of the field that a value is, ok is false if it is none.
func FieldOf(v ssa.Value) (x ssa.Value, index int, ok bool) {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return v.X, v.Field, true
	case *ssa.Field:
		return v.X, v.Field, true
	}
	return nil, 0, false
}
