package summary

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// startUp reports whether a function runs before the program serves: main and init themselves, what only they and functions that
// build a pool call, and what a command line runs. Nobody else has a connection then, so that no wait is long.
func (t *taker) startUp(fn *ssa.Function) bool {
	if at, ok := t.start[fn]; ok {
		return at
	}
	t.start[fn] = false // a recursion serves
	t.start[fn] = t.startsUp(fn)
	return t.start[fn]
}

func (t *taker) startsUp(fn *ssa.Function) bool {
	main := t.pass.Pkg.Name() == "main"
	switch {
	case catalog.Command(fn.Signature):
		return true
	case t.entries[fn] != "":
		return false // a handler
	case fn.Parent() != nil:
		use := t.uses[fn]
		if _, isGo := use.(*ssa.Go); use == nil || isGo {
			return false // it is stored, or goes on beside main
		}
		return literalCalled(use) == fn && t.startUp(fn.Parent())
	case fn.Signature.Recv() == nil && (main && fn.Name() == "main" || strings.HasPrefix(fn.Name(), "init#")):
		return true
	case !main && fn.Object() != nil && fn.Object().Exported():
		return false // other packages may call it
	case slices.Contains(t.values[signatureKey(fn.Signature)], fn):
		return false // somebody has it as a value
	}
	callers := t.graph.Callers(fn)
	for _, call := range callers {
		from := call.Parent()
		if _, isGo := call.(*ssa.Go); isGo || t.workLoop(call) {
			return false
		}
		if !t.startUp(from) && (from.Parent() != nil || !t.opens(from)) {
			return false // somebody serves
		}
	}
	return len(callers) > 0
}

// opens reports whether a function builds a pool.
func (t *taker) opens(fn *ssa.Function) bool {
	return slices.ContainsFunc(t.built, func(b built) bool { return b.call.Parent() == fn })
}

// justBuilt reports whether a handle is a pool that the function around a call has built itself: it has all its connections.
func (t *taker) justBuilt(call ssa.CallInstruction, handle ssa.Value) bool {
	if handle == nil {
		return false // it is not seen here
	}
	var backward []int
	for _, b := range t.built {
		if outermost(b.call.Parent()) != outermost(call.Parent()) {
			continue // it is built elsewhere
		}
		if backward == nil {
			for _, n := range t.graph.Backward(t.graph.Of(handle)) {
				backward = append(backward, int(n))
			}
		}
		if slices.Contains(backward, int(t.graph.OfCall(b.call, b.row.Result))) {
			return true
		}
	}
	return false
}
