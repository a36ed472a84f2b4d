package spawn

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// Started returns the functions that a call starts in goroutines, and whether it starts one for each element of a collection.
func (s *Spawner) Started(call ssa.CallInstruction) (started []ssa.Value, each, ok bool) {
	if g, isGo := call.(*ssa.Go); isGo {
		return []ssa.Value{g.Call.Value}, false, true
	}
	obj, _ := s.Callee(call)
	if st := s.Cat.StarterOf(obj); st != nil {
		given := program.Argument(call, st.Arg)
		if several := origin.Elements(given); len(several) > 0 {
			return several, st.Each, true
		}
		return []ssa.Value{given}, st.Each, true
	}
	if a, run, ok := s.givenRun(call); ok {
		return []ssa.Value{a}, run.Each, true
	}
	if obj, _ := s.Callee(call); catalog.RunsOnce(obj) {
		return nil, false, false // one for all rounds
	}
	for _, k := range s.At(call) {
		if k.Spawned && !k.Busy && program.LiteralCalled(call) == nil {
			return nil, false, true // the callee starts one, and leaves it behind
		}
	}
	return nil, false, false
}

// givenRun is the function that a call is given and its callee starts, and how. Of several ways the first one is told, without their
// numbers.
func (s *Spawner) givenRun(call ssa.CallInstruction) (a ssa.Value, run fact.ParamRun, ok bool) {
	for i, arg := range call.Common().Args {
		if _, isFunc := arg.Type().Underlying().(*types.Signature); !isFunc {
			continue
		}
		for _, r := range s.RunsBy(call, i) {
			switch {
			case !r.Go:
			case ok:
				run.Each, run.Count, run.Bound = run.Each || r.Each, 0, 0
			default:
				a, run, ok = arg, r, true
			}
		}
		if ok {
			return a, run, true
		}
	}
	return nil, run, false
}

// numbered reports whether it is known how many goroutines the callee of a call starts: a constant, which is the bound then, or an
// argument that somebody has thought of.
func (s *Spawner) numbered(call ssa.CallInstruction, sp *Spawn) bool {
	_, run, _ := s.givenRun(call)
	if run.Count > 0 {
		var given bound.Verdict
		ok := s.Bounds.Accept(program.GivenFor(call, run.Count-1), call, &given)
		run.Bound = given.Bound
		if !ok {
			return false // the length of what it works on
		}
	}
	sp.Bound = max(sp.Bound, run.Bound)
	return run.Count > 0 || run.Bound > 0
}

// waitsItself reports whether a call is of a function of the program's own that waits for the goroutines in which it runs what it is
// given, on each way to a return.
func (s *Spawner) waitsItself(call ssa.CallInstruction) bool {
	given, _, ok := s.givenRun(call)
	fn := s.OwnCallee(call)
	if !ok || fn == nil {
		return false // a go statement, or a callee that is not in sight
	}
	p := fn.Params[slices.Index(call.Common().Args, given)]
	for start := range program.CallsOf(fn) {
		started, _, ok := s.Started(start)
		if ok && s.runsParam(started, p) && program.HasInstr(fn, func(in ssa.Instruction) bool {
			_, isCall := in.(*ssa.Call)
			return isCall && s.Joins(in, start, started) && alwaysBehind(in, start)
		}) {
			return true
		}
	}
	return false
}

// runsParam reports whether a started function is a parameter, or calls it.
func (s *Spawner) runsParam(started []ssa.Value, p *ssa.Parameter) bool {
	return slices.ContainsFunc(started, func(v ssa.Value) bool { return s.IsParam(v, p) }) || s.InStarted(started, func(in ssa.Instruction) bool {
		call, ok := in.(ssa.CallInstruction)
		return ok && s.IsParam(call.Common().Value, p)
	})
}

// alwaysBehind reports whether an instruction runs on every way from another one to a return.
func alwaysBehind(in, start ssa.Instruction) bool {
	return program.Before(start, in) && !slices.ContainsFunc(program.ReturnsOf(in.Parent()), func(r *ssa.Return) bool {
		return program.Before(start, r) && !in.Block().Dominates(r.Block())
	})
}

