package summary

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// waitsBefore reports whether the loop, or the function, waits for room before it starts a goroutine.
func (s *spawner) waitsBefore(fn *ssa.Function, call ssa.CallInstruction, sp *Spawn) bool {
	loops := repeat.LoopsAround(call.Block())
	for _, b := range fn.Blocks {
		if !b.Dominates(call.Block()) || len(loops) > 0 && !loops[0].Blocks[b] {
			continue // not before it, or once before the loop
		}
		for _, in := range b.Instrs {
			if in == ssa.Instruction(call) {
				break
			}
			probe := &Spawn{Width: sp.Width}
			if s.waits(in, probe) && !s.givenBack(in, loops) && !s.perRound(in, loops) && !s.anew(in, call, sp) {
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
func (s *spawner) givenBack(in ssa.Instruction, loops []repeat.Loop) bool {
	send, ok := in.(*ssa.Send)
	if !ok || len(loops) == 0 {
		return false
	}
	for b := range loops[0].Blocks {
		for _, other := range b.Instrs {
			if recv, ok := other.(*ssa.UnOp); ok && recv.Op == token.ARROW && s.graph.Meet(recv.X, send.Chan) {
				return true
			}
		}
	}
	return false
}

// perRound reports whether a channel is made anew in each round.
func (s *spawner) perRound(in ssa.Instruction, loops []repeat.Loop) bool {
	send, ok := in.(*ssa.Send)
	if !ok || len(loops) == 0 {
		return false
	}
	return slices.ContainsFunc(s.makers(send.Chan), func(m *ssa.MakeChan) bool { return loops[0].Blocks[m.Block()] })
}

// anew reports whether each level of a recursion makes the channel for itself.
func (s *spawner) anew(in ssa.Instruction, call ssa.CallInstruction, sp *Spawn) bool {
	send, ok := in.(*ssa.Send)
	if !ok || sp.Width != Recursive {
		return false
	}
	for _, m := range s.makers(send.Chan) {
		if madeIn(m.Parent(), call.Parent()) {
			sp.Fake, sp.Bound = &Fake{Anew, m}, 0
			return true
		}
	}
	return false
}

// waitsInside reports whether the goroutine waits for room before it queries.
func (s *spawner) waitsInside(started []ssa.Value, sp *Spawn) bool {
	for _, v := range started {
		fn := s.function(v)
		if fn == nil {
			continue // not known
		}
		if own, ok := fn.Object().(*types.Func); ok && len(fn.Blocks) == 0 {
			fn = s.own(own)
		}
		if fn == nil {
			continue
		}
		if fn.Parent() == nil && len(fn.Params) > 0 && s.waitingMethod(fn) {
			return true // go gate.Do(func() {…})
		}
		for _, b := range fn.Blocks {
			for i, in := range b.Instrs {
				probe := &Spawn{Width: sp.Width}
				if call, ok := in.(ssa.CallInstruction); ok && len(s.at(call)) > 0 && s.waitedFor(fn, b, i, probe) {
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
func (s *spawner) late(fn *ssa.Function, sp *Spawn) {
	for _, f := range family(fn) {
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				probe := new(Spawn)
				switch in := in.(type) {
				case *ssa.Send:
					for _, m := range s.makers(in.Chan) {
						if n, ok := m.Size.(*ssa.Const); ok && n.Int64() > 0 && plainToken(in.Chan.Type()) && !s.releasedIn(fn, in) {
							sp.Fake = &Fake{Late, m}
						}
					}
				case *ssa.Call:
					if obj, _ := callee(in); catalog.WaitsForRoom(obj) && s.weighted(in, probe) && probe.made != nil && !s.releasedIn(fn, in) {
						sp.Fake = &Fake{Late, probe.made}
					}
				}
			}
		}
	}
}

// releasedIn reports whether a goroutine gives back, before its work, what it has taken: that bounds something else.
func (s *spawner) releasedIn(fn *ssa.Function, taken ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for i, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok && len(s.at(call)) > 0 {
				return before(taken, b.Instrs[i]) && taken.Parent() == fn
			}
		}
	}
	return false
}

// waitedFor reports whether the instructions that always run before one wait for room, and do not give it back.
func (s *taker) waitedFor(fn *ssa.Function, at *ssa.BasicBlock, index int, sp *Spawn) bool {
	waited := false
	for _, b := range fn.Blocks {
		if !b.Dominates(at) {
			continue
		}
		for i, in := range b.Instrs {
			if b == at && i >= index {
				break
			}
			if waited && released(in) {
				waited = false
			} else if s.waits(in, sp) {
				waited = true
			}
		}
	}
	return waited
}

// released reports whether an instruction gives back what was waited for: a token is taken out of a channel, a lock is
// unlocked. A deferred one does so at the end.
func released(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.UnOp:
		return in.Op == token.ARROW && !used(in)
	case *ssa.Call:
		obj, _ := callee(in)
		return obj != nil && (obj.Name() == "Unlock" || obj.Name() == "Release" || obj.Name() == "Leave")
	}
	return false
}

// waits reports whether an instruction returns only when there is room for one more: a token is put into a channel or taken
// out of one, a semaphore, a mutex, a rate limiter, or a method of the program's own that does so.
func (s *taker) waits(in ssa.Instruction, sp *Spawn) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return s.token(in.Chan, sp)
	case *ssa.UnOp:
		return in.Op == token.ARROW && !used(in)
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send != nil && s.token(st.Chan, sp) {
				return true
			}
		}
	case *ssa.Call:
		obj, fn := callee(in)
		if catalog.WaitsForRoom(obj) {
			return s.weighted(in, sp)
		}
		if catalog.Locks(obj) {
			return !local(origin.Given(in)[0])
		}
		if obj != nil && strings.HasPrefix(obj.Name(), "Try") && len(origin.Given(in)) > 0 && leavesWithout(in) {
			return !local(origin.Given(in)[0]) // what goes on has the lock
		}
		if s.analyzed(fn) && (fn.Signature.Recv() != nil || fn.Parent() != nil) {
			return s.waitingMethod(fn)
		}
	}
	return false
}

// leavesWithout reports whether a function returns if an attempt to get a lock or slot has failed.
func leavesWithout(try *ssa.Call) bool {
	in, ok := try.Block().Instrs[len(try.Block().Instrs)-1].(*ssa.If)
	if !ok {
		return false
	}
	failed := try.Block().Succs[1]
	if not, ok := in.Cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		failed = try.Block().Succs[0]
	}
	_, returns := failed.Instrs[len(failed.Instrs)-1].(*ssa.Return)
	return returns
}

