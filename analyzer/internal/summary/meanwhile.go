package summary

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// runsMeanwhile reports whether a literal has run when the function around it returns, and not at its end.
func (t *runIndex) runsMeanwhile(fn *ssa.Function) bool {
	use := t.uses[fn]
	switch use.(type) {
	case nil, *ssa.Defer:
		return false // it is stored, or runs at the end
	case *ssa.Go:
		return t.joinsOthers(fn.Parent())
	}
	obj, _ := callee(use)
	switch {
	case literalCalled(use) == fn:
		return true
	case t.cat.StarterOf(obj) != nil:
		return t.joinsOthers(fn.Parent())
	}
	if row := t.rowOf(obj, use); row != nil {
		return row.Callback
	}
	for i, a := range use.Common().Args {
		if literal(a) != fn {
			continue
		}
		for _, run := range t.runsBy(use, i) {
			if !run.Go && run.Entry == "" {
				return true
			}
		}
	}
	return false
}

// joinsOthers reports whether a function, or a literal of it, waits for goroutines, or for an answer.
func (t *runIndex) joinsOthers(fn *ssa.Function) bool {
	for _, f := range family(fn) {
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Call:
					if obj, _ := callee(in); t.cat.Joins(obj) {
						return true
					}
				case *ssa.Defer:
					if obj, _ := callee(in); t.cat.Joins(obj) {
						return true
					}
				case *ssa.UnOp:
					if in.Op == token.ARROW && f == fn {
						return true
					}
				case *ssa.Select:
					if f == fn {
						return true
					}
				}
			}
		}
	}
	return false
}