// Reached is the first connection that the started functions take. A transaction or connection that they share comes first.
func (s *Spawner) Reached(call ssa.CallInstruction, started []ssa.Value) (take.Taking, bool) {
	all := s.AllReached(call, started)
	var pool *take.Taking
	for i := range all {
		k := &all[i]
		if k.Busy && !k.Serial && k.IfNil == 0 && (!program.Local(k.HandleValue) || s.shared(call, k.HandleValue)) {
			return *k, true
		}
		if !k.Busy && pool == nil {
			pool = k
		}
	}
	if pool == nil {
		return take.Taking{}, false
	}
	return *pool, true
}

// AllReached is all that the goroutines take which a call starts.
func (s *Spawner) AllReached(call ssa.CallInstruction, started []ssa.Value) []take.Taking {
	if _, isGo := call.(*ssa.Go); isGo {
		return s.At(call)
	}
	if len(started) == 0 {
		return slices.DeleteFunc(s.At(call), func(k take.Taking) bool { return !k.Spawned || k.Busy })
	}
	var all []take.Taking
	for _, v := range started {
		if fn := s.Function(v); fn != nil {
			all = append(all, s.ofStarted(call, v, fn)...)
		}
	}
	return all
}

// shared reports whether a handle was made outside the loop that starts the goroutines.
func (s *Spawner) shared(call ssa.CallInstruction, handle ssa.Value) bool {
	in, ok := handle.(ssa.Instruction)
	if !ok {
		return false
	}
	for _, l := range repeat.LoopsAround(call.Block()) {
		if l.Blocks[in.Block()] {
			return false
		}
	}
	return true
}

// ofStarted is what a function takes that is given to be started: a literal, a declared one, or a method value.
func (s *Spawner) ofStarted(call ssa.CallInstruction, v ssa.Value, fn *ssa.Function) []take.Taking {
	if fn.Parent() != nil {
		return s.OfLiteral(call, fn)
	}
	obj, _ := fn.Object().(*types.Func)
	if own := fn; len(own.Blocks) == 0 || own.Synthetic != "" {
		if obj == nil {
			return nil
		}
		if fn = s.Own(obj); fn == nil {
			return s.ofForeign(call, obj)
		}
	}
	var out []take.Taking
	for _, k := range s.Of(fn) {
		if c, ok := v.(*ssa.MakeClosure); ok && len(c.Bindings) == 1 && k.Handle == 0 {
			k.HandleValue = c.Bindings[0] // the receiver of a method value
			k.Busy = k.Busy || s.IsTx(k.HandleValue)
		}
		k.Chain = append([]string{fn.Name()}, k.Chain...)
		out = append(out, k)
	}
	return out
}

// ofForeign is what a function of another package takes.
func (s *Spawner) ofForeign(call ssa.CallInstruction, obj *types.Func) []take.Taking {
	f := s.Facts.Func(obj)
	if f == nil {
		return nil
	}
	var out []take.Taking
	for _, k := range f.Takes {
		if !k.Busy {
			k.Chain = append([]string{obj.Name()}, k.Chain...)
			out = append(out, take.Taking{Take: k, Call: call})
		}
	}
	return out
}

// BuiltInside reports whether the pool is one that the goroutine builds or picks for itself: that is for another rule, or for nobody.
func (s *Spawner) BuiltInside(started []ssa.Value, k take.Taking) bool {
	return k.HandleValue != nil && slices.ContainsFunc(started, func(v ssa.Value) bool {
		fn := s.Function(v)
		return fn != nil && s.OwnTo(fn, k.HandleValue)
	})
}

// recursive reports whether a goroutine runs the function that starts it.
func (s *Spawner) recursive(fn *ssa.Function, started []ssa.Value) bool {
	root := program.Outermost(fn)
	for _, v := range started {
		if s.LeadsTo(s.Function(v), root, program.MaxUses) {
			return true
		}
	}
	return false
}

// LeadsTo reports whether a function of this package is another one, or calls it, directly or by way of a few more.
func (s *Spawner) LeadsTo(fn, to *ssa.Function, depth int) bool {
	if fn == to && fn != nil {
		return true
	}
	if fn == nil || depth == 0 {
		return false
	}
	for _, f := range program.Family(fn) {
		for call := range program.CallsOf(f) {
			if _, next := s.Callee(call); next != nil && next.Pkg == s.Pkg && next != fn && s.LeadsTo(next, to, depth-1) {
				return true
			}
		}
	}
	return false
}
