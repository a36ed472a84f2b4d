package repeat

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Location is where a value outlives a call: a package variable, a field of a struct type, or a variable of an enclosing
// function. Two locations of one field of one type are the same.
type Location struct {
	Global *ssa.Global
	Type   *types.TypeName // of the struct
	Field  int
	Free   string // the name of the variable
}

// Name is the name of the variable or field.
func (l Location) Name() string {
	switch {
	case l.Global != nil:
		return l.Global.Name()
	case l.Type != nil:
		return l.Type.Type().Underlying().(*types.Struct).Field(l.Field).Name()
	}
	return l.Free
}

// Of is the type of what is there; invalid for a captured variable.
func (l Location) Of() types.Type {
	switch {
	case l.Global != nil:
		return l.Global.Object().Type()
	case l.Type != nil:
		return l.Type.Type().Underlying().(*types.Struct).Field(l.Field).Type()
	}
	return types.Typ[types.Invalid]
}

// Exported reports whether other packages can assign it.
func (l Location) Exported() bool { return l.Free == "" && token.IsExported(l.Name()) }

// LocationOf returns the location that a value was loaded from, or that an address is of. A local copy is none.
func LocationOf(v ssa.Value) (Location, bool) {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return LocationOf(v.X)
		}
	case *ssa.Global:
		return Location{Global: v}, true
	case *ssa.FieldAddr:
		return fieldLocation(v.X.Type(), v.Field)
	case *ssa.Field:
		return fieldLocation(v.X.Type(), v.Field)
	case *ssa.FreeVar:
		return Location{Free: v.Name()}, true
	case *ssa.MakeInterface:
		return LocationOf(v.X)
	case *ssa.ChangeInterface:
		return LocationOf(v.X)
	case *ssa.ChangeType:
		return LocationOf(v.X)
	case *ssa.Lookup:
		return LocationOf(v.X) // an element is where its map is
	case *ssa.Call:
		if name := methodName(v); name == "Load" && len(v.Call.Args) > 0 && v.Call.Signature().Recv() != nil {
			return LocationOf(v.Call.Args[0]) // an atomic pointer or flag
		}
	case *ssa.Extract:
		if c := lookedUp(v.Tuple); c != nil && c != v.Tuple {
			return LocationOf(c)
		}
	}
	return Location{}, false
}

func fieldLocation(t types.Type, field int) (Location, bool) {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return Location{}, false // a struct without a name
	}
	return Location{Type: n.Origin().Obj(), Field: field}, true
}
