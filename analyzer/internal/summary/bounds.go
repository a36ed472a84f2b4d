package summary

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// bounded reports whether something bounds how many of the started goroutines query at once. It notes a constant bound, which
// may be too large, and what looks like a bound and is none.
func (s *spawner) bounded(fn *ssa.Function, call ssa.CallInstruction, started []ssa.Value, k taking, sp *Spawn) bool {
	if k.Gated || tried(call) {
		return true // it waits by itself, or is started only if there is room
	}
	if s.shortTick(fn, started) {
		return true // each run ends before the next begins
	}
	obj, _ := s.callee(call)
	st := s.cat.StarterOf(obj)
	switch {
	case st != nil && s.boundsItself(call, st, sp):
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
func (s *spawner) fewElements(call ssa.CallInstruction, obj *types.Func, sp *Spawn) bool {
	all := argument(call, max(0, catalog.Collection(obj.Signature().Params())))
	if all == nil {
		return false
	}
	if n, fixed := s.fixedLength(all); fixed {
		sp.Bound = max(sp.Bound, n)
		return true
	}
	return s.ofChunk(all, sp) || isInteger(all.Type()) && s.accept(all, call, sp)
}

// ofChunk reports whether a collection is a part of another one of a constant size: lo.Chunk(ids, 8).
func (s *taker) ofChunk(v ssa.Value, sp *Spawn) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	at, ok := load.X.(*ssa.IndexAddr)
	if !ok {
		return false
	}
	parts, ok := at.X.(*ssa.Call)
	if !ok || len(parts.Call.Args) != 2 {
		return false
	}
	obj, _ := callee(parts)
	return obj != nil && obj.Name() == "Chunk" && s.accept(parts.Call.Args[1], parts, sp)
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
		obj, _ := callee(c)
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
	obj, _ := callee(c)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" && strings.HasPrefix(obj.Name(), "Load")
}

// shortTick reports whether a function ticks at a constant rate and what it starts has a constant deadline before the next
// tick.
func (s *spawner) shortTick(fn *ssa.Function, started []ssa.Value) bool {
	period := constantArg(fn, 0, func(obj *types.Func) bool {
		return obj.Pkg().Path() == "time" && (obj.Name() == "Tick" || obj.Name() == "NewTicker")
	})
	if period == 0 {
		return false
	}
	for _, v := range started {
		if f := s.function(v); f != nil {
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
			obj, _ := callee(call)
			c, isConst := call.Call.Args[i].(*ssa.Const)
			if obj != nil && obj.Pkg() != nil && is(obj) && isConst && c.Value != nil {
				return c.Int64()
			}
		}
	}
	return 0
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// accept judges a value as a bound: sp gets a constant, or what is wrong with it.
func (s *taker) accept(v ssa.Value, at ssa.Instruction, sp *Spawn) bool {
	if s.isLength(v, maxUses) {
		sp.Fake = &Fake{AsMany, at}
		return false
	}
	for _, l := range s.graph.Leaves(v) {
		if l.Value != nil && l.Value.Kind() == constant.Int {
			n, _ := constant.Int64Val(l.Value)
			if n < 0 {
				sp.Fake = &Fake{Negative, at}
				return false
			}
			sp.Bound = max(sp.Bound, n)
		}
	}
	return true // a parameter, a field, a flag: somebody has thought of it
}

// isLength reports whether a value is the length of a slice, a map or a string that is not constant.
func (s *taker) isLength(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Convert:
		return s.isLength(v.X, depth)
	case *ssa.BinOp:
		return depth > 0 && (s.isLength(v.X, depth-1) || s.isLength(v.Y, depth-1))
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && depth > 0 {
			return slices.ContainsFunc(storedIn(a), func(x ssa.Value) bool { return s.isLength(x, depth-1) })
		}
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "len" && b.Name() != "max" {
			return false
		}
		if b.Name() == "max" {
			return depth > 0 && slices.ContainsFunc(v.Call.Args, func(x ssa.Value) bool { return s.isLength(x, depth-1) })
		}
		_, fixed := s.fixedLength(v.Call.Args[0])
		return !fixed
	}
	return false
}

// fixedLength is the length of a literal, of an array, or of a slice of one.
func (s *taker) fixedLength(v ssa.Value) (int64, bool) {
	switch v := v.(type) {
	case *ssa.Slice:
		if v.Low == nil && v.High == nil {
			return s.fixedLength(v.X)
		}
		if v.High != nil && v.Low == nil {
			if l := s.graph.Leaves(v.High); len(l) == 1 && l[0].Value != nil {
				return constant.Int64Val(l[0].Value)
			}
		}
	case *ssa.Alloc:
		if array, ok := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
			return array.Len(), true
		}
	case *ssa.MakeMap:
		n := int64(0)
		for _, ref := range *v.Referrers() {
			if _, ok := ref.(*ssa.MapUpdate); ok {
				n++
			}
		}
		return n, n > 0
	case *ssa.UnOp:
		g, ok := v.X.(*ssa.Global)
		if !ok {
			return 0, false
		}
		if array, ok := g.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
			return array.Len(), true
		}
		if only := s.graph.OnlyStored(g); only != nil {
			return s.fixedLength(only)
		}
	}
	return 0, false
}

// fewRounds reports whether the loop around a start makes a number of rounds that somebody has thought of.
func (s *spawner) fewRounds(loops []repeat.Loop, sp *Spawn) bool {
	if len(loops) == 0 {
		return false
	}
	if m := loops[0].RangedMap(); m != nil {
		n, fixed := s.fixedLength(m)
		sp.Bound = max(sp.Bound, n)
		return fixed
	}
	for _, n := range loops[0].Trips() {
		if c, ok := n.(*ssa.Call); ok && isBuiltinLen(c) {
			if k, fixed := s.fixedLength(c.Call.Args[0]); fixed {
				sp.Bound = max(sp.Bound, k)
				return true
			}
			continue // as many as there are elements
		}
		if !s.isLength(n, maxUses) {
			return s.accept(n, loops[0].Header.Instrs[0], sp)
		}
	}
	return false
}
