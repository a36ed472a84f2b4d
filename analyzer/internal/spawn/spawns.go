// Package spawn finds the goroutines that take connections: what starts them, what makes them many, what bounds them, and who waits
// for them.
//
// It does not know what is held while somebody waits, nor how many are too many.
package spawn

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// Spawn is a statement or call that starts goroutines which take connections.
type Spawn struct {
	Call  ssa.CallInstruction
	Take  fact.Take
	Width Width
	Again *runs.Again // EachRun: what runs it
	Left  bool        // the function that is called starts one, and leaves it behind
	Count int         // Straight: how many this function starts, this one included
	Via   string      // the method of the group that would bound them, empty if it has none

	Limit     int64 // the pool's limit; 0 if that is not known
	Unlimited bool  // the pool is seen to have none
	Deadline  bool  // what it does has a deadline

	bound.Verdict // on what bounds them
}

// Width is what makes goroutines many.
type Width uint8

// The widths.
const (
	EachRound   Width = iota // a loop around the start
	EachElement              // the call starts one for each element
	EachRun                  // a request, a message, a tick
	Recursive                // the goroutine starts more of its kind
	Straight                 // one statement after the other
)

// Spawner finds the goroutines that a package starts.
type Spawner struct {
	*take.Taker
	Spawns []*Spawn // by position of their functions

	busy map[*ssa.Function][]take.Taking // the starts on a transaction or connection, so far
}

// New finds the goroutines that take connections.
func New(t *take.Taker) *Spawner {
	s := &Spawner{Taker: t, busy: map[*ssa.Function][]take.Taking{}}
	for _, fn := range s.Funcs {
		var straight []ssa.CallInstruction
		for call := range program.CallsOf(fn) {
			s.start(fn, call, &straight)
		}
	}
	return s
}

// start judges a call if it starts goroutines that take connections.
func (s *Spawner) start(fn *ssa.Function, call ssa.CallInstruction, straight *[]ssa.CallInstruction) {
	started, each, ok := s.Started(call)
	if !ok {
		return
	}
	k, ok := s.Reached(call, started)
	if !ok || !k.Busy && s.BuiltInside(started, k) {
		return // no connection is taken, or one of a pool that the goroutine builds for itself
	}
	sp := &Spawn{Call: call, Take: k.Take, Left: len(started) == 0}
	if obj, _ := s.Callee(call); s.Cat.StarterOf(obj) != nil {
		sp.Via = s.Cat.StarterOf(obj).Setter
	}
	if !s.width(fn, call, started, each, sp) || sp.Width == EachRound && s.ownPool(call, k) {
		return // as few as somebody has thought of, or each has a pool of its own
	}
	if s.bounded(fn, call, started, k, sp) || sp.Take.Busy && sp.Bound == 1 {
		return
	}
	if sp.Take.Busy && sp.Width != EachRound && sp.Width != EachElement && !s.alsoBusy(call, k) {
		return // one at a time, as far as is seen
	}
	if sp.Width == Straight && len(started) == 0 {
		return // one that the callee starts
	}
	if sp.Width == Straight {
		sp.Count = s.together(*straight, call)
		*straight = append(*straight, call)
	}
	s.pool(fn, k, sp)
	s.Spawns = append(s.Spawns, sp)
}

// width finds out what makes the goroutines many, which a call starts, and reports false if nothing does.
func (s *Spawner) width(fn *ssa.Function, call ssa.CallInstruction, started []ssa.Value, each bool, sp *Spawn) bool {
	if each && s.numbered(call, sp) {
		switch {
		case !s.finished(fn, call, started):
			each, sp.Bound = false, 0 // they meet those of the next round
		case sp.Bound == 0 && !sp.Take.Busy:
			return false // as many as somebody has thought of; of a transaction two are too many
		case sp.Bound == 1:
			each, sp.Bound = false, 0
		}
	}
	switch {
	case each:
		sp.Width = EachElement
	case s.recursive(fn, started):
		sp.Width, sp.Recursive = Recursive, true
	case repeat.InLoop(call):
		sp.Width = EachRound
		if repeat.ForOne(call) || s.waitsItself(call) {
			return false // one round of many starts one, or each round waits
		}
	default:
		sp.Width = Straight
		if sp.Again = s.runsAgain(fn); sp.Again != nil && !s.finished(fn, call, started) {
			sp.Width = EachRun
		}
	}
	return true
}

// finished reports whether what a call starts has ended when the call is made again.
func (s *Spawner) finished(fn *ssa.Function, call ssa.CallInstruction, started []ssa.Value) bool {
	return s.waitsItself(call) || !repeat.InLoop(call) && (s.runsAgain(fn) == nil || s.waitedBehind(call, started))
}

