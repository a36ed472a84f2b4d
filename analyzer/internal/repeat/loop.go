package repeat

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// edge is a way into a block: which of its predecessors control came from decides what its phis are.
type edge struct{ from, to *ssa.BasicBlock }

// InLoop reports whether control may come back to an instruction after everything since has gone well. A loop that is left
// as soon as nothing fails is a retry and does not count: its body has one success, however many rounds that takes.
func InLoop(in ssa.Instruction) bool {
	start := in.Block()
	if start == nil {
		return false // an instruction that ssa has dropped
	}
	seen := map[edge]bool{}
	work := goodExits(start, nil)
	for len(work) > 0 {
		e := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[e] {
			continue
		}
		seen[e] = true
		if e.to == start {
			return true
		}
		work = append(work, goodExits(e.to, e.from)...)
	}
	return false
}

// goodExits lists the ways out of a block that do not follow from a failure. from is the block that control came from, nil if
// that is not known.
func goodExits(b, from *ssa.BasicBlock) []edge {
	cond, ok := lastIf(b)
	if !ok {
		var out []edge
		for _, s := range b.Succs {
			out = append(out, edge{b, s})
		}
		return out
	}
	var out []edge
	for i, s := range b.Succs {
		taken := i == 0
		if failure(cond, taken) || excluded(cond, taken, b, from) {
			continue
		}
		out = append(out, edge{b, s})
	}
	return out
}

func lastIf(b *ssa.BasicBlock) (ssa.Value, bool) {
	if len(b.Instrs) == 0 {
		return nil, false
	}
	in, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, false
	}
	return in.Cond, true
}

// failure reports whether a condition that has come out as given says that something failed: an error is not nil, or is a
// given one.
func failure(cond ssa.Value, came bool) bool {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return failure(c.X, !came)
		}
	case *ssa.BinOp:
		x, y := c.X, c.Y
		if isNil(x) {
			x, y = y, x
		}
		if !isError(x.Type()) {
			return false
		}
		if isNil(y) {
			return (c.Op == token.NEQ) == came
		}
		return (c.Op == token.EQL) == came // err == ErrNotReady
	case *ssa.Call:
		fn := c.Call.StaticCallee()
		if fn == nil || fn.Pkg == nil || fn.Pkg.Pkg.Path() != "errors" {
			return false
		}
		return came // errors.Is, errors.As
	}
	return false
}

// excluded reports whether a condition cannot come out as given, as it is a phi of the block whose value is known for the way
// control came: `for !connected { … connected = true }`.
func excluded(cond ssa.Value, came bool, b, from *ssa.BasicBlock) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		return excluded(not.X, !came, b, from)
	}
	phi, ok := cond.(*ssa.Phi)
	if !ok || phi.Block() != b || from == nil {
		return false
	}
	for i, p := range b.Preds {
		if p != from {
			continue
		}
		c, ok := phi.Edges[i].(*ssa.Const)
		return ok && c.Value != nil && c.Value.Kind() == constant.Bool && constant.BoolVal(c.Value) != came
	}
	return false
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return types.Identical(t, errorType) }
