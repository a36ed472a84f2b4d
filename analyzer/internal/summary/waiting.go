package summary

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// waitFor looks at an instruction at which a goroutine that holds a connection may wait for others: they may need one.
func (h *holds) waitFor(held holding, in ssa.Instruction, via ssa.CallInstruction) {
	if !h.mayWait(in) {
		return // it waits for nobody
	}
	for _, fn := range family(outermost(in.Parent())) {
		for call := range callsOf(fn) {
			started, _, ok := h.started(call)
			if !ok || len(started) == 0 || !h.waitedAt(in, call, started) {
				continue // another group's
			}
			if k, ok := h.reached(call, started); ok && !k.Busy && !h.builtInside(started, k) {
				at := in
				if via != nil {
					at = via
				}
				h.addAs(ForGoroutines, held, at, k)
				return
			}
		}
	}
}

// mayWait reports whether an instruction waits for other goroutines.
func (h *holds) mayWait(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return true
	case *ssa.Select:
		return in.Blocking && len(in.States) == 1
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.Call:
		obj, _ := callee(in)
		return h.cat.Joins(obj)
	}
	return false
}

// waitedAt reports whether an instruction waits for what a call has started: for its end, or to be rid of what it sends to it.
func (h *holds) waitedAt(in ssa.Instruction, call ssa.CallInstruction, started []ssa.Value) bool {
	send, ok := in.(*ssa.Send)
	if !ok {
		return h.joins(in, call, started)
	}
	return h.inStarted(started, func(in ssa.Instruction) bool {
		recv, ok := in.(*ssa.UnOp)
		return ok && recv.Op == token.ARROW && h.graph.Meet(recv.X, send.Chan)
	}) && slices.ContainsFunc(started, func(v ssa.Value) bool { return h.function(v) != nil })
}

// waitsForOthers reports whether a function waits for other goroutines somewhere.
func (h *holds) waitsForOthers(fn *ssa.Function) bool {
	return hasInstr(fn, h.mayWait)
}
