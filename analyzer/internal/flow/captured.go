package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Captured is the variable of the function around a literal that a symbol was loaded from, nil if it was not.
func (s *Sym) Captured() *ssa.FreeVar {
	if s.Op != OpLoad || s.Tag != "" {
		return nil
	}
	v, _ := s.Args[0].V.(*ssa.FreeVar)
	return v
}

// isFixed reports whether what was loaded is a captured variable that nobody sets once its literal is made.
func isFixed(load *Sym) bool {
	v := load.Captured()
	return v != nil && fixed(v)
}

func fixed(v *ssa.FreeVar) bool {
	makes := MakesOf(v.Parent())
	return len(makes) > 0 && !slices.ContainsFunc(makes, func(made *ssa.MakeClosure) bool {
		switch from := BoundTo(v, made).(type) {
		case *ssa.FreeVar:
			return !fixed(from)
		case *ssa.Alloc:
			_, ok := storesBefore(from, made)
			return !ok
		}
		return true // not a variable
	})
}

// CapturedValue is what a captured variable has whenever its literal runs, and where that literal and those around it are made,
// outermost last. The value is nil if it is not known or may change.
func CapturedValue(v *ssa.FreeVar) (val ssa.Value, made []*ssa.MakeClosure) {
	makes := MakesOf(v.Parent())
	if len(makes) != 1 {
		return nil, nil // one of several
	}
	switch from := BoundTo(v, makes[0]).(type) {
	case *ssa.FreeVar:
		val, made = CapturedValue(from)
	case *ssa.Alloc:
		stores, ok := storesBefore(from, makes[0])
		if !ok || len(stores) == 0 {
			return nil, nil
		}
		last := slices.MaxFunc(stores, func(a, b *ssa.Store) int {
			if precedes(a, b) {
				return -1
			}
			return 1
		})
		if !precedes(last, makes[0]) || slices.ContainsFunc(stores, func(s *ssa.Store) bool { return s != last && !precedes(s, last) }) {
			return nil, nil // whichever comes last
		}
		val = last.Val
	}
	return val, append([]*ssa.MakeClosure{makes[0]}, made...)
}

// MakesOf lists where a literal is made. A method value has none in sight.
func MakesOf(lit *ssa.Function) []*ssa.MakeClosure {
	if lit.Parent() == nil {
		return nil
	}
	var out []*ssa.MakeClosure
	for _, ref := range *lit.Referrers() {
		if made, ok := ref.(*ssa.MakeClosure); ok {
			out = append(out, made)
		}
	}
	return out
}

// BoundTo is what a literal is given for a variable that it captures, where it is made.
func BoundTo(v *ssa.FreeVar, made *ssa.MakeClosure) ssa.Value {
	return made.Bindings[slices.Index(v.Parent().FreeVars, v)]
}

// storesBefore lists what sets a variable. ok is false if something may set it after a literal is made.
func storesBefore(a *ssa.Alloc, made ssa.Instruction) (stores []*ssa.Store, ok bool) {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != a || follows(ref, made, a) {
				return nil, false // its address is kept, or it is set later
			}
			stores = append(stores, ref)
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == a && assigned(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return nil, false // set by a literal
				}
			}
		default:
			return nil, false // its address is given away, or it is a struct
		}
	}
	return stores, true
}

// precedes reports whether an instruction has always run before another.
func precedes(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return a.Block().Dominates(b.Block())
	}
	return slices.Index(a.Block().Instrs, a) < slices.Index(b.Block().Instrs, b)
}

// follows reports whether an instruction may run after another, on the same variable: where the variable is declared, a new one begins.
func follows(b, a ssa.Instruction, of *ssa.Alloc) bool {
	if a.Block() == b.Block() && precedes(a, b) {
		return true
	}
	seen := map[*ssa.BasicBlock]bool{of.Block(): true}
	work := slices.Clone(a.Block().Succs)
	for len(work) > 0 {
		at := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[at] {
			continue
		}
		if at == b.Block() {
			return true
		}
		seen[at] = true
		work = append(work, at.Succs...)
	}
	return false
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
