package runs

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// RunsMeanwhile reports whether a literal has run when the function around it returns, and not at its end.
func (ix *Index) RunsMeanwhile(fn *ssa.Function) bool {
	use := ix.Uses[fn]
	switch use.(type) {
	case nil, *ssa.Defer:
		return false // it is stored, or runs at the end
	case *ssa.Go:
		return ix.JoinsOthers(fn.Parent())
	}
	obj, _ := program.Callee(use)
	switch {
	case program.LiteralCalled(use) == fn:
		return true
	case ix.Cat.StarterOf(obj) != nil:
		return ix.JoinsOthers(fn.Parent())
	}
	if row := ix.RowOf(obj, use); row != nil {
		return row.Callback
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) != fn {
			continue
		}
		for _, run := range ix.RunsBy(use, i) {
			if !run.Go && run.Entry == "" {
				return true
			}
		}
	}
	return false
}

// JoinsOthers reports whether a function, or a literal of it, waits for goroutines, or for an answer.
func (ix *Index) JoinsOthers(fn *ssa.Function) bool {
	for _, f := range program.Family(fn) {
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				switch in := in.(type) {
				case *ssa.Call:
					if obj, _ := program.Callee(in); ix.Cat.Joins(obj) {
						return true
					}
				case *ssa.Defer:
					if obj, _ := program.Callee(in); ix.Cat.Joins(obj) {
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
