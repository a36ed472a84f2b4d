package flow

import (
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"unicode"

	"golang.org/x/tools/go/ssa"
)

// Known returns the truth of a condition, if it is known.
func (m *Machine) Known(st *State, s *Sym) (val, known bool) {
	switch s.Op {
	case OpConst:
		if s.Const.Kind() == constant.Bool {
			return constant.BoolVal(s.Const), true
		}
	case OpNot:
		v, ok := m.Known(st, s.Args[0])
		return !v, ok
	case OpIsNil:
		if v, ok := nilness(s.Args[0]); ok {
			return v, true
		}
	case OpPred:
		if isNil, ok := m.Known(st, m.IsNil(s.Args[0])); ok && isNil {
			return false, true
		}
		if s.Tag == "Is" && len(s.Args) == 2 {
			if s.Args[0] == s.Args[1] {
				return true, true
			}
			if foreign(s.Args[0], s.Args[1]) {
				return false, true
			}
		}
	case OpEq:
		if foreign(s.Args[0], s.Args[1]) || foreign(s.Args[1], s.Args[0]) {
			return false, true
		}
		if st.equalsOther(s) || s.Args[0].Op == OpLen && s.Args[0].Tag == "len" && isZero(s.Args[1]) && m.nonEmpty(st, s.Args[0].Args[0]) {
			return false, true
		}
	case OpCmp:
		if v, ok := m.compare(st, s); ok {
			return v, true
		}
	}
	v, ok := st.truth[s]
	return v, ok
}

// foreign reports whether an error comes from a call of another package that is given no function, and the sentinel is one of
// the package's own: that package does not know it.
func foreign(err, sentinel *Sym) bool {
	if sentinel.Op != OpLoad || sentinel.Tag != "" || sentinel.T == nil || !isError(sentinel.T) {
		return false
	}
	g, ok := sentinel.Args[0].V.(*ssa.Global)
	call, isCall := err.V.(*ssa.Call)
	if !ok || !isCall || err.Op != OpOpaque || g.Pkg != call.Parent().Pkg {
		return false
	}
	fn := call.Call.StaticCallee()
	if fn != nil && (fn.Pkg == nil || fn.Pkg == g.Pkg) || fn == nil && (!call.Call.IsInvoke() || call.Call.Method.Pkg() == g.Pkg.Pkg) {
		return false
	}
	for _, a := range call.Call.Args {
		if _, ok := a.Type().Underlying().(*types.Signature); ok {
			return false
		}
	}
	return true
}

// compare decides an ordering of constants, and of zero with the length of a slice that has an element the client follows.
func (m *Machine) compare(st *State, s *Sym) (val, known bool) {
	x, y := s.Args[0], s.Args[1]
	if x.Op == OpConst && y.Op == OpConst && x.Const.Kind() == constant.Int && y.Const.Kind() == constant.Int {
		op := token.LSS
		if s.Tag == token.LEQ.String() {
			op = token.LEQ
		}
		return constant.Compare(x.Const, op, y.Const), true
	}
	if y.Op != OpLen || !isZero(x) || !m.nonEmpty(st, y.Args[0]) {
		return false, false
	}
	return true, s.Tag == token.LEQ.String() || y.Tag != "last" // 0 < len, 0 <= len-1; 0 < len-1 is not known
}

func isZero(s *Sym) bool {
	return s.Op == OpConst && s.Const.Kind() == constant.Int && constant.Sign(s.Const) == 0
}

// nonEmpty reports whether a slice is known to have an element.
func (m *Machine) nonEmpty(st *State, s *Sym) bool {
	l := LocOf(s)
	return m.element(st, Loc{l.Base, l.Path + anyIndex}) != nil
}

// equalsOther reports whether x in x == c is known to equal another constant.
func (st *State) equalsOther(s *Sym) bool {
	if s.Args[1].Op != OpConst {
		return false
	}
	for t, v := range st.truth {
		if v && t.Op == OpEq && t.Args[0] == s.Args[0] && t.Args[1].Op == OpConst && t != s {
			return true
		}
	}
	return false
}

// nilness decides whether a symbol is nil by its form alone.
func nilness(s *Sym) (isNil, known bool) {
	switch s.Op {
	case OpNil:
		return true, true
	case OpConst, OpZero, OpFunc, OpClosure, OpAddr, OpNew:
		return false, true
	case OpOpaque:
		switch s.V.(type) {
		case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice, *ssa.Global:
			return false, s.Tag == "" // a tag marks what a call left in the variable
		}
	case OpLoad:
		g, global := s.Args[0].V.(*ssa.Global)
		return false, global && s.Tag == "" && s.T != nil && isError(s.T) && isSentinel(g)
	}
	return false, false
}

// Assume records that a condition has the given truth, and what follows from it. It returns false if that cannot be.
func (m *Machine) Assume(st *State, s *Sym, val bool) bool {
	for s.Op == OpNot {
		s, val = s.Args[0], !val
	}
	if v, ok := m.Known(st, s); ok {
		return v == val
	}
	st.truth[s] = val
	switch {
	case s.Op == OpPred && val:
		return m.Assume(st, m.IsNil(s.Args[0]), false)
	case s.Op == OpEq && val && s.Args[1].Op == OpConst:
		return m.Assume(st, m.IsNil(s.Args[0]), false)
	}
	return true
}

// Conditions calls f for each condition known, in a fixed order.
func (st *State) Conditions(f func(cond *Sym, val bool)) {
	conds := slices.SortedFunc(maps.Keys(st.truth), func(a, b *Sym) int { return a.ID - b.ID })
	for _, c := range conds {
		f(c, st.truth[c])
	}
}

// isSentinel reports whether a package variable is always an error, by its name: io.EOF, errClosed. What a package keeps for itself,
// such as initErr, may be nil.
func isSentinel(g *ssa.Global) bool {
	name := g.Name()
	return token.IsExported(name) || len(name) > 3 && name[:3] == "err" && unicode.IsUpper(rune(name[3]))
}
