package take

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// optional returns the parameter of fn that is a transaction of which a handle is made if it is given, and of a pool if not: a
// choice between the two, or what a function returns that is given it. It is -1 if there is none.
func (t *Taker) optional(fn *ssa.Function, v ssa.Value, depth int) int {
	if depth == 0 {
		return -1
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return t.optional(fn, v.X, depth-1)
	case *ssa.ChangeInterface:
		return t.optional(fn, v.X, depth-1)
	case *ssa.Extract:
		return t.optional(fn, v.Tuple, depth-1)
	case *ssa.Phi:
		return t.optionalOf(fn, v.Edges)
	case *ssa.Call:
		obj, _ := program.Callee(v)
		if row := t.Cat.Func(obj); row != nil {
			return -1 // a library's: it needs the transaction
		}
		return t.optionalOf(fn, v.Call.Args)
	}
	return -1
}

// optionalOf returns the parameter that is a transaction, or that one of the values is begun on, if another of the values is
// none.
func (t *Taker) optionalOf(fn *ssa.Function, values []ssa.Value) int {
	if !slices.ContainsFunc(values, func(v ssa.Value) bool { return !program.IsContext(v.Type()) && !t.IsTx(v) }) && len(values) < 2 {
		return -1
	}
	for _, v := range values {
		if call := program.ResultOf(v); call != nil {
			if obj, _ := program.Callee(call); t.Cat.Func(obj) != nil {
				v = program.WorksOn(call, t.Cat.Func(obj)) // tx.Stmt(s)
			}
		}
		p, ok := program.Bare(v).(*ssa.Parameter)
		if !ok || p.Parent() != fn {
			continue
		}
		if class := t.Cat.Type(p.Type()); class != nil && class.Resource == catalog.Tx && !handle.SharesType(p.Type()) {
			return slices.Index(fn.Params, p)
		}
	}
	return -1
}

// ifNil is what a callee takes on a transaction that may be nil, as seen by its caller: one of a pool if the caller gives nil, what
// its own caller decides if it hands a parameter on.
func (t *Taker) ifNil(call ssa.CallInstruction, m Taking) (Taking, bool) {
	arg := program.GivenFor(call, m.IfNil-1)
	if arg == nil {
		return m, false // ssa counts otherwise
	}
	if program.IsNil(arg) {
		m.IfNil, m.Busy = 0, false
		return m, true
	}
	p, ok := program.Bare(arg).(*ssa.Parameter)
	if !ok {
		return m, false // it is given
	}
	m.IfNil = 1 + slices.Index(p.Parent().Params, p)
	return m, true
}
