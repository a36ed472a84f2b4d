package spawn

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// waitsBefore reports whether the loop, or the function, waits for room before it starts a goroutine.
func (s *Spawner) waitsBefore(fn *ssa.Function, call ssa.CallInstruction, sp *Spawn) bool {
	loops := repeat.LoopsAround(call.Block())
	for _, b := range fn.Blocks {
		if !b.Dominates(call.Block()) || len(loops) > 0 && !loops[0].Blocks[b] {
			continue // not before it, or once before the loop
		}
		for _, in := range b.Instrs {
			if in == ssa.Instruction(call) {
				break
			}
			probe := &bound.Verdict{Recursive: sp.Recursive}
			if s.Bounds.Waits(in, probe) && !s.givenBack(in, loops) && !s.perRound(in, loops) && !s.anew(in, call, sp) {
				sp.Bound = probe.Bound
				return true
			}
			if sp.Fake == nil {
				sp.Fake = probe.Fake
			}
		}
	}
	return false
}

// givenBack reports whether the loop that takes a token gives it back itself: the goroutine does not hold it.
func (s *Spawner) givenBack(in ssa.Instruction, loops []repeat.Loop) bool {
	send, ok := in.(*ssa.Send)
	if !ok || len(loops) == 0 {
		return false
	}
	for b := range loops[0].Blocks {
		for _, other := range b.Instrs {
			if recv, ok := other.(*ssa.UnOp); ok && recv.Op == token.ARROW && s.Graph.Meet(recv.X, send.Chan) {
				return true
			}
		}
	}
	return false
}

// perRound reports whether a channel is made anew in each round.
func (s *Spawner) perRound(in ssa.Instruction, loops []repeat.Loop) bool {
	send, ok := in.(*ssa.Send)
	if !ok || len(loops) == 0 {
		return false
	}
	return slices.ContainsFunc(s.Bounds.Makers(send.Chan), func(m *ssa.MakeChan) bool { return loops[0].Blocks[m.Block()] })
}

// anew reports whether each level of a recursion makes the channel for itself.
func (s *Spawner) anew(in ssa.Instruction, call ssa.CallInstruction, sp *Spawn) bool {
	send, ok := in.(*ssa.Send)
	if !ok || sp.Width != Recursive {
		return false
	}
	for _, m := range s.Bounds.Makers(send.Chan) {
		if bound.MadeIn(m.Parent(), call.Parent()) {
			sp.Fake, sp.Bound = &bound.Fake{Kind: bound.Anew, At: m}, 0
			return true
		}
	}
	return false
}

// waitsInside reports whether the goroutine waits for room before it queries.
func (s *Spawner) waitsInside(started []ssa.Value, sp *Spawn) bool {
	for _, v := range started {
		fn := s.Function(v)
		if fn == nil {
			continue // not known
		}
		if own, ok := fn.Object().(*types.Func); ok && len(fn.Blocks) == 0 {
			fn = s.Own(own)
		}
		if fn == nil {
			continue
		}
		if fn.Parent() == nil && len(fn.Params) > 0 && s.Bounds.WaitingMethod(fn) {
			return true // go gate.Do(func() {…})
		}
		for _, b := range fn.Blocks {
			for i, in := range b.Instrs {
				probe := &bound.Verdict{Recursive: sp.Recursive}
				if call, ok := in.(ssa.CallInstruction); ok && len(s.At(call)) > 0 && s.Bounds.WaitedFor(fn, b, i, probe) {
					sp.Bound = probe.Bound
					return true
				}
				if sp.Fake == nil {
					sp.Fake = probe.Fake
				}
			}
		}
		if sp.Fake == nil {
			s.late(fn, sp)
		}
	}
	return false
}

// late notes a channel or semaphore that the goroutine turns to when the work is done.
func (s *Spawner) late(fn *ssa.Function, sp *Spawn) {
	for _, f := range program.Family(fn) {
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				probe := new(bound.Verdict)
				switch in := in.(type) {
				case *ssa.Send:
					for _, m := range s.Bounds.Makers(in.Chan) {
						if n, ok := m.Size.(*ssa.Const); ok && n.Int64() > 0 && bound.PlainToken(in.Chan.Type()) && !s.releasedIn(fn, in) {
							sp.Fake = &bound.Fake{Kind: bound.Late, At: m}
						}
					}
				case *ssa.Call:
					if obj, _ := program.Callee(in); catalog.WaitsForRoom(obj) && s.Bounds.Weighted(in, probe) && probe.Made != nil && !s.releasedIn(fn, in) {
						sp.Fake = &bound.Fake{Kind: bound.Late, At: probe.Made}
					}
				}
			}
		}
	}
}

// releasedIn reports whether a goroutine gives back, before its work, what it has taken: that bounds something else.
func (s *Spawner) releasedIn(fn *ssa.Function, taken ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for i, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok && len(s.At(call)) > 0 {
				return program.Before(taken, b.Instrs[i]) && taken.Parent() == fn
			}
		}
	}
	return false
}
