package repeat

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// ForOne reports whether an instruction in a loop runs only in the rounds in which something equals a constant: one element,
// one kind.
func ForOne(in ssa.Instruction) bool {
	if _, body := in.Parent().Syntax().(*ast.RangeStmt); body {
		return false // ssa compares the state of the iteration
	}
	for b := in.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		cond, ok := lastIf(d)
		if !ok {
			continue
		}
		cmp, ok := cond.(*ssa.BinOp)
		if !ok || cmp.Op != token.EQL || !isPlain(cmp.X) && !isPlain(cmp.Y) || ofSelect(cmp.X) {
			continue // no comparison with a constant, or the choice of a select
		}
		s := d.Succs[0]
		if len(s.Preds) == 1 && s.Dominates(in.Block()) {
			return true
		}
	}
	return false
}

// isPlain reports whether a value is a constant other than nil, true and false.
func isPlain(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.String() != "true" && c.Value.String() != "false"
}

// ofSelect reports whether a value is the number of the case that a select has come to.
func ofSelect(v ssa.Value) bool {
	e, ok := v.(*ssa.Extract)
	if !ok {
		return false
	}
	_, ok = e.Tuple.(*ssa.Select)
	return ok
}
