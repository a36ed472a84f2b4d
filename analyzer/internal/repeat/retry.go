package repeat

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// Retry returns the innermost loop around an instruction, if it comes back to the instruction only after a failure: it has one
// success, however many rounds that takes.
func Retry(in ssa.Instruction) (Loop, bool) {
	start := in.Block()
	loops := LoopsAround(start)
	if len(loops) == 0 {
		return Loop{}, false
	}
	l, first := loops[0], way{at: start}
	seen := map[string]bool{}
	for work := first.goodExits(in); len(work) > 0; {
		w := work[len(work)-1]
		work = work[:len(work)-1]
		if !l.Blocks[w.at] || seen[w.key()] {
			continue // it has left the loop, or was here
		}
		if w.at == start || w.nextRound() || len(seen) > maxStates {
			return Loop{}, false // another round after a success
		}
		seen[w.key()] = true
		work = append(work, w.goodExits(in)...)
	}
	return l, true
}

// Failed returns the innermost loop around a call that returns an error, and the blocks of it that control passes on its way
// from a failure of the call back to it; none if a failure ends the loop or nothing asks for it.
func Failed(call *ssa.Call) (Loop, map[*ssa.BasicBlock]bool) {
	loops := LoopsAround(call.Block())
	if len(loops) == 0 {
		return Loop{}, nil
	}
	l := loops[0]
	passed := map[*ssa.BasicBlock]bool{}
	back := false
	var walk func(b *ssa.BasicBlock)
	walk = func(b *ssa.BasicBlock) {
		if b == call.Block() {
			back = true
			return
		}
		if !l.Blocks[b] || passed[b] {
			return
		}
		passed[b] = true
		for _, s := range b.Succs {
			walk(s)
		}
	}
	for _, failed := range failures(call) {
		walk(failed)
	}
	if !back {
		return Loop{}, nil
	}
	return l, passed
}

// failures lists the blocks that control comes to when a call has failed.
func failures(call *ssa.Call) []*ssa.BasicBlock {
	var out []*ssa.BasicBlock
	for _, err := range errorsOf(call) {
		for _, ref := range *err.Referrers() {
			cmp, ok := ref.(*ssa.BinOp)
			if !ok || cmp.Op != token.NEQ && cmp.Op != token.EQL || !isNil(cmp.X) && !isNil(cmp.Y) {
				continue // no comparison with nil
			}
			for _, use := range *cmp.Referrers() {
				if in, ok := use.(*ssa.If); ok {
					failed := 0
					if cmp.Op == token.EQL {
						failed = 1
					}
					out = append(out, in.Block().Succs[failed])
				}
			}
		}
	}
	return out
}

// errorsOf lists the results of a call that are errors.
func errorsOf(call *ssa.Call) []ssa.Value {
	if isError(call.Type()) {
		return []ssa.Value{call}
	}
	var out []ssa.Value
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && isError(e.Type()) {
			out = append(out, e)
		}
	}
	return out
}

// Exits lists the conditions on which a loop is left.
func (l Loop) Exits() []ssa.Value {
	var out []ssa.Value
	for _, b := range l.Header.Parent().Blocks {
		if cond, ok := lastIf(b); ok && l.Blocks[b] && !(l.Blocks[b.Succs[0]] && l.Blocks[b.Succs[1]]) {
			out = append(out, cond)
		}
	}
	return out
}
