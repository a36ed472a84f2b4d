package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// MadeIn reports whether a handle may be one that a function makes for itself: what a constructor returns there, or a struct of the
// function's own. What a getter returns is there already.
func (h *Handles) MadeIn(fn *ssa.Function, v ssa.Value) bool {
	in, ok := v.(ssa.Instruction)
	return ok && in.Parent() == fn && h.made(v, program.MaxUses*2)
}

func (h *Handles) made(v ssa.Value, depth int) bool {
	for whole := program.Whole(v); whole != nil; whole = program.Whole(v) {
		v = whole
	}
	if depth == 0 {
		return true // nobody knows
	}
	switch v := v.(type) {
	case nil, *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return false
	case *ssa.Extract:
		return h.made(v.Tuple, depth-1)
	case *ssa.Call:
		return h.madeBy(v, depth)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return h.made(e, depth-1) })
	}
	return true
}

// madeBy is made for what a call returns.
func (h *Handles) madeBy(call *ssa.Call, depth int) bool {
	obj, fn := program.Callee(call)
	switch {
	case h.PathOf(call) == "":
		return true // a constructor, or a function that may be one
	case obj == nil:
		return false // a library's alias of a handle
	case !h.Analyzed(fn) && h.Cat.Func(obj) == nil && (h.builds(obj) || slices.Contains(makers, Words(obj.Name())[0])):
		return true
	}
	return obj.Signature().Recv() != nil && h.made(origin.Given(call)[0], depth-1)
}

// makers is how the names of functions begin that make something each time they are called.
var makers = []string{"new", "open", "connect", "create", "make", "dial", "build", "init", "setup", "start"}

// builds reports whether a function of another package is known to return a pool that it builds each time.
func (h *Handles) builds(obj *types.Func) bool {
	f := h.Facts.Func(obj)
	return f != nil && slices.ContainsFunc(f.Builds, func(b fact.Build) bool { return b.Returned })
}
