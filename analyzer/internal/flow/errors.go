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

// fate is what is known of an error, whatever happens.
type fate uint8

const (
	either fate = iota
	neverError
	alwaysError
)

// fateOf is what is known of the error that a function returns last. Its body has to be in sight.
func fateOf(fn *ssa.Function, depth int) fate {
	if fn == nil || len(fn.Blocks) == 0 || depth == 0 {
		return either // nothing is known of it
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
	return common(all, depth)
}

// common is what is known of all the values.
func common(values []ssa.Value, depth int) fate {
	if len(values) == 0 {
		return either // it never returns
	}
	is := errorFate(values[0], depth)
	for _, v := range values[1:] {
		if is == either || errorFate(v, depth) != is {
			return either
		}
	}
	return is
}

// errorFate is what is known of one error: it is the constant nil, a new error or a sentinel, what such a function returns, or a
// variable that is only ever set to such. A function with deferred calls keeps its results in variables.
func errorFate(v ssa.Value, depth int) fate {
	if depth == 0 {
		return either // too far away
	}
	switch v := v.(type) {
	case *ssa.Const:
		return neverError
	case *ssa.MakeInterface:
		if _, ok := v.X.Type().Underlying().(*types.Pointer); !ok {
			return alwaysError // a struct or a number
		}
		if _, ok := v.X.(*ssa.Alloc); ok {
			return alwaysError // &Error{…}
		}
	case *ssa.Call:
		return callFate(v, depth-1)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok && v.Index == call.Call.Signature().Results().Len()-1 {
			return callFate(call, depth-1)
		}
	case *ssa.Phi:
		return common(slices.DeleteFunc(slices.Clone(v.Edges), func(e ssa.Value) bool { return e == v }), depth-1)
	case *ssa.UnOp:
		switch x := v.X.(type) {
		case *ssa.Alloc:
			return variableFate(x, depth-1)
		case *ssa.Global:
			if isSentinel(x) {
				return alwaysError
			}
		}
	}
	return either
}

func callFate(call *ssa.Call, depth int) fate {
	fn := call.Call.StaticCallee()
	if fn == nil {
		return either // an interface's, or a function value
	}
	switch fn.String() {
	case "errors.New", "fmt.Errorf":
		return alwaysError
	}
	return fateOf(fn, depth)
}

// variableFate is what is known of all that is stored in a variable.
func variableFate(result *ssa.Alloc, depth int) fate {
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
	if is := common(stored, depth); is != alwaysError {
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
