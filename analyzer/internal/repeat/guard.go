package repeat

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Guard is a condition under which alone an instruction runs, and which says that something is not there yet.
type Guard struct {
	Kind GuardKind
	// Value is what is looked at: the value that is nil, the map or cache that lacks a key, the flag that is not set.
	Value ssa.Value
	If    *ssa.If
}

// GuardKind is what a guard looks at.
type GuardKind uint8

// The kinds of guards.
const (
	IsNil   GuardKind = iota // a value is nil
	Missing                  // a lookup, given by its container, found nothing
	Unset                    // a flag is not set
	Bounded                  // a length or count has not reached a limit
	Swapped                  // an atomic flag has just been set, which succeeds once
)

// Guards returns the conditions that say, each, that something is not there yet when the instruction runs, the nearest first.
func Guards(in ssa.Instruction) []Guard {
	var out []Guard
	for b := in.Block(); b != nil && b.Idom() != nil; b = b.Idom() {
		out = append(out, alternatives(b)...)
		d := b.Idom()
		cond, ok := lastIf(d)
		if !ok || d.Succs[0] == d.Succs[1] {
			continue // no choice was made there
		}
		at := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		for i, s := range d.Succs {
			if len(s.Preds) == 1 && s.Dominates(in.Block()) {
				out = appendGuard(out, cond, i == 0, at)
			}
		}
	}
	return out
}

// alternatives is the guards of a block that several conditions lead to: if db == nil || closed {…}.
func alternatives(b *ssa.BasicBlock) []Guard {
	if len(b.Preds) < 2 {
		return nil
	}
	var out []Guard
	for _, p := range b.Preds {
		cond, ok := lastIf(p)
		if !ok || p.Succs[0] == p.Succs[1] {
			return nil // it is reached without any condition too
		}
		out = appendGuard(out, cond, p.Succs[0] == b, p.Instrs[len(p.Instrs)-1].(*ssa.If))
	}
	return out
}

// appendGuard adds what a condition says that has come out as given.
func appendGuard(out []Guard, cond ssa.Value, came bool, at *ssa.If) []Guard {
	switch c := cond.(type) {
	case *ssa.UnOp:
		if c.Op == token.NOT {
			return appendGuard(out, c.X, !came, at)
		}
		if !came {
			return append(out, Guard{Unset, c, at}) // a load
		}
	case *ssa.BinOp:
		return appendComparison(out, c, came, at)
	case *ssa.Extract:
		if container := lookedUp(c.Tuple); !came && container != nil && c.Index > 0 {
			return append(out, Guard{Missing, container, at})
		}
	case *ssa.Call:
		if came && strings.HasPrefix(methodName(c), "CompareAndSwap") {
			return append(out, Guard{Swapped, c, at})
		}
		if !came {
			return append(out, Guard{Unset, c, at}) // if !s.ready() {…}, if ready.Load() { return … }
		}
	}
	return out
}

func appendComparison(out []Guard, c *ssa.BinOp, came bool, at *ssa.If) []Guard {
	x, y := c.X, c.Y
	if isNil(x) {
		x, y = y, x
	}
	if isNil(y) {
		if isError(x.Type()) || (c.Op == token.EQL) != came {
			return out // a failure, or something that is there
		}
		return append(out, Guard{IsNil, x, at})
	}
	switch c.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
		if isLen(c.X) || isLen(c.Y) {
			return append(out, Guard{Bounded, c, at})
		}
	}
	return out
}

func isLen(v ssa.Value) bool {
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	return ok && b.Name() == "len"
}

// lookedUp returns the container of a lookup with two results, nil if it is none. For a call that is the call itself, or its
// receiver: what it looks into is not known.
func lookedUp(tuple ssa.Value) ssa.Value {
	switch t := tuple.(type) {
	case *ssa.Lookup:
		return t.X
	case *ssa.TypeAssert:
		return t.X
	case *ssa.Call:
		if fn := t.Call.StaticCallee(); fn == nil || fn.Pkg == t.Parent().Pkg || len(t.Call.Args) == 0 || t.Call.Signature().Recv() == nil {
			return t
		}
		return t.Call.Args[0] // of another package: a cache, a sync.Map
	}
	return nil
}

func methodName(c *ssa.Call) string {
	if c.Call.IsInvoke() {
		return c.Call.Method.Name()
	}
	if fn := c.Call.StaticCallee(); fn != nil {
		return fn.Name()
	}
	return ""
}
