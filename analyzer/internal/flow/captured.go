package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// isFixed reports whether what was loaded is a captured variable that keeps its value: it is set before its literal is made, and
// never again.
func isFixed(load *Sym) bool {
	v, ok := load.Args[0].V.(*ssa.FreeVar)
	return ok && load.Tag == "" && setBefore(v)
}

// setBefore reports whether all variables that a literal may capture as v are set before it is made, and not after.
func setBefore(v *ssa.FreeVar) bool {
	lit := v.Parent()
	if lit.Parent() == nil {
		return false // a method value, whose receiver may be anything
	}
	i := slices.Index(lit.FreeVars, v)
	for _, ref := range *lit.Referrers() {
		made, ok := ref.(*ssa.MakeClosure)
		if !ok {
			return false // it captures nothing
		}
		switch from := made.Bindings[i].(type) {
		case *ssa.FreeVar:
			if !setBefore(from) {
				return false
			}
		case *ssa.Alloc:
			if set := onlyStore(from); set == nil || set.Block() != from.Block() || !precedes(set, made) {
				return false // it is set later, or again, or nobody knows when
			}
		default:
			return false // not a variable
		}
	}
	return true
}

// onlyStore is what sets a variable, nil if that is not one place.
func onlyStore(a *ssa.Alloc) *ssa.Store {
	var only *ssa.Store
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if only != nil || ref.Addr != a {
				return nil // set twice, or its address is kept
			}
			only = ref
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == a && assigned(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return nil // set by a literal
				}
			}
		default:
			return nil // its address is given away, or it is a struct
		}
	}
	return only
}

// precedes reports whether an instruction has always run before another.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
}

// assigned reports whether a function literal may assign to a captured variable.
func assigned(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef, *ssa.FieldAddr:
			// read; a field of a captured struct may be written, which is a place of its own
		case *ssa.MakeClosure:
			for i, b := range in.Bindings {
				if b == v && assigned(in.Fn.(*ssa.Function).FreeVars[i]) {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}
