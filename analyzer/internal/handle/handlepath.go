package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Elements ends the path of a handle that is one of many: of a map, a slice or an array of pools.
const Elements = "[]"

// FamilyOf is the family of handles that the handle of a library's call belongs to, empty if that is not known. Two pools of
// different kinds are not the same. An interface of the program's own has the kind of the types in its methods.
func (h *Handles) FamilyOf(call ssa.CallInstruction, row *catalog.Row, handle ssa.Value) string {
	if handle != nil {
		if kind := h.FamilyOfType(handle.Type()); kind != "" {
			return kind
		}
	}
	if h.Cat.IsLibrary(row.Path) {
		return catalog.Family(row.Path)
	}
	sig := call.Common().Signature()
	for _, tuple := range []*types.Tuple{sig.Results(), sig.Params()} {
		for v := range tuple.Variables() {
			if kind := h.FamilyOfType(v.Type()); kind != "" {
				return kind
			}
		}
	}
	return ""
}

// FamilyOfType is the family of a library's type, empty for another type.
func (h *Handles) FamilyOfType(typ types.Type) string {
	named, ok := types.Unalias(program.Pointee(typ)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || !h.Cat.Within(named.Obj().Pkg().Path()) {
		return ""
	}
	return catalog.Family(h.Cat.Library(named.Obj().Pkg().Path()))
}

// PathOf names where a handle is kept: "example.com/app/store.Repo.db" for a field, "example.com/app/db.Pool" for a variable,
// "example.com/app/db.Conn()" for what a function returns. It is empty for a parameter and a local variable.
func (h *Handles) PathOf(v ssa.Value) string { return h.pathIn(v, program.MaxUses*3) }

func (h *Handles) pathIn(v ssa.Value, depth int) string {
	if depth == 0 {
		return ""
	}
	switch v := v.(type) {
	case *ssa.Global:
		return v.Pkg.Pkg.Path() + "." + v.Name()
	case *ssa.UnOp:
		return h.pathIn(v.X, depth-1)
	case *ssa.FieldAddr:
		return h.fieldPath(v.X, v.Field, depth)
	case *ssa.Field:
		return h.fieldPath(v.X, v.Field, depth)
	case *ssa.IndexAddr, *ssa.Lookup, *ssa.Index:
		return Elements
	case *ssa.Extract:
		return h.pathIn(v.Tuple, depth-1)
	case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType:
		return h.pathIn(program.Converted(v), depth-1)
	case *ssa.TypeAssert:
		return h.pathIn(v.X, depth-1)
	case *ssa.FreeVar, *ssa.Alloc:
		if from := h.soleSource(v); from != nil {
			return h.pathIn(from, depth-1)
		}
	case *ssa.Call:
		return h.callPath(v, depth)
	}
	return ""
}

// fieldPath names a field. A field of a library's type is the handle that has it: the *sql.DB in a *sqlx.DB.
func (h *Handles) fieldPath(x ssa.Value, index, depth int) string {
	owner := program.Pointee(x.Type())
	named, ok := types.Unalias(owner).(*types.Named)
	if !ok || h.Whole(owner) || named.Obj().Pkg() == nil {
		return h.pathIn(x, depth-1)
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name() + "." + s.Field(index).Name()
}

// callPath names what a call returns: the handle by another name, or by the function that returns it.
func (h *Handles) callPath(call *ssa.Call, depth int) string {
	obj, fn := program.Callee(call)
	if row := h.Cat.Func(obj); row != nil {
		if row.Alias || row.Gets() {
			return h.pathIn(program.WorksOn(call, row), depth-1)
		}
		return "" // it is made here
	}
	if h.Analyzed(fn) {
		path := ""
		for _, r := range program.Returned(fn) {
			p := h.pathIn(r, depth-1)
			if p == "" || path != "" && p != path {
				return "" // one of several
			}
			path = p
		}
		return path
	}
	if obj == nil || obj.Pkg() == nil {
		return "" // a function value
	}
	if slices.ContainsFunc(call.Call.Args, isKey) && !slices.ContainsFunc(call.Call.Args, h.isHandle) {
		return Elements
	}
	return obj.FullName() + "()"
}

// isHandle reports whether an argument is a pool, or what may be one, which the callee puts into something: New(pool, schema).
func (h *Handles) isHandle(v ssa.Value) bool {
	return h.Cat.Type(v.Type()) != nil || types.IsInterface(v.Type()) && h.queries(v.Type())
}

// isKey reports whether an argument tells one of many from the others: a name or a number that is not constant.
func isKey(v ssa.Value) bool {
	if _, ok := v.(*ssa.Const); ok {
		return false // always the same one
	}
	switch u := v.Type().Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsString|types.IsInteger) != 0
	case *types.Array: // a UUID
		return true
	}
	return false
}

// soleSource returns what a captured or local variable holds, if only one thing is assigned to it.
func (h *Handles) soleSource(v ssa.Value) ssa.Value {
	if a, ok := v.(*ssa.Alloc); ok {
		var only ssa.Value
		for _, ref := range *a.Referrers() {
			s, ok := ref.(*ssa.Store)
			if !ok || s.Addr != a || program.IsNil(s.Val) {
				continue // not an assignment of a handle
			}
			if only != nil {
				return nil // one of several
			}
			only = s.Val
		}
		return only
	}
	if fv, ok := v.(*ssa.FreeVar); ok {
		if c := program.Bindings(fv); len(c) == 1 {
			return c[0]
		}
	}
	return nil
}

// Plain strips what only gives a handle another form: loads, conversions, captures, variables that are assigned once.
func (h *Handles) Plain(v ssa.Value) ssa.Value {
	for range program.MaxUses * 4 {
		next := v
		switch x := v.(type) {
		case *ssa.UnOp:
			next = x.X
		case *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType:
			next = program.Converted(x)
		case *ssa.TypeAssert:
			next = x.X
		case *ssa.Extract:
			call, isCall := x.Tuple.(*ssa.Call)
			if !isCall {
				next = x.Tuple
			} else if alias := h.Alias(call); alias != nil && x.Index == 0 {
				next = alias
			}
		case *ssa.FieldAddr:
			if h.Whole(program.Pointee(x.X.Type())) {
				next = x.X // the handle that a library embeds
			}
		case *ssa.Alloc, *ssa.FreeVar:
			if from := h.soleSource(x); from != nil {
				next = from
			}
		case *ssa.Call:
			next = h.Base(x)
			if alias := h.Alias(x); alias != nil {
				next = alias
			}
		}
		if next == v {
			break
		}
		v = next
	}
	return v
}
