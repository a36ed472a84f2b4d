package bound

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// WaitedFor reports whether the instructions that always run before one wait for room, and do not give it back.
func (j *Judge) WaitedFor(fn *ssa.Function, at *ssa.BasicBlock, index int, verdict *Verdict) bool {
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
			} else if j.Waits(in, verdict) {
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
		return in.Op == token.ARROW && !program.Used(in)
	case *ssa.Call:
		obj, _ := program.Callee(in)
		return obj != nil && (obj.Name() == "Unlock" || obj.Name() == "Release" || obj.Name() == "Leave")
	}
	return false
}

// Waits reports whether an instruction returns only when there is room for one more: a token is put into a channel or taken
// out of one, a semaphore, a mutex, a rate limiter, or a method of the program's own that does so.
func (j *Judge) Waits(in ssa.Instruction, verdict *Verdict) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return j.token(in.Chan, verdict)
	case *ssa.UnOp:
		return in.Op == token.ARROW && !program.Used(in)
	case *ssa.Select:
		for _, st := range in.States {
			if st.Send != nil && j.token(st.Chan, verdict) {
				return true
			}
		}
	case *ssa.Call:
		obj, fn := program.Callee(in)
		if catalog.WaitsForRoom(obj) {
			return j.Weighted(in, verdict)
		}
		if catalog.Locks(obj) {
			return !program.Local(origin.Given(in)[0])
		}
		if obj != nil && strings.HasPrefix(obj.Name(), "Try") && len(origin.Given(in)) > 0 && leavesWithout(in) {
			return !program.Local(origin.Given(in)[0]) // what goes on has the lock
		}
		if j.Analyzed(fn) && (fn.Signature.Recv() != nil || fn.Parent() != nil) {
			return j.WaitingMethod(fn)
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
func (j *Judge) token(ch ssa.Value, verdict *Verdict) bool {
	if !PlainToken(ch.Type()) {
		return false
	}
	made := j.Makers(ch)
	if len(made) == 0 {
		return true // it is made elsewhere
	}
	if n, ok := made[0].Size.(*ssa.Const); ok && n.Int64() == 0 {
		return false // a hand-over, no semaphore
	}
	return j.Accept(made[0].Size, made[0], verdict)
}

// PlainToken reports whether a channel carries nothing but tokens: empty structs, booleans, numbers.
func PlainToken(t types.Type) bool {
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

// Makers lists where a channel is made.
func (j *Judge) Makers(ch ssa.Value) []*ssa.MakeChan {
	backward := j.Graph.Backward(j.Graph.Of(ch))
	var out []*ssa.MakeChan
	for _, fn := range j.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if m, ok := in.(*ssa.MakeChan); ok && slices.Contains(backward, j.Graph.Of(m)) {
					out = append(out, m)
				}
			}
		}
	}
	return out
}

// Weighted judges a semaphore by what it is made with.
func (j *Judge) Weighted(call *ssa.Call, verdict *Verdict) bool {
	if len(origin.Given(call)) == 0 {
		return true
	}
	backward := j.Graph.Backward(j.Graph.Of(origin.Given(call)[0]))
	for in := range j.Calls() {
		c, ok := in.(*ssa.Call)
		if !ok || !slices.Contains(backward, j.Graph.OfCall(c, 0)) {
			continue
		}
		if obj, _ := program.Callee(c); obj != nil && obj.Name() == "NewWeighted" {
			verdict.Made = c
			ok := j.Accept(c.Call.Args[0], c, verdict)
			if n := len(call.Call.Args); n > 2 && verdict.Bound > 0 {
				if w, isConst := call.Call.Args[2].(*ssa.Const); isConst && w.Int64() > 1 {
					verdict.Bound /= w.Int64() // each takes several units
				}
			}
			return ok
		}
	}
	return true // a rate limiter, or one that is made elsewhere
}

// WaitingMethod reports whether a function of the package puts a token into a channel that it is given, or takes one out.
func (j *Judge) WaitingMethod(fn *ssa.Function) bool { return j.WaitsIn(fn, program.MaxUses) }

// WaitsIn is WaitingMethod for a function that may be looked into so many calls deep.
func (j *Judge) WaitsIn(fn *ssa.Function, depth int) bool {
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
				if in.Op == token.ARROW && !program.Used(in) {
					return true
				}
			case *ssa.Call:
				obj, next := program.Callee(in)
				if catalog.WaitsForRoom(obj) {
					return true
				}
				if next != nil && next.Pkg == j.Pkg && next.Signature.Recv() != nil && j.WaitsIn(next, depth-1) {
					return true
				}
			}
		}
	}
	return false
}