// alsoBusy reports whether the function has started another goroutine on the same transaction or connection, which it has not
// waited for.
func (s *Spawner) alsoBusy(call ssa.CallInstruction, k take.Taking) bool {
	found := false
	for _, e := range s.busy[call.Parent()] {
		if k.HandleValue != nil && e.HandleValue != nil && program.Before(e.Call, call) && !s.joinBetween(e.Call, call) && s.Graph.Meet(e.HandleValue, k.HandleValue) {
			found = true
		}
	}
	s.busy[call.Parent()] = append(s.busy[call.Parent()], take.Taking{Call: call, HandleValue: k.HandleValue})
	return found
}

// waitedBehind reports whether the function waits, behind a start, for what it has started.
func (s *Spawner) waitedBehind(call ssa.CallInstruction, started []ssa.Value) bool {
	for _, b := range call.Parent().Blocks {
		for _, in := range b.Instrs {
			if program.Before(call, in) && s.Joins(in, call, started) {
				return true
			}
		}
	}
	return false
}

// together counts the starts, this one included, that may be at work at once: those before it on a way to it that nothing has
// waited for.
func (s *Spawner) together(earlier []ssa.CallInstruction, call ssa.CallInstruction) int {
	n := 1
	for _, e := range earlier {
		if program.Before(e, call) && !s.joinBetween(e, call) {
			n++
		}
	}
	return n
}

func (s *Spawner) joinBetween(from, to ssa.CallInstruction) bool {
	for _, b := range to.Parent().Blocks {
		for _, in := range b.Instrs {
			c, ok := in.(*ssa.Call)
			if !ok {
				continue
			}
			if obj, _ := program.Callee(c); s.Cat.Joins(obj) && program.Before(from, c) && program.Before(c, to) {
				return true
			}
		}
	}
	return false
}

// ownPool reports whether the pool is the element of the loop, or made of it: one goroutine for each pool.
func (s *Spawner) ownPool(call ssa.CallInstruction, k take.Taking) bool {
	loops := repeat.LoopsAround(call.Block())
	return len(loops) > 0 && s.ofElement(k.HandleValue, loops[0], program.MaxUses*3)
}

// ofElement reports whether a value is made of what a loop ranges over.
func (s *Spawner) ofElement(v ssa.Value, l repeat.Loop, depth int) bool {
	if v == nil || depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.FreeVar:
		return slices.ContainsFunc(program.Bindings(v), func(b ssa.Value) bool { return s.ofElement(b, l, depth-1) })
	case *ssa.IndexAddr:
		return l.Blocks[v.Block()]
	case *ssa.Extract:
		if next, ok := v.Tuple.(*ssa.Next); ok {
			return l.Blocks[next.Block()]
		}
		return s.ofElement(v.Tuple, l, depth-1)
	case *ssa.Call:
		return l.Blocks[v.Block()] && slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool { return s.ofElement(a, l, depth-1) })
	case *ssa.Lookup:
		return s.ofElement(v.Index, l, depth-1)
	case *ssa.Alloc:
		return slices.ContainsFunc(program.StoredIn(v), func(x ssa.Value) bool { return s.ofElement(x, l, depth-1) })
	}
	return s.ofElement(program.Whole(v), l, depth-1)
}

// runsAgain says what runs a function for each request or message, nil if nothing is known to.
func (s *Spawner) runsAgain(fn *ssa.Function) *runs.Again {
	for f := fn; f != nil; f = f.Parent() {
		if when := s.Entries[f]; when != "" {
			return &runs.Again{Kind: runs.AtEntry, Entry: when, Name: program.FunctionName(f), Pos: f.Pos()}
		}
		use := s.Uses[f]
		if f.Parent() == nil || use == nil || s.StoresArgument(use, f) {
			return nil // declared, or nobody knows who runs it
		}
		if obj, _ := program.Callee(use); catalog.RunsOnce(obj) {
			return nil
		}
	}
	return nil
}

// pool notes what is known of the pool's limit, and whether what is done has a deadline.
func (s *Spawner) pool(fn *ssa.Function, k take.Taking, sp *Spawn) {
	for _, f := range program.Family(program.Outermost(fn)) {
		for _, block := range f.Blocks {
			for _, in := range block.Instrs {
				if call, ok := in.(*ssa.Call); ok {
					obj, _ := program.Callee(call)
					sp.Deadline = sp.Deadline || catalog.SetsDeadline(obj)
				}
			}
		}
	}
	if k.Root == nil {
		return // it is another package's
	}
	n, unlimited := s.MaxOpen(k.Root)
	if n > 0 {
		sp.Limit = n
	}
	sp.Unlimited = unlimited
}
