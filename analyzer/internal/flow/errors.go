package flow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// maxErrorSteps bounds how far an error is followed back within a function.
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

// fate is what is known of an error, whatever happens.
type fate uint8

const (
	either fate = iota
	neverError
	alwaysError
)

// fateOf is what is known of the error that a function returns last. Its body has to be in sight.
func (m *Machine) fateOf(fn *ssa.Function) fate {
	if is, ok := m.fates[fn]; ok {
		return is
	}
	m.fates[fn] = either // nothing is known of it, or it is a recursion that is under way
	if fn == nil || len(fn.Blocks) == 0 {
		return either
	}
	results := fn.Signature.Results()
	if n := results.Len(); n == 0 || !isError(results.At(n-1).Type()) {
		return either // it returns no error
	}
	var all []ssa.Value
	for _, b := range fn.Blocks {
		if r, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			all = append(all, r.Results[len(r.Results)-1])
		}
	}
	m.fates[fn] = m.common(all, maxErrorSteps)
	return m.fates[fn]
}

// common is what is known of all the values.
func (m *Machine) common(values []ssa.Value, depth int) fate {
	if len(values) == 0 {
		return either // it never returns
	}
	is := m.errorFate(values[0], depth)
	for _, v := range values[1:] {
		if is == either || m.errorFate(v, depth) != is {
			return either
		}
	}
	return is
}

// errorFate is what is known of one error: it is the constant nil, a new error or a sentinel, what such a function returns, or a
// variable that is only ever set to such. A function with deferred calls keeps its results in variables.
func (m *Machine) errorFate(v ssa.Value, depth int) fate {
	if depth == 0 {
		return either // too far away
	}
	switch v := v.(type) {
	case *ssa.Const:
		return neverError
	case *ssa.MakeInterface:
		return madeError(v)
	case *ssa.Call:
		return m.callFate(v)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == call.Call.Signature().Results().Len()-1 {
			return m.callFate(call)
		}
	case *ssa.Phi:
		return m.common(slices.DeleteFunc(slices.Clone(v.Edges), func(e ssa.Value) bool { return e == v }), depth-1)
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.Alloc:
			return m.variableFate(x, depth-1)
		case *ssa.Global:
			if isSentinel(x) {
				return alwaysError
			}
		}
	}
	return either
}

// madeError is what is known of a value that becomes an error: &Error{…}, or one that is no pointer.
func madeError(v *ssa.MakeInterface) fate {
	_, pointer := v.X.Type().Underlying().(*types.Pointer)
	if _, made := v.X.(*ssa.Alloc); made || !pointer {
		return alwaysError
	}
	return either // it may be a nil pointer, which is an error all the same, but rarely meant
}

func (m *Machine) callFate(call *ssa.Call) fate {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return either // an interface's, or a function value
	}
	switch fn.String() {
	case "errors.New", "fmt.Errorf":
		return alwaysError
	}
	return m.fateOf(fn)
}

// variableFate is what is known of all that is stored in a variable.
func (m *Machine) variableFate(result *ssa.Alloc, depth int) fate {
	var stored []ssa.Value
	for _, ref := range *result.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != result {
				return either // its address is kept
			}
			stored = append(stored, ref.Val)
		default:
			return either // a literal may set it
		}
	}
	if is := m.common(stored, depth); is != alwaysError {
		return is
	}
	return either // it is nil before
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
