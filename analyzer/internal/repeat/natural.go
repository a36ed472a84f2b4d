package repeat

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Loop is a natural loop: the blocks from which its header is reached again.
type Loop struct {
	Header *ssa.BasicBlock
	Blocks map[*ssa.BasicBlock]bool
}

// LoopsAround returns the loops that a block is part of, the innermost first.
func LoopsAround(b *ssa.BasicBlock) []Loop {
	byHeader := map[*ssa.BasicBlock]*Loop{}
	for _, from := range b.Parent().Blocks {
		for _, header := range from.Succs {
			if !header.Dominates(from) {
				continue // no back edge
			}
			l := byHeader[header]
			if l == nil {
				l = &Loop{Header: header, Blocks: map[*ssa.BasicBlock]bool{header: true}}
				byHeader[header] = l
			}
			l.grow(from)
		}
	}
	var out []Loop
	for _, block := range b.Parent().Blocks { // in their order
		if l := byHeader[block]; l != nil && l.Blocks[b] {
			out = append(out, *l)
		}
	}
	slices.SortStableFunc(out, func(x, y Loop) int { return len(x.Blocks) - len(y.Blocks) })
	return out
}

// grow adds a block and everything that leads to it from the header.
func (l *Loop) grow(b *ssa.BasicBlock) {
	if l.Blocks[b] {
		return
	}
	l.Blocks[b] = true
	for _, p := range b.Preds {
		l.grow(p)
	}
}

// Trips returns what the number of rounds is compared with in the head of the loop, or where the loop is left: constants or
// other values. There are none if nothing bounds the rounds, as with a channel or a map.
func (l Loop) Trips() []ssa.Value {
	var found []ssa.Value
	for _, b := range l.Header.Parent().Blocks {
		if !l.Blocks[b] {
			continue
		}
		cond, ok := lastIf(b)
		if !ok || l.Blocks[b.Succs[0]] && l.Blocks[b.Succs[1]] {
			continue // it stays in the loop
		}
		cmp, ok := cond.(*ssa.BinOp)
		if !ok {
			continue // another reason to leave
		}
		if b, ok := cmp.Y.Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
			continue // it is no count
		}
		switch cmp.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
			if counts(cmp.X, l) {
				found = append(found, cmp.Y)
			}
		}
	}
	return found
}

// RangedMap returns the map that the loop ranges over, nil if it does not.
func (l Loop) RangedMap() ssa.Value {
	for _, in := range l.Header.Instrs {
		if next, ok := in.(*ssa.Next); ok && !next.IsString {
			return next.Iter.(*ssa.Range).X
		}
	}
	return nil
}

// counts reports whether a value goes up or down with the rounds of a loop.
func counts(v ssa.Value, l Loop) bool {
	switch v := v.(type) {
	case *ssa.UnOp: // of a variable that a literal captures
		return v.Op == token.MUL
	case *ssa.Phi:
		return v.Block() == l.Header
	case *ssa.BinOp:
		return (v.Op == token.ADD || v.Op == token.SUB) && (counts(v.X, l) || counts(v.Y, l))
	}
	return false
}
