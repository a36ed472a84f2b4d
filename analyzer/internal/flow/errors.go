package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxErrorSteps bounds how far an error is followed back to where it comes from.
const maxErrorSteps = 8

// keepNil treats a function that is given an error known to be nil: wrappers return nil for nil, predicates over errors
// (isNotFound, isRetryable) are false for it. The few that differ, fmt.Errorf among them, return errors also for nil.
func (m *Machine) keepNil(st *State, c *Call, parts []*Sym) {
	if len(parts) != 1 || !m.onlyNilErrors(st, c) {
		return
	}
	sig := c.Instr.Common().Signature()
	switch t := sig.Results().At(0).Type(); {
	case isError(t):
		if _, known := m.Known(st, m.IsNil(parts[0])); !known {
			parts[0] = m.Nil()
		}
	case types.Identical(t.Underlying(), types.Typ[types.Bool]) && parts[0].Op == OpOpaque:
		parts[0] = m.Bool(false)
	}
}

// neverFails reports whether the last result of a function is an error that is nil whatever happens. Its body has to be in sight.
func neverFails(fn *ssa.Function, depth int) bool {
	if fn == nil || len(fn.Blocks) == 0 || depth == 0 {
		return false // nothing is known of it
	}
	results := fn.Signature.Results()
	if n := results.Len(); n == 0 || !isError(results.At(n-1).Type()) {
		return false // it returns no error
	}
	returns := false
	for _, b := range fn.Blocks {
		r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue // it goes on, or panics
		}
		if !alwaysNil(r.Results[len(r.Results)-1], depth) {
			return false // it may be an error
		}
		returns = true
	}
	return returns
}

// alwaysNil reports whether a result is the constant nil, the error of a function that never fails, or a variable that is only ever
// set to such: a function with deferred calls keeps its results in variables.
func alwaysNil(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false // too far away
	}
	switch v := v.(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Call:
		return neverFails(v.Call.StaticCallee(), depth-1)
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && v.Index == call.Call.Signature().Results().Len()-1 && neverFails(call.Call.StaticCallee(), depth-1)
	case *ssa.Phi:
		return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return e != v && !alwaysNil(e, depth-1) })
	case *ssa.UnOp:
		result, ok := v.X.(*ssa.Alloc)
		return ok && onlySetToNil(result, depth)
	}
	return false
}

// onlySetToNil reports whether all that is stored in a variable is nil.
func onlySetToNil(result *ssa.Alloc, depth int) bool {
	for _, ref := range *result.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != result || !alwaysNil(ref.Val, depth-1) {
				return false
			}
		default:
			return false // a literal may set it
		}
	}
	return true
}

// onlyNilErrors reports whether the call has arguments of type error and all of them are known to be nil.
func (m *Machine) onlyNilErrors(st *State, c *Call) bool {
	params := c.Instr.Common().Signature().Params()
	found := false
	for i := 0; i < params.Len() && i < len(c.Args); i++ {
		if !isError(params.At(i).Type()) {
			continue
		}
		if isNil, ok := m.Known(st, m.IsNil(c.Args[i])); !ok || !isNil {
			return false
		}
		found = true
	}
	return found
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
