package spawn

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// bounded reports whether something bounds how many of the started goroutines query at once. It notes a constant bound, which
// may be too large, and what looks like a bound and is none.
func (s *Spawner) bounded(fn *ssa.Function, call ssa.CallInstruction, started []ssa.Value, k take.Taking, sp *Spawn) bool {
	if k.Gated || tried(call) {
		return true // it waits by itself, or is started only if there is room
	}
	if s.shortTick(fn, started) {
		return true // each run ends before the next begins
	}
	obj, _ := s.Callee(call)
	st := s.Cat.StarterOf(obj)
	switch {
	case st != nil && s.Bounds.BoundsItself(call, st, &sp.Verdict):
		return sp.Bound == 0
	case st != nil && st.Each && s.fewElements(call, obj, sp):
		return sp.Bound == 0
	case s.waitsBefore(fn, call, sp), s.waitsInside(started, sp):
		return sp.Bound == 0
	}
	if sp.Width != EachRound {
		return false // the rule counts those that stand one after the other
	}
	loops := repeat.LoopsAround(call.Block())
	if s.joinedIn(call, started, loops, sp) || s.oneAtATime(fn) {
		return true
	}
	return s.fewRounds(loops, sp) && sp.Bound == 0
}

// fewElements reports whether a call that starts a goroutine for each element is given a number of them that somebody has
// thought of.
func (s *Spawner) fewElements(call ssa.CallInstruction, obj *types.Func, sp *Spawn) bool {
	all := program.Argument(call, max(0, catalog.Collection(obj.Signature().Params())))
	if all == nil {
		return false
	}
	if n, fixed := s.Bounds.FixedLength(all); fixed {
		sp.Bound = max(sp.Bound, n)
		return true
	}
	return s.Bounds.OfChunk(all, &sp.Verdict) || program.IsInteger(all.Type()) && s.Bounds.Accept(all, call, &sp.Verdict)
}

// tried reports whether a start depends on a lock or slot that was free.
func tried(call ssa.CallInstruction) bool {
	for b := call.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		in, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cond, came := in.Cond, true
		if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
			cond, came = not.X, false
		}
		if cmp, ok := cond.(*ssa.BinOp); ok && (loadsCounter(cmp.X) || loadsCounter(cmp.Y)) {
			return true // if live.Load() >= most { continue }
		}
		c, ok := cond.(*ssa.Call)
		if !ok {
			continue
		}
		obj, _ := program.Callee(c)
		s := d.Succs[0]
		if !came {
			s = d.Succs[1]
		}
		if obj != nil && len(s.Preds) == 1 && s.Dominates(call.Block()) && (strings.HasPrefix(obj.Name(), "Try") || strings.HasPrefix(obj.Name(), "Allow") || strings.HasPrefix(obj.Name(), "CompareAndSwap")) {
			return true
		}
	}
	return false
}

// loadsCounter reports whether a value is read from an atomic counter.
func loadsCounter(v ssa.Value) bool {
	c, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	obj, _ := program.Callee(c)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" && strings.HasPrefix(obj.Name(), "Load")
}

// shortTick reports whether a function ticks at a constant rate and what it starts has a constant deadline before the next
// tick.
func (s *Spawner) shortTick(fn *ssa.Function, started []ssa.Value) bool {
	period := constantArg(fn, 0, func(obj *types.Func) bool {
		return obj.Pkg().Path() == "time" && (obj.Name() == "Tick" || obj.Name() == "NewTicker")
	})
	if period == 0 {
		return false
	}
	for _, v := range started {
		if f := s.Function(v); f != nil {
			if t := constantArg(f, 1, catalog.SetsDeadline); t > 0 && t <= period {
				return true
			}
		}
	}
	return false
}

// constantArg is the constant argument i of the first call in fn of a function of a kind, 0 if there is none.
func constantArg(fn *ssa.Function, i int, is func(*types.Func) bool) int64 {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(*ssa.Call)
			if !ok || i >= len(call.Call.Args) {
				continue
			}
			obj, _ := program.Callee(call)
			c, isConst := call.Call.Args[i].(*ssa.Const)
			if obj != nil && obj.Pkg() != nil && is(obj) && isConst && c.Value != nil {
				return c.Int64()
			}
		}
	}
	return 0
}

// fewRounds reports whether the loop around a start makes a number of rounds that somebody has thought of.
func (s *Spawner) fewRounds(loops []repeat.Loop, sp *Spawn) bool {
	if len(loops) == 0 {
		return false
	}
	if m := loops[0].RangedMap(); m != nil {
		n, fixed := s.Bounds.FixedLength(m)
		sp.Bound = max(sp.Bound, n)
		return fixed
	}
	for _, n := range loops[0].Trips() {
		if c, ok := n.(*ssa.Call); ok && isBuiltinLen(c) {
			if k, fixed := s.Bounds.FixedLength(c.Call.Args[0]); fixed {
				sp.Bound = max(sp.Bound, k)
				return true
			}
			continue // as many as there are elements
		}
		if !s.Bounds.IsLength(n, program.MaxUses) {
			return s.Bounds.Accept(n, loops[0].Header.Instrs[0], &sp.Verdict)
		}
	}
	return false
}
