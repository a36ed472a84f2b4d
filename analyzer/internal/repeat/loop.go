package repeat

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// maxStates bounds how many ways through a function are followed.
const maxStates = 4000

// way is control in front of a block, with what the phis on the way are.
type way struct {
	at   *ssa.BasicBlock
	phis map[*ssa.Phi]ssa.Value
}

// InLoop reports whether control may come back to an instruction after everything since has gone well. A loop that is left
// as soon as nothing fails is a retry and does not count: its body has one success, however many rounds that takes.
func InLoop(in ssa.Instruction) bool {
	start := in.Block()
	if start == nil {
		return false // an instruction that ssa has dropped
	}
	seen := map[string]bool{}
	first := way{at: start}
	if first.nextRound() {
		return true
	}
	work := first.goodExits(in)
	for len(work) > 0 && len(seen) < maxStates {
		w := work[len(work)-1]
		work = work[:len(work)-1]
		key := w.key()
		if seen[key] {
			continue
		}
		seen[key] = true
		if w.at == start || w.nextRound() {
			return true
		}
		work = append(work, w.goodExits(in)...)
	}
	return false
}

// nextRound reports whether a block ends a round of a range over a function: ssa makes its body a literal, which tells the
// iterator to go on.
func (w way) nextRound() bool {
	if _, body := w.at.Parent().Syntax().(*ast.RangeStmt); !body {
		return false
	}
	r, ok := w.at.Instrs[len(w.at.Instrs)-1].(*ssa.Return)
	if !ok || len(r.Results) != 1 {
		return false
	}
	on, isConst := boolean(w.resolve(r.Results[0]))
	return isConst && on
}

// key identifies a way: the block, and the phis of boolean type, as others decide nothing.
func (w way) key() string {
	var b strings.Builder
	fmt.Fprint(&b, w.at.Index)
	for _, phi := range slices.SortedFunc(maps.Keys(w.phis), func(x, y *ssa.Phi) int { return cmp.Compare(x.Name(), y.Name()) }) {
		fmt.Fprint(&b, " ", phi.Name(), "=", w.phis[phi].Name())
	}
	return b.String()
}

// goodExits lists the ways out of a block that do not follow from a failure. in is the instruction in question: that what it
// returns is false is a failure, too.
func (w way) goodExits(in ssa.Instruction) []way {
	cond, ok := lastIf(w.at)
	if !ok {
		var out []way
		for _, s := range w.at.Succs {
			out = append(out, w.to(s))
		}
		return out
	}
	cond = w.resolve(cond)
	var out []way
	for i, s := range w.at.Succs {
		came := i == 0
		if failure(cond, came) || excluded(cond, came) || !came && resultOf(cond, in) {
			continue
		}
		out = append(out, w.to(s))
	}
	return out
}

// to goes on to a block, whose phis become what they are for the way there.
func (w way) to(s *ssa.BasicBlock) way {
	next := way{at: s, phis: map[*ssa.Phi]ssa.Value{}}
	for phi, v := range w.phis {
		if phi.Block() != s {
			next.phis[phi] = v
		}
	}
	for _, instr := range s.Instrs {
		phi, ok := instr.(*ssa.Phi)
		if !ok {
			break
		}
		if b, ok := phi.Type().Underlying().(*types.Basic); !ok || b.Kind() != types.Bool {
			continue
		}
		if i := slices.Index(s.Preds, w.at); i >= 0 {
			next.phis[phi] = w.resolve(phi.Edges[i])
		}
	}
	return next
}

// resolve is what a boolean is on this way. The sense of a negation is kept.
func (w way) resolve(v ssa.Value) ssa.Value {
	if phi, ok := v.(*ssa.Phi); ok {
		if to := w.phis[phi]; to != nil {
			return to
		}
	}
	if not, ok := v.(*ssa.UnOp); ok && not.Op == token.NOT {
		if to := w.resolve(not.X); to != not.X {
			return negated{to, not}
		}
	}
	return v
}

// negated is the negation of a value that stands for another one.
type negated struct {
	of ssa.Value
	*ssa.UnOp
}

// resultOf reports whether a condition is a boolean that the call returns.
func resultOf(cond ssa.Value, in ssa.Instruction) bool {
	if e, ok := cond.(*ssa.Extract); ok {
		cond = e.Tuple
	}
	v, ok := in.(ssa.Value)
	return ok && cond == v
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

// failure reports whether a condition that has come out as given says that something failed: an error is not nil, is a given
// one, or of a kind.
func failure(cond ssa.Value, came bool) bool {
	switch c := cond.(type) {
	case negated:
		return failure(c.of, !came)
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return failure(c.X, !came)
		}
	case *ssa.BinOp:
		x, y := c.X, c.Y
		if isNil(x) {
			x, y = y, x
		}
		if b, ok := boolean(y); ok {
			return failure(x, (b == (c.Op == token.EQL)) == came) // done == false
		}
		if !isError(x.Type()) {
			return false
		}
		if isNil(y) {
			return (c.Op == token.NEQ) == came
		}
		return (c.Op == token.EQL) == came // err == ErrNotReady
	case *ssa.Call:
		return came && c.Call.StaticCallee() != nil && takesError(c) // errors.Is(err, …), transient(err)
	}
	return false
}

func takesError(c *ssa.Call) bool {
	return slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool { return isError(a.Type()) })
}

// excluded reports whether a condition cannot come out as given, as it is a constant on the way that control came: `for
// !connected { … connected = true }`.
func excluded(cond ssa.Value, came bool) bool {
	switch c := cond.(type) {
	case negated:
		return excluded(c.of, !came)
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return excluded(c.X, !came)
		}
	case *ssa.BinOp:
		if b, ok := boolean(c.Y); ok && (c.Op == token.EQL || c.Op == token.NEQ) {
			return excluded(c.X, (b == (c.Op == token.EQL)) == came)
		}
	}
	b, ok := boolean(cond)
	return ok && b != came
}

// boolean is the value of a boolean constant.
func boolean(v ssa.Value) (value, ok bool) {
	c, isConst := v.(*ssa.Const)
	if !isConst || c.Value == nil || c.Value.Kind() != constant.Bool {
		return false, false
	}
	return constant.BoolVal(c.Value), true
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return types.Identical(t, errorType) }
