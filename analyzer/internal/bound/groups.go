package bound

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// BoundsItself reports whether what a start is called on bounds how many run at once.
func (j *Judge) BoundsItself(call ssa.CallInstruction, st *catalog.Starter, verdict *Verdict) bool {
	switch {
	case st.Bounded:
		return true
	case len(origin.Given(call)) == 0:
		return false // there is no group
	case st.Setter != "":
		return j.ByGroup(call, st.Setter, verdict)
	case st.Maker:
		return j.byMaker(call, verdict)
	}
	return false
}

// ByGroup looks for the call that bounds a group of goroutines.
func (j *Judge) ByGroup(call ssa.CallInstruction, setter string, verdict *Verdict) bool {
	group := origin.Given(call)[0]
	found := false
	for _, fn := range j.Funcs {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				set, ok := in.(ssa.CallInstruction)
				if !ok || found {
					continue
				}
				obj, _ := program.Callee(set)
				if obj == nil || obj.Name() != setter || len(origin.Given(set)) < 2 || !j.sameGroup(set, group) {
					continue
				}
				if set.Parent() == call.Parent() && !program.Before(set, call) {
					continue // too late
				}
				if verdict.Recursive && MadeIn(set.Parent(), call.Parent()) {
					verdict.Fake = &Fake{Anew, set}
					continue
				}
				found = j.Accept(origin.Given(set)[1], set, verdict)
			}
		}
	}
	return found || verdict.Fake == nil && j.fromOutside(group)
}

// MadeIn reports whether two functions are parts of one: a bound of the one is new for each call of the other.
func MadeIn(a, b *ssa.Function) bool {
	return program.Outermost(a) == program.Outermost(b)
}

// sameGroup reports whether a call that sets a bound is on the group, or the group is what it returns.
func (j *Judge) sameGroup(set ssa.CallInstruction, group ssa.Value) bool {
	if j.Graph.Meet(origin.Given(set)[0], group) {
		return true
	}
	if v := set.Value(); v != nil {
		return slices.Contains(j.Graph.Backward(j.Graph.Of(group)), j.Graph.OfCall(set, 0))
	}
	return false
}

// fromOutside reports whether a group is made where nobody here can see what bounds it.
func (j *Judge) fromOutside(group ssa.Value) bool {
	for _, n := range j.Graph.Backward(j.Graph.Of(group)) {
		for _, param := range j.ParamsAt(n) {
			if len(j.Graph.Callers(param.Parent())) == 0 {
				return true
			}
		}
	}
	return false
}

// byMaker looks for the function that makes the pool of goroutines: its argument is the bound.
func (j *Judge) byMaker(call ssa.CallInstruction, verdict *Verdict) bool {
	backward := j.Graph.Backward(j.Graph.Of(origin.Given(call)[0]))
	for maker := range j.Calls() {
		c, ok := maker.(*ssa.Call)
		if !ok || len(c.Call.Args) == 0 || c.Call.Signature().Recv() != nil || !slices.Contains(backward, j.Graph.OfCall(c, 0)) {
			continue
		}
		obj, _ := program.Callee(c)
		target, _ := program.Callee(call)
		if obj != nil && target != nil && obj.Pkg() == target.Pkg() {
			if !program.IsInteger(c.Call.Args[0].Type()) {
				continue // it makes something else
			}
			if n, ok := c.Call.Args[0].(*ssa.Const); ok && n.Value != nil && n.Int64() <= 0 {
				verdict.Fake = &Fake{Negative, c}
				return false
			}
			return j.Accept(c.Call.Args[0], c, verdict)
		}
	}
	return true // it is made elsewhere
}
