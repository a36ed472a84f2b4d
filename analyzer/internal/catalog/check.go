package catalog

import (
	"go/types"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// Check compares rows with the packages they speak of and returns what does not fit, in the order of the rows: functions and
// methods that do not exist or are declared elsewhere, results that are of another type, freeing methods that the holder does
// not have, arguments out of range. It is the check of the built-in libraries and of a user's rows.
//
// The lookup returns the package at an import path, or nil when the program does not have it.
func Check(rows []Row, lookup func(path string) *types.Package) []error {
	var errs []error
	for i := range rows {
		r := &rows[i]
		if err := validate(r, rows); err != nil {
			errs = append(errs, at(err, i, r))
			continue // the rest would be noise
		}
		if err := resolve(r, lookup); err != nil {
			errs = append(errs, at(err, i, r))
		}
	}
	return errs
}

// resolve compares a valid row with its package.
func resolve(r *Row, lookup func(path string) *types.Package) error {
	pkg := lookup(r.Path)
	if pkg == nil {
		return misfit("func", "no package %s in the program", r.Path)
	}
	fn, err := findFunc(pkg, r)
	if err != nil {
		return err
	}
	sig := fn.Signature()
	params := sig.Params().Len()
	switch {
	case r.Kind == Consume && r.Arg >= params:
		return misfit("arg", "%d, but the function has %d", r.Arg, params)
	case r.OutArg > params:
		return misfit("out-arg", "%d, but the function has %d", r.OutArg, params)
	case r.Handle > params:
		return misfit("handle", "%d, but the function has %d", r.Handle, params)
	case r.NothingOnErr && !returnsError(sig):
		return misfit("nothing-on-error", "the last result is no error")
	case r.CtxFrees && !takesContext(sig):
		return misfit("ctx", "the first parameter is no context.Context")
	case r.Kind == Neutral && r.Type != "" && !mentions(sig.Params(), r.Type) && !mentions(sig.Results(), r.Type):
		return misfit("type", "%s is not in the signature", r.Type)
	}
	if err := checkStrings(r, sig.Params()); err != nil {
		return err
	}
	switch r.Kind {
	case Construct, Acquire:
		return checkHolder(r, fn)
	case Start:
		return checkStart(r, fn)
	case Release:
		for _, e := range r.Freed {
			if err := checkEvent(e, fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkStrings reports whether the arguments that the row calls driver and connection string are strings.
func checkStrings(r *Row, params *types.Tuple) error {
	for _, a := range []struct {
		key   string
		index int
	}{{"driver", r.Driver}, {"dsn", r.DSN}} {
		if a.index == 0 {
			continue // the function has none
		}
		if a.index > params.Len() {
			return misfit(a.key, "%d, but the function has %d", a.index, params.Len())
		}
		t := params.At(a.index - 1).Type()
		if b, ok := t.Underlying().(*types.Basic); !ok || b.Info()&types.IsString == 0 {
			return misfit(a.key, "argument %d is a %s, no string", a.index, types.TypeString(t, nil))
		}
	}
	return nil
}

// findFunc returns the function of the row. A method has to be declared by the receiver of the row itself: calls of a promoted
// one resolve to the type that declares it, so that a row for the outer type would never match.
func findFunc(pkg *types.Package, r *Row) (*types.Func, error) {
	if r.Recv == "" {
		switch obj := pkg.Scope().Lookup(r.Func).(type) {
		case *types.Func:
			return obj, nil
		case *types.Var:
			return nil, noMatch(pkg, r, "%s is a variable; a row is for what is declared as a function", r.Func)
		}
		return nil, noMatch(pkg, r, "package %s has no function %s", r.Path, r.Func)
	}
	name := strings.TrimPrefix(r.Recv, "*")
	typ, ok := pkg.Scope().Lookup(name).(*types.TypeName)
	if !ok {
		return nil, noMatch(pkg, r, "package %s has no type %s", r.Path, name)
	}
	fn := findMethod(typ.Type(), r.Func, pkg)
	if fn == nil {
		return nil, noMatch(pkg, r, "type %s has no method %s", name, r.Func)
	}
	if declared := key(fn); declared != r.Name() {
		return nil, misfit("func", "%q %sthe method is declared otherwise (did you mean %q?)", r.Name(), NoMatch, declared)
	}
	return fn, nil
}

// findMethod returns the method of t or *t with the name, promoted or not, or nil.
func findMethod(t types.Type, name string, pkg *types.Package) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	fn, _ := obj.(*types.Func)
	return fn
}

// checkHolder compares what the row says of the holder with the type that the function returns.
func checkHolder(r *Row, fn *types.Func) error {
	sig := fn.Signature()
	var t types.Type
	switch {
	case r.OutArg > 0:
		t = sig.Params().At(r.OutArg - 1).Type()
		if types.IsInterface(t) {
			return nil // an any argument: only the library knows what it points to
		}
	case r.Result == -1:
		t = sig.Recv().Type()
	case r.Result >= sig.Results().Len():
		return misfit("result", "%d, but the function has %d", r.Result, sig.Results().Len())
	default:
		t = sig.Results().At(r.Result).Type()
	}
	if got := typeName(t); got != r.Type {
		return misfit("type", "%s, but the function returns %s", r.Type, types.TypeString(t, nil))
	}
	if s, ok := t.Underlying().(*types.Slice); ok && r.Resource == Conns {
		t = s.Elem()
	}
	for _, e := range r.Freed {
		m := findMethod(t, e.Method, fn.Pkg())
		if m == nil {
			return misfit("freed", "%s has no method %s%s", typeName(t), e.Method, near.Meant(e.Method, names(methods(t))))
		}
		if err := checkEvent(e, m); err != nil {
			return err
		}
	}
	return nil
}

// checkEvent reports whether the method can have the outcome.
func checkEvent(e Event, m *types.Func) error {
	sig := m.Signature()
	switch e.When {
	case OnFalse:
		if sig.Results().Len() != 1 || typeName(sig.Results().At(0).Type()) != "bool" {
			return misfit("freed", "%s, but the method returns no single bool", e)
		}
	case OnError:
		if !returnsError(sig) {
			return misfit("freed", "%s, but the method returns no error", e)
		}
	}
	return nil
}
