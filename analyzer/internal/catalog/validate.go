package catalog

import (
	"go/token"
	"strings"
)

// validate reports what is wrong with a row in itself and among the others of its kind; it needs no types.
func validate(r *Row, all []Row) error {
	if err := validateRow(r); err != nil {
		return err
	}
	if r.Kind == Acquire && r.Resource.Obliges() && len(r.Freed) == 0 && !hasConsumer(r, all) {
		return r.wrong("freed", "empty, and no consume row of package %s takes a %s", r.Path, r.Resource)
	}
	return nil
}

// hasConsumer reports whether a row of the same package frees the resource of r as an argument.
func hasConsumer(r *Row, all []Row) bool {
	for i := range all {
		if c := &all[i]; c.Kind == Consume && c.Path == r.Path && c.Resource == r.Resource {
			return true
		}
	}
	return false
}

// validateRow reports what is wrong with a row in itself.
func validateRow(r *Row) error {
	switch {
	case !isIdent(r.Func):
		return r.wrong("func", "%q is no name", r.Func)
	case r.Recv != "" && !isIdent(strings.TrimPrefix(r.Recv, "*")):
		return r.wrong("func", "%q is no receiver", r.Recv)
	case r.Kind == Start || r.Kind == Join || r.Kind == Slow:
		return validateStart(r)
	}
	return validateHolding(r)
}

// validateHolding is validateRow for the rows that say what holds and what frees.
func validateHolding(r *Row) error {
	fail := r.wrong
	holder := r.Kind == Acquire || r.Kind == Construct
	switch {
	case r.Kind != Neutral && r.Resource == "":
		return fail("resource", "missing: %s needs one", r.Kind)
	case r.Kind == Construct && r.Resource != Pool:
		return fail("resource", "construct makes a pool, not a %s", r.Resource)

	case holder && r.Type == "":
		return fail("type", `missing: %s needs the full type of what holds, "*database/sql.Rows"`, r.Kind)
	case !holder && !r.Transient && r.Type != "":
		return fail("type", "%s has none", r.Kind)

	case r.Result < -1:
		return fail("result", "%d: the index of the result that holds, or -1 for the receiver or out-arg", r.Result)
	case !holder && r.Result != 0:
		return fail("result", "%s has none", r.Kind)
	case r.Result == -1 && r.OutArg == 0 && r.Recv == "":
		return fail("result", "-1 needs a receiver or out-arg")
	case r.OutArg < 0:
		return fail("out-arg", "%d: arguments count from 1", r.OutArg)
	case r.OutArg > 0 && r.Result != -1:
		return fail("out-arg", "needs result -1")

	case r.Arg < 0:
		return fail("arg", "%d: arguments count from 0", r.Arg)
	case r.Arg > 0 && r.Kind != Consume:
		return fail("arg", "only consume and start have one")
	case r.Handle < 0:
		return fail("handle", "%d: arguments count from 1, 0 is the receiver", r.Handle)

	case r.Driver < 0:
		return fail("driver", "%d: arguments count from 1, 0 is none", r.Driver)
	case r.Driver > 0 && r.Kind != Construct:
		return fail("driver", "only construct has one")
	case r.DSN < 0:
		return fail("dsn", "%d: arguments count from 1, 0 is none", r.DSN)
	case r.DSN > 0 && r.DSN == r.Driver:
		return fail("dsn", "argument %d is the driver", r.DSN)

	case r.Kind == Release && r.Recv == "":
		return fail("kind", "release frees its receiver, and a function has none; write consume")
	case r.Kind == Release && (len(r.Freed) > 1 || len(r.Freed) == 1 && r.Freed[0].Method != r.Func):
		return fail("freed", "of a release row is its own outcome: %s, %[1]s=false or %[1]s=err", r.Func)
	case (r.Kind == Neutral || r.Kind == Consume) && len(r.Freed) > 0:
		return fail("freed", "%s has none", r.Kind)
	case r.Kind == Construct && len(r.Freed) == 0:
		return fail("freed", `missing: what closes the pool ("Close")`)

	case r.CtxFrees && r.Kind != Acquire:
		return fail("ctx", "only acquire can be freed by its context")
	case r.NothingOnErr && !holder:
		return fail("nothing-on-error", "%s holds nothing", r.Kind)
	case r.FreesReceiver && r.Kind != Acquire:
		return fail("frees-receiver", "only acquire can move an obligation; write release")
	case r.FreesReceiver && r.Recv == "" && r.Handle == 0:
		return fail("frees-receiver", "needs a receiver or a handle")
	case r.Alias && r.Kind != Neutral:
		return fail("alias", "%s returns a new holder", r.Kind)
	case r.Alias && r.Recv == "" && r.Handle == 0:
		return fail("alias", "needs a receiver or a handle")
	}
	return onlyOfStart(r)
}

func isIdent(s string) bool { return token.IsIdentifier(s) }
