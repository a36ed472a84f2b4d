package catalog

import (
	"go/types"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// A user's rows of the kinds start, join and slow say nothing of what is held. They are kept apart from those that do, so a function
// that has one is still read for what it does to connections.

// starter is what a start row says.
func (r *Row) starter() *Starter {
	return &Starter{Arg: r.Arg, Each: r.Each, Setter: r.Bound, Maker: r.BoundByMaker, Bounded: r.Bounded}
}

// validateStart is validateRow for the rows that say what starts goroutines, what waits for them, and what is slow.
func validateStart(r *Row) error {
	if err := noneHeld(r); err != nil {
		return err
	}
	if r.Kind != Start {
		if r.Arg != 0 {
			return r.wrong("arg", "only consume and start have one")
		}
		return onlyOfStart(r)
	}
	switch {
	case r.Arg < 0:
		return r.wrong("arg", "%d: arguments count from 0", r.Arg)
	case r.Each && r.Arg == 0:
		return r.wrong("arg", "0 is the collection if each is set; name the function behind it")
	case r.Bound != "" && !isIdent(r.Bound):
		return r.wrong("bound", "%q: the name of a method of the receiver alone", r.Bound)
	case r.Bound != "" && r.Recv == "":
		return r.wrong("bound", "needs a receiver; write bounded: true if the function bounds them itself")
	case r.BoundByMaker && r.Recv == "":
		return r.wrong("bound-by-maker", "needs a receiver; write bounded: true if the function bounds them itself")
	case r.BoundByMaker && r.Bound != "":
		return r.wrong("bound-by-maker", "bound names what bounds them already; write one of the two")
	case r.Bounded && (r.Bound != "" || r.BoundByMaker):
		return r.wrong("bounded", "is for what bounds them itself; write that, or what else bounds them")
	}
	return nil
}

// noneHeld reports the first key of such a row that speaks of a connection.
func noneHeld(r *Row) error {
	for _, k := range []struct {
		set bool
		key string
	}{
		{r.Resource != "", "resource"},
		{r.Type != "", "type"},
		{r.Result != 0, "result"},
		{r.OutArg != 0, "out-arg"},
		{r.Handle != 0, "handle"},
		{r.Holds != Nothing, "holds"},
		{len(r.Freed) > 0, "freed"},
		{r.CtxFrees, "ctx"},
		{r.Alias, "alias"},
		{r.Transient, "transient"},
		{r.Blocks, "blocks"},
		{r.Callback, "callback"},
		{r.NothingOnErr, "nothing-on-error"},
		{r.FreesReceiver, "frees-receiver"},
	} {
		if k.set {
			return r.wrong(k.key, "%s has none; it says nothing of connections", r.Kind)
		}
	}
	return nil
}

// onlyOfStart reports the first key of another row that only a start row has.
func onlyOfStart(r *Row) error {
	for _, k := range []struct {
		set bool
		key string
	}{
		{r.Each, "each"},
		{r.Bound != "", "bound"},
		{r.BoundByMaker, "bound-by-maker"},
		{r.Bounded, "bounded"},
	} {
		if k.set {
			return r.wrong(k.key, "only start has one")
		}
	}
	return nil
}

// checkStart compares a start row with its function.
func checkStart(r *Row, fn *types.Func) error {
	params := fn.Signature().Params()
	if r.Arg >= params.Len() {
		return misfit("arg", "%d, but the function has %d", r.Arg, params.Len())
	}
	t := params.At(r.Arg).Type()
	if fn.Signature().Variadic() && r.Arg == params.Len()-1 {
		t = t.Underlying().(*types.Slice).Elem() // it is given several
	}
	if !isA[*types.Signature](t) {
		return misfit("arg", "argument %d is a %s, no function", r.Arg, types.TypeString(t, nil))
	}
	if r.Each {
		if err := checkEach(r, params); err != nil {
			return err
		}
	}
	if r.Bound != "" {
		return checkBound(r, fn)
	}
	if r.BoundByMaker && !hasMaker(fn) {
		return misfit("bound-by-maker", "no function of package %s makes a %s of a number that comes first", r.Path, strings.TrimLeft(r.Recv, "*"))
	}
	return nil
}

// checkEach reports whether there is a collection, before the function, that has elements.
func checkEach(r *Row, params *types.Tuple) error {
	i := Collection(params)
	if i < 0 || i >= r.Arg {
		return misfit("each", "no collection stands before argument %d", r.Arg)
	}
	t := params.At(i).Type()
	if p, ok := t.Underlying().(*types.Pointer); ok && isA[*types.Array](p.Elem()) {
		return nil
	}
	if isA[*types.Slice](t) || isA[*types.Array](t) || isA[*types.Map](t) || isA[*types.Chan](t) || isA[*types.Signature](t) || isInteger(t) {
		return nil
	}
	return misfit("each", "argument %d is a %s, no collection", i, types.TypeString(params.At(i).Type(), nil))
}

// Collection returns the index of the first parameter that is no context, of a function that starts a goroutine for each
// element; -1 if there is none.
func Collection(params *types.Tuple) int {
	for i := range params.Len() {
		if typeName(params.At(i).Type()) != "context.Context" {
			return i
		}
	}
	return -1
}

// checkBound reports whether the receiver has the method that bounds, and whether that takes a number.
func checkBound(r *Row, fn *types.Func) error {
	m := findMethod(fn.Signature().Recv().Type(), r.Bound, fn.Pkg())
	if m == nil {
		return misfit("bound", "%s has no method %s%s", r.recvType(), r.Bound, near.Meant(r.Bound, names(methods(fn.Signature().Recv().Type()))))
	}
	if params := m.Signature().Params(); params.Len() == 0 || !isInteger(params.At(0).Type()) {
		return misfit("bound", "the first argument of %s is no number", r.Bound)
	}
	return nil
}

// hasMaker reports whether a function of the package makes the receiver of a method, and is given a number first.
func hasMaker(method *types.Func) bool {
	recv := method.Signature().Recv().Type()
	scope := method.Pkg().Scope()
	for _, name := range scope.Names() {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok || fn.Signature().Params().Len() == 0 || !isInteger(fn.Signature().Params().At(0).Type()) {
			continue // no function, or one that is given something else first
		}
		for v := range fn.Signature().Results().Variables() {
			if strings.TrimPrefix(typeName(v.Type()), "*") == strings.TrimPrefix(typeName(recv), "*") || behind(v.Type(), recv) {
				return true
			}
		}
	}
	return false
}

// behind reports whether a value of type t may be in an interface.
func behind(iface, t types.Type) bool {
	i, ok := iface.Underlying().(*types.Interface)
	return ok && i.NumMethods() > 0 && types.Implements(t, i)
}

// isA reports whether t is of a form. Of a type parameter each type in its constraint would have to be looked at; it passes.
func isA[Form types.Type](t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	_, ok := t.Underlying().(Form)
	return ok || param
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
