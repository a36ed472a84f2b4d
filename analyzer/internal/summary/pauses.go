package summary

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// pauses reports whether an instruction may wait: for a time, a channel, a limiter, in a function of the program's own, or in one
// that nobody knows.
func (t *taker) pauses(in ssa.Instruction) bool { return t.pausesAt(in, program.MaxUses) }

func (t *taker) pausesAt(in ssa.Instruction, depth int) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.Select, *ssa.Send:
		return true
	case *ssa.Call:
		if _, builtin := in.Call.Value.(*ssa.Builtin); builtin {
			return false
		}
		obj, fn := t.Callee(in)
		if t.RowOf(obj, in) != nil {
			return false // it takes its time, but no pause
		}
		if t.Analyzed(fn) {
			return obj != nil && t.Cat.Pauses(obj) || depth > 0 && t.pausesWithin(fn, depth-1)
		}
		return t.Cat.Pauses(obj)
	}
	return false
}

// pausesWithin reports whether a function may wait.
func (t *taker) pausesWithin(fn *ssa.Function, depth int) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool { return t.pausesAt(in, depth) })
}
