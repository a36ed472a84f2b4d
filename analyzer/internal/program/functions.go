package program

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Family lists a function and all its literals.
func Family(fn *ssa.Function) []*ssa.Function {
	out := []*ssa.Function{fn}
	for _, a := range fn.AnonFuncs {
		out = append(out, Family(a)...)
	}
	return out
}

// Outermost returns the declared function that a literal is written in, a declared function itself.
func Outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// Literal returns the function literal that a value is, nil if it is none.
func Literal(v ssa.Value) *ssa.Function {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		if fn := v.Fn.(*ssa.Function); fn.Parent() != nil {
			return fn
		}
	case *ssa.Function:
		if v.Parent() != nil {
			return v
		}
	case *ssa.ChangeType:
		return Literal(v.X)
	case *ssa.MakeInterface:
		return Literal(v.X)
	}
	return nil
}

// InPlace reports whether a call runs a literal that stands right before it, in a go or defer statement or as an expression.
// One in a variable is like any other function.
func InPlace(call ssa.CallInstruction, fn *ssa.Function) bool {
	lit, ok := fn.Syntax().(*ast.FuncLit)
	return ok && lit.End() == call.Common().Pos()
}

// FunctionName is the name of a declared function, empty for a literal.
func FunctionName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return ""
	}
	return fn.Name()
}

// HasInstr reports whether a function, without its literals, has an instruction of a kind.
func HasInstr(fn *ssa.Function, is func(ssa.Instruction) bool) bool {
	for _, b := range fn.Blocks {
		if slices.ContainsFunc(b.Instrs, is) {
			return true
		}
	}
	return false
}

// Before reports whether one instruction of a function may run before another.
func Before(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return ComesTo(a.Block(), b.Block())
	}
	for _, in := range a.Block().Instrs {
		if in == a {
			return true
		}
		if in == b {
			return false
		}
	}
	return false
}

// Own returns the function of this package that an object declares, nil if it is another's.
func (p *Program) Own(obj *types.Func) *ssa.Function {
	if obj == nil || obj.Pkg() != p.Pass.Pkg {
		return nil
	}
	if fn := p.Pkg.Prog.FuncValue(obj.Origin()); fn != nil && len(fn.Blocks) > 0 {
		return fn
	}
	return nil
}

// InterfaceMethods lists the methods of an interface; of another type, none.
func InterfaceMethods(t types.Type) []*types.Func {
	u, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var out []*types.Func
	for i := range u.NumMethods() {
		out = append(out, u.Method(i))
	}
	return out
}

// MaxUses bounds how many calls deep a value is followed by its uses alone.
const MaxUses = 3

// OwnCallee returns the function of this package that a call runs, nil if it runs another.
func (p *Program) OwnCallee(call ssa.CallInstruction) *ssa.Function {
	if _, fn := Callee(call); p.Analyzed(fn) {
		return fn
	}
	return nil
}

// ComesTo reports whether control can come from one block to another, or stays in it.
func ComesTo(from, to *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}
