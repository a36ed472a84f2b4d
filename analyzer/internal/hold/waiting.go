package hold

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// waitFor looks at an instruction at which a goroutine that holds a connection may wait for others: they may need one.
func (h *Finder) waitFor(held holding, in ssa.Instruction, via ssa.CallInstruction) {
	if !h.mayWait(in) {
		return // it waits for nobody
	}
	if ch := sentTo(in); ch != nil && h.consumed(held, in, ch) {
		return
	}
	for _, fn := range h.starters(in) {
		for call := range program.CallsOf(fn) {
			started, _, ok := h.Started(call)
			if !ok || len(started) == 0 || !h.waitedAt(in, call, started) {
				continue // another group's
			}
			if k, ok := h.Reached(call, started); ok && !k.Busy && !h.BuiltInside(started, k) {
				at := in
				if via != nil {
					at = via
				}
				h.addAs(ForGoroutines, held, at, h.wanted(held, call, started, k))
				return
			}
		}
	}
}

// wanted is what the goroutines take of the pool that is held, if they take something of several, and otherwise the first of all.
func (h *Finder) wanted(held holding, call ssa.CallInstruction, started []ssa.Value, first take.Taking) take.Taking {
	for _, k := range h.AllReached(call, started) {
		if !k.Busy && !h.BuiltInside(started, k) && h.Compare(held.pool, h.RefOf(k)) != handle.Unlike {
			return k
		}
	}
	return first
}

// mayWait reports whether an instruction waits for other goroutines.
func (h *Finder) mayWait(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return true
	case *ssa.Select:
		return in.Blocking && !slices.ContainsFunc(in.States, func(s *ssa.SelectState) bool { return isTimer(s.Chan) })
	case *ssa.UnOp:
		return in.Op == token.ARROW
	case *ssa.Call:
		obj, _ := program.Callee(in)
		return h.Cat.Joins(obj) || h.waitsToStart(in)
	}
	return false
}

// waitsToStart reports whether a call starts a goroutine in a group that has a limit, so that it may have to wait for one of
// those before it.
func (h *Finder) waitsToStart(call *ssa.Call) bool {
	obj, _ := program.Callee(call)
	st := h.Cat.StarterOf(obj)
	return st != nil && st.Setter != "" && repeatedly(call) && len(call.Call.Args) > 0 && h.Bounds.ByGroup(call, st.Setter, new(bound.Verdict))
}

// waitedAt reports whether an instruction waits for what a call has started: for its end, or to be rid of what it sends to it.
func (h *Finder) waitedAt(in ssa.Instruction, call ssa.CallInstruction, started []ssa.Value) bool {
	send, ok := in.(*ssa.Send)
	if !ok {
		return in == call || h.Joins(in, call, started)
	}
	return h.InStarted(started, func(in ssa.Instruction) bool {
		recv, ok := in.(*ssa.UnOp)
		return ok && recv.Op == token.ARROW && h.Graph.Meet(recv.X, send.Chan)
	}) && slices.ContainsFunc(started, func(v ssa.Value) bool { return h.Function(v) != nil })
}

// waitsForOthers reports whether a function waits for other goroutines somewhere.
func (h *Finder) waitsForOthers(fn *ssa.Function) bool {
	return program.HasInstr(fn, h.mayWait)
}

// starters lists the functions that may start what an instruction waits for: the one that it stands in with its literals, and
// those of this package that it calls.
func (h *Finder) starters(in ssa.Instruction) []*ssa.Function {
	root := program.Outermost(in.Parent())
	out := program.Family(root)
	for call := range program.CallsOf(in.Parent()) {
		if _, fn := h.Callee(call); h.Analyzed(fn) && fn.Parent() == nil && fn != root && program.Before(call, in) {
			out = append(out, program.Family(fn)...)
		}
	}
	return out
}

// sentTo is the channel that an instruction sends to, nil if it sends to none.
func sentTo(in ssa.Instruction) ssa.Value {
	switch in := in.(type) {
	case *ssa.Send:
		return in.Chan
	case *ssa.Select:
		for _, s := range in.States {
			if s.Send != nil {
				return s.Chan
			}
		}
	}
	return nil
}

// consumed reports whether what is sent while a connection is held is received, again and again, by a function of this package
// that takes a connection each time.
func (h *Finder) consumed(held holding, send ssa.Instruction, ch ssa.Value) bool {
	for _, fn := range h.Funcs {
		if fn == send.Parent() || !program.HasInstr(fn, func(in ssa.Instruction) bool {
			recv, ok := in.(*ssa.UnOp)
			return ok && recv.Op == token.ARROW && repeatedly(recv) && h.Graph.Meet(recv.X, ch)
		}) {
			continue // it does not receive them
		}
		for call := range program.CallsOf(fn) {
			for _, k := range h.ByCallee(call) {
				if _, isGo := call.(*ssa.Go); !isGo && !k.Busy && !k.Spawned && repeatedly(call) {
					h.addAs(ForGoroutines, held, send, k)
					return true
				}
			}
		}
	}
	return false
}

func repeatedly(in ssa.Instruction) bool { return len(repeat.LoopsAround(in.Block())) > 0 }

// isTimer reports whether a channel is a timer's: who waits for it does not wait for ever.
func isTimer(ch ssa.Value) bool {
	c, ok := ch.Type().Underlying().(*types.Chan)
	return ok && c.Elem().String() == "time.Time"
}
