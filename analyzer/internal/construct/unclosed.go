package construct

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// Unclosed is how a pool of main is not closed in order.
type Unclosed struct {
	By  string    // the call that ends the process while a deferred Close waits; empty if there is no Close at all
	Pos token.Pos // of that call
}

// unclosed says how what is built in main is not closed, nil if it is, or is handed to something that may close it.
func (b *Builder) unclosed(fn *ssa.Function, c *Construction) *Unclosed {
	s := c.Site
	if b.Pass.Pkg.Name() != "main" || fn.Parent() != nil || fn.Name() != "main" || s == nil || s.Holder == nil {
		return nil // it may live as long as the process
	}
	if !s.Released {
		if s.Kept {
			return nil // somebody else may close it
		}
		return &Unclosed{Pos: c.Call.Common().Pos()}
	}
	for _, ref := range *s.Holder.Referrers() {
		d, ok := ref.(*ssa.Defer)
		if !ok || !frees(d, s) {
			continue
		}
		if end := b.endAfter(d); end != nil {
			return &Unclosed{By: b.NameOf(end), Pos: end.Common().Pos()}
		}
	}
	return nil
}

// frees reports whether a deferred call is the release of the site.
func frees(d *ssa.Defer, s *release.Site) bool {
	obj, _ := program.Callee(d)
	if obj == nil {
		return false // a function value
	}
	for _, e := range s.Class.Freed {
		if e.Method == obj.Name() {
			return true
		}
	}
	return false
}

// endAfter returns a call behind a defer statement that ends the process without running what is deferred.
func (b *Builder) endAfter(d *ssa.Defer) ssa.CallInstruction {
	seen := map[*ssa.BasicBlock]bool{}
	var search func(block *ssa.BasicBlock, from int) ssa.CallInstruction
	search = func(block *ssa.BasicBlock, from int) ssa.CallInstruction {
		for _, in := range block.Instrs[from:] {
			if call, ok := in.(*ssa.Call); ok {
				if obj, _ := program.Callee(call); obj != nil && b.NoReturn(obj) {
					return call
				}
			}
		}
		for _, next := range block.Succs {
			if !seen[next] {
				seen[next] = true
				if end := search(next, 0); end != nil {
					return end
				}
			}
		}
		return nil
	}
	for i, in := range d.Block().Instrs {
		if in == ssa.Instruction(d) {
			return search(d.Block(), i+1)
		}
	}
	return nil
}
