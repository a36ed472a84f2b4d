// Package slow finds what a function waits for outside the program: a call of the catalog, another goroutine, a lock that is held
// meanwhile. Packages that touch no connection are looked at by their syntax alone; see [Helpers].
//
// It does not know whether a connection is held.
package slow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/spawn"
)

// shortSleep is the longest sleep of constant length that is not slow.
const shortSleep = 10 * time.Millisecond

// Finder finds what is slow in the functions of a package.
type Finder struct {
	*spawn.Spawner
	paths      *release.Paths
	slow       map[*ssa.Function]*fact.Slow    // see SlowOf
	underLocks map[lockKey]ssa.CallInstruction // see findLocks
}

// New is asked with the goroutines that a package starts, and what becomes of what it takes.
func New(s *spawn.Spawner, paths *release.Paths) *Finder {
	return &Finder{Spawner: s, paths: paths, slow: map[*ssa.Function]*fact.Slow{}}
}

// SlowOf is the first slow thing that a function of this package does, nil if it does none. In a recursion nothing is known.
func (fi *Finder) SlowOf(fn *ssa.Function) *fact.Slow {
	if s, ok := fi.slow[fn]; ok {
		return s
	}
	fi.slow[fn] = nil
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			s := fi.SlowAt(in)
			if s == nil {
				s, _ = fi.LockAt(in)
			}
			if s != nil {
				fi.slow[fn] = s
				return s
			}
		}
	}
	return nil
}

// SlowAt is the slow thing that an instruction does, nil if it does none.
func (fi *Finder) SlowAt(in ssa.Instruction) *fact.Slow {
	switch in := in.(type) {
	case *ssa.Go:
		return nil // another goroutine does it
	case ssa.CallInstruction:
		return fi.slowCall(in)
	case *ssa.Send:
		if fi.roomy(in.Chan) {
			return nil // there is room for it
		}
	case *ssa.UnOp:
		if in.Op != token.ARROW || fi.fedHere(in) {
			return nil // what the function itself has sent is there
		}
	case *ssa.Select:
		if !in.Blocking {
			return nil // it has a default
		}
	default:
		return nil
	}
	return &fact.Slow{What: catalog.OtherGoroutines, At: fi.Place(in.Pos())}
}

// slowCall is the slow thing that a call does, nil if it does none.
func (fi *Finder) slowCall(call ssa.CallInstruction) *fact.Slow {
	obj, fn := fi.Callee(call)
	if what := fi.Cat.Waits(obj); what != "" {
		if shortly(obj, call) {
			return nil
		}
		return &fact.Slow{What: what, From: fi.NameOf(call), At: fi.Place(call.Common().Pos())}
	}
	if obj == nil && fn == nil && catalog.NextHandler(call.Common().Value.Type()) {
		return &fact.Slow{What: catalog.RestOfRequest, From: "next", At: fi.Place(call.Common().Pos())}
	}
	if toClient(obj, call) {
		return &fact.Slow{What: "the client", From: fi.NameOf(call), At: fi.Place(call.Common().Pos())}
	}
	if fi.Cat.Joins(obj) {
		if fi.joinsMemory(call) {
			return nil // they only compute
		}
		return &fact.Slow{What: catalog.OtherGoroutines, From: fi.NameOf(call), At: fi.Place(call.Common().Pos())}
	}
	var s *fact.Slow
	assumed := false
	switch {
	case fi.RowOf(obj, call) != nil:
		return nil // the database's own time
	case fi.Analyzed(fn):
		s = fi.SlowOf(fn)
	case call.Common().IsInvoke():
		s, assumed = fi.slowBehind(obj), true
	case obj != nil:
		if f := fi.Facts.Func(obj); f != nil {
			s = f.Slow
		}
	}
	if s == nil {
		return nil
	}
	c := *s
	c.Assumed = c.Assumed || assumed
	if fn == nil || fn.Parent() == nil {
		c.Chain = append([]string{fi.NameOf(call)}, c.Chain...)
	}
	return &c
}

