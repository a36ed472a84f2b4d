package program

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// Embedded reports whether a constructor is for a database in the process.
func (p *Program) Embedded(call ssa.CallInstruction, row *catalog.Row) bool {
	args := call.Common().Args
	if row.Driver > 0 && row.Driver <= len(args) {
		name, ok := StringConst(args[row.Driver-1])
		return ok && (catalog.EmbeddedDriver(name) || p.drivers[name])
	}
	for _, a := range args {
		if m, ok := a.(*ssa.MakeInterface); ok {
			a = m.X
		}
		made, ok := a.(*ssa.Call)
		if !ok {
			continue
		}
		if obj, _ := Callee(made); obj != nil && obj.Pkg() != nil && catalog.EmbeddedPackage(obj.Pkg().Path()) {
			return true // gorm.Open(sqlite.Open(…))
		}
	}
	return false
}

// findDrivers notes the drivers that the package registers.
func (p *Program) findDrivers() {
	for call := range p.Calls() {
		p.noteDriver(call)
	}
}

// noteDriver notes a driver of the package's own: what it connects to is not known.
func (p *Program) noteDriver(call ssa.CallInstruction) {
	obj, _ := Callee(call)
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
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() == p.Pass.Pkg {
		if name, ok := StringConst(call.Common().Args[0]); ok {
			p.drivers[name] = true
		}
	}
}

// Wraps reports whether a constructor is given settings that hold a pool which is there already.
func (p *Program) Wraps(call ssa.CallInstruction) bool {
	for _, a := range call.Common().Args {
		if holdsHandle(a, MaxUses*2) {
			return true
		}
	}
	return false
}

// holdsHandle reports whether a pool was put into the settings that a value is made of.
func holdsHandle(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return holdsHandle(v.X, depth-1)
	case *ssa.ChangeInterface:
		return holdsHandle(v.X, depth-1)
	case *ssa.UnOp:
		return holdsHandle(v.X, depth-1)
	case *ssa.Slice:
		return holdsHandle(v.X, depth-1)
	case *ssa.Call:
		for _, a := range v.Call.Args {
			if holdsHandle(a, depth-1) {
				return true
			}
		}
	case *ssa.Alloc:
		return allocHoldsHandle(v, depth-1)
	}
	return false
}

func allocHoldsHandle(a *ssa.Alloc, depth int) bool {
	for _, ref := range *a.Referrers() {
		switch in := ref.(type) {
		case *ssa.FieldAddr:
			if takesHandle(in) && stores(in) {
				return true
			}
		case *ssa.IndexAddr:
			for _, r := range *in.Referrers() {
				if s, ok := r.(*ssa.Store); ok && holdsHandle(s.Val, depth) {
					return true
				}
			}
		case *ssa.Store:
			if in.Addr == a && holdsHandle(in.Val, depth) {
				return true
			}
		}
	}
	return false
}

func takesHandle(f *ssa.FieldAddr) bool {
	ptr, ok := f.X.Type().Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(ptr.Elem()).(*types.Named)
	if !ok {
		return false
	}
	s, ok := named.Underlying().(*types.Struct)
	return ok && catalog.TakesHandle(s.Field(f.Field), named.Obj())
}

func stores(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == addr {
			return true
		}
	}
	return false
}