// token judges the channel that a token is put into by its capacity. What carries results is no semaphore.
func (s *taker) token(ch ssa.Value, sp *Spawn) bool {
	if !plainToken(ch.Type()) {
		return false
	}
	made := s.makers(ch)
	if len(made) == 0 {
		return true // it is made elsewhere
	}
	if n, ok := made[0].Size.(*ssa.Const); ok && n.Int64() == 0 {
		return false // a hand-over, no semaphore
	}
	return s.accept(made[0].Size, made[0], sp)
}

// plainToken reports whether a channel carries nothing but tokens: empty structs, booleans, numbers.
func plainToken(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	switch e := c.Elem().Underlying().(type) {
	case *types.Struct:
		return e.NumFields() == 0
	case *types.Basic:
		return e.Info()&(types.IsBoolean|types.IsInteger) != 0
	}
	return false
}

// makers lists where a channel is made.
func (s *taker) makers(ch ssa.Value) []*ssa.MakeChan {
	backward := s.graph.Backward(s.graph.Of(ch))
	var out []*ssa.MakeChan
	for _, fn := range s.funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if m, ok := in.(*ssa.MakeChan); ok && slices.Contains(backward, s.graph.Of(m)) {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// weighted judges a semaphore by what it is made with.
func (s *taker) weighted(call *ssa.Call, sp *Spawn) bool {
	if len(origin.Given(call)) == 0 {
		return true
	}
	backward := s.graph.Backward(s.graph.Of(origin.Given(call)[0]))
	for _, in := range s.calls {
		c, ok := in.(*ssa.Call)
		if !ok || !slices.Contains(backward, s.graph.OfCall(c, 0)) {
			continue
		}
		if obj, _ := callee(c); obj != nil && obj.Name() == "NewWeighted" {
			sp.made = c
			ok := s.accept(c.Call.Args[0], c, sp)
			if n := len(call.Call.Args); n > 2 && sp.Bound > 0 {
				if w, isConst := call.Call.Args[2].(*ssa.Const); isConst && w.Int64() > 1 {
					sp.Bound /= w.Int64() // each takes several units
				}
			}
			return ok
		}
	}
	return true // a rate limiter, or one that is made elsewhere
}

// waitingMethod reports whether a function of the package puts a token into a channel that it is given, or takes one out.
func (s *taker) waitingMethod(fn *ssa.Function) bool { return s.waitsIn(fn, maxUses) }

func (s *taker) waitsIn(fn *ssa.Function, depth int) bool {
	if depth == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			switch in := in.(type) {
			case *ssa.Send:
				return true
			case *ssa.Select:
				for _, st := range in.States {
					if st.Send != nil {
						return true
					}
				}
			case *ssa.UnOp:
				if in.Op == token.ARROW && !used(in) {
					return true
				}
			case *ssa.Call:
				obj, next := callee(in)
				if catalog.WaitsForRoom(obj) {
					return true
				}
				if next != nil && next.Pkg == s.pkg && next.Signature.Recv() != nil && s.waitsIn(next, depth-1) {
					return true
				}
			}
		}
	}
	return false
}