// slowBehind is the slow thing that a visible implementation of an interface's method does, if all of them do one.
func (fi *Finder) slowBehind(m *types.Func) *fact.Slow {
	if iface, ok := program.RecvType(m).Underlying().(*types.Interface); ok && fi.paths.MayBeBehind(iface) {
		return nil // a library's transaction may be behind it
	}
	var first *fact.Slow
	for _, impl := range fi.Implementations(m) {
		var s *fact.Slow
		if impl.Fact != nil {
			s = impl.Fact.Slow
		} else if fn := fi.Own(impl.Fn); fn != nil {
			s = fi.SlowOf(fn)
		}
		if s == nil {
			return nil // one that is not slow: a stub, a cache
		}
		if first == nil {
			first = s
		}
	}
	return first
}

// shortly reports whether a call sleeps for a constant time that does not matter.
func shortly(obj *types.Func, call ssa.CallInstruction) bool {
	if obj.FullName() != "time.Sleep" || len(call.Common().Args) != 1 {
		return false
	}
	c, ok := call.Common().Args[0].(*ssa.Const)
	if !ok || c.Value == nil || repeat.InLoop(call) {
		return false
	}
	return isShort(c.Value)
}

// isShort reports whether a constant duration is too short for a sleep to matter.
func isShort(v constant.Value) bool {
	n, exact := constant.Int64Val(v)
	return exact && time.Duration(n) <= shortSleep
}

// roomy reports whether a channel has a buffer, so that a send that is not repeated need not wait.
func (fi *Finder) roomy(ch ssa.Value) bool {
	makers := fi.Bounds.Makers(ch)
	return len(makers) > 0 && !slices.ContainsFunc(makers, func(m *ssa.MakeChan) bool {
		c, ok := m.Size.(*ssa.Const)
		return ok && c.Int64() == 0
	})
}

// fedHere reports whether all that a receive can get was sent by its own function, or by what that runs: it waits for nobody.
func (fi *Finder) fedHere(recv *ssa.UnOp) bool {
	root := program.Outermost(recv.Parent())
	if !slices.ContainsFunc(fi.Bounds.Makers(recv.X), func(m *ssa.MakeChan) bool { return program.Outermost(m.Parent()) == root }) {
		return false // it is somebody else's channel
	}
	sent := false
	for _, fn := range program.Family(root) {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				send, ok := in.(*ssa.Send)
				if !ok || !fi.Graph.Meet(send.Chan, recv.X) {
					continue
				}
				if fi.inGoroutine(fn) {
					return false
				}
				sent = true
			}
		}
	}
	return sent
}

// inGoroutine reports whether a literal, or one around it, is started in a goroutine.
func (fi *Finder) inGoroutine(fn *ssa.Function) bool {
	for f := fn; f != nil; f = f.Parent() {
		if use := fi.Uses[f]; use != nil {
			if _, _, ok := fi.Started(use); ok {
				return true
			}
		}
	}
	return false
}

// joinsMemory reports whether all that a call waits for is known and only computes.
func (fi *Finder) joinsMemory(join ssa.CallInstruction) bool {
	known := false
	for _, fn := range program.Family(program.Outermost(join.Parent())) {
		for call := range program.CallsOf(fn) {
			started, _, ok := fi.Started(call)
			if !ok || len(started) == 0 || !fi.Joins(join, call, started) {
				continue // of another group
			}
			for _, v := range started {
				if f := fi.Function(v); !fi.Analyzed(f) || !fi.computes(f) {
					return false
				}
			}
			known = true
		}
	}
	return known
}

// computes reports whether a function takes no connection and waits for nothing outside the program.
func (fi *Finder) computes(fn *ssa.Function) bool {
	if s := fi.SlowOf(fn); s != nil && s.What != catalog.OtherGoroutines {
		return false
	}
	return len(fi.Of(fn)) == 0
}

// toClient reports whether a call writes to whoever made a request, again and again: how fast, is up to them.
func toClient(obj *types.Func, call ssa.CallInstruction) bool {
	if obj == nil {
		return false // a function value
	}
	switch obj.FullName() {
	case "(net/http.ResponseWriter).Write":
		return repeat.InLoop(call)
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString":
		return repeat.InLoop(call) && isResponse(call.Common().Args[0])
	case "io.Copy", "io.CopyN", "io.CopyBuffer":
		return isResponse(call.Common().Args[0])
	}
	return false
}

// isResponse reports whether a writer is that of an HTTP response.
func isResponse(v ssa.Value) bool {
	if c, ok := v.(*ssa.ChangeInterface); ok {
		v = c.X
	}
	return v.Type().String() == "net/http.ResponseWriter"
}
