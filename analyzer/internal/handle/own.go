package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// OwnTo reports whether a handle may be of a pool that a function makes, or picks, for itself: what a constructor returns there, a
// struct of the function's own, or one of many pools. What a getter returns is there already, for all.
func (h *Handles) OwnTo(fn *ssa.Function, v ssa.Value) bool {
	in, ok := v.(ssa.Instruction)
	return ok && in.Parent() == fn && h.own(v, program.MaxUses*3)
}

func (h *Handles) own(v ssa.Value, depth int) bool {
	for whole := program.Whole(v); whole != nil; whole = program.Whole(v) {
		v = whole
	}
	switch v := v.(type) {
	case nil, *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return false
	case *ssa.Const:
		return !v.IsNil() // what comes with an error
	}
	if depth == 0 {
		return true // nobody knows
	}
	some := func(all []ssa.Value) bool {
		return slices.ContainsFunc(all, func(x ssa.Value) bool { return h.own(x, depth-1) })
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return h.own(v.Tuple, depth-1)
	case *ssa.Phi:
		return some(v.Edges)
	case *ssa.Alloc:
		stored := program.StoredIn(v)
		return len(stored) == 0 || some(stored) // a struct, or a variable
	case *ssa.Call:
		if fn := h.OwnCallee(v); fn != nil && h.PathOf(v) != Elements {
			return some(append(program.Returned(fn), receiver(v)...))
		}
		return h.ownResult(v) || some(receiver(v))
	}
	return true
}

// receiver is what the method that a call runs is of; nothing for a function.
func receiver(call *ssa.Call) []ssa.Value {
	if obj, _ := program.Callee(call); obj != nil && obj.Signature().Recv() != nil {
		return origin.Given(call)[:1]
	}
	return nil
}

// ownResult is own for what a function of another package returns.
func (h *Handles) ownResult(call *ssa.Call) bool {
	obj, _ := program.Callee(call)
	switch path := h.PathOf(call); {
	case path == "", path == Elements:
		return true // a constructor, or a function value; one of many
	case obj == nil || h.Cat.Func(obj) != nil:
		return false // another name of a handle
	}
	return h.builds(obj) || makes(obj.Name()) || released(call)
}

// makes reports whether a function makes something each time it is called, by its name: Open, MustConnect.
func makes(name string) bool {
	words := Words(name)
	if len(words) > 1 && slices.Contains([]string{"must", "try", "get"}, words[0]) {
		words = words[1:]
	}
	return len(words) > 0 && slices.Contains(makers, words[0])
}

// makers is how such names begin.
var makers = []string{"new", "open", "connect", "create", "make", "dial", "build", "init", "setup", "start"}

// released reports whether whoever calls a function closes what it returns, or calls a function that it returns: done.
func released(call *ssa.Call) bool {
	results := []ssa.Value{call}
	for _, ref := range *call.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok {
			results = append(results, e)
		}
	}
	return slices.ContainsFunc(results, func(v ssa.Value) bool {
		return slices.ContainsFunc(*v.Referrers(), func(use ssa.Instruction) bool {
			c, ok := use.(ssa.CallInstruction)
			if !ok {
				return false
			}
			obj, _ := program.Callee(c)
			return c.Common().Value == v && !c.Common().IsInvoke() || obj != nil && obj.Name() == "Close" && origin.Given(c)[0] == v
		})
	})
}

// builds reports whether a function of another package is known to return a pool that it builds each time.
func (h *Handles) builds(obj *types.Func) bool {
	f := h.Facts.Func(obj)
	return f != nil && slices.ContainsFunc(f.Builds, func(b fact.Build) bool { return b.Returned })
}
