package take

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Pauses reports whether an instruction may wait: for a time, a channel, a limiter, in a function of the program's own, or in one
// that nobody knows.
func (t *Taker) Pauses(in ssa.Instruction) bool { return t.pausesAt(in, program.MaxUses) }

func (t *Taker) pausesAt(in ssa.Instruction, depth int) bool {
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
			return obj != nil && t.Cat.Pauses(obj) || depth > 0 && t.PausesWithin(fn, depth-1)
		}
		return t.Cat.Pauses(obj)
	}
	return false
}

// PausesWithin reports whether a function may wait.
func (t *Taker) PausesWithin(fn *ssa.Function, depth int) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool { return t.pausesAt(in, depth) })
}
