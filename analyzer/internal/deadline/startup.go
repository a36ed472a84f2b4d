package deadline

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// atStart reports whether a call is made before the program serves.
func (d *Finder) atStart(fn *ssa.Function, call ssa.CallInstruction, k take.Taking) bool {
	if d.startUp(fn) && !d.WorkLoop(call) || d.constructs(fn, call) || slices.ContainsFunc(k.Chain, catalog.NamesMigration) {
		return true
	}
	obj, _ := program.Callee(call)
	return catalog.Migrates(obj)
}

// startUp reports whether a function runs before the program serves: main and init themselves, what only they and functions that
// build a pool call, what a command line runs, and what changes the schema. Nobody else has a connection then, so that no wait is
// long.
func (d *Finder) startUp(fn *ssa.Function) bool {
	if at, ok := d.start[fn]; ok {
		return at
	}
	d.start[fn] = false // a recursion serves
	d.start[fn] = d.startsUp(fn)
	return d.start[fn]
}

func (d *Finder) startsUp(fn *ssa.Function) bool {
	main := d.Pass.Pkg.Name() == "main"
	switch {
	case catalog.Command(fn.Signature):
		return true
	case d.Entries[fn] != "":
		return false // a handler
	case d.migrates(fn):
		return true
	case fn.Parent() != nil:
		use := d.Uses[fn]
		if _, isGo := use.(*ssa.Go); use == nil || isGo {
			return false // it is stored, or goes on beside main
		}
		return program.LiteralCalled(use) == fn && d.startUp(fn.Parent())
	case fn.Signature.Recv() == nil && (main && fn.Name() == "main" || strings.HasPrefix(fn.Name(), "init#")):
		return true
	case !main && fn.Object() != nil && fn.Object().Exported():
		return false // other packages may call it
	case d.IsValue(fn):
		return false // somebody has it as a value
	}
	callers := d.Graph.Callers(fn)
	for _, call := range callers {
		from := call.Parent()
		if _, isGo := call.(*ssa.Go); isGo || d.WorkLoop(call) {
			return false
		}
		if !d.startUp(from) && (from.Parent() != nil || !d.opens(from)) {
			return false // somebody serves
		}
	}
	return len(callers) > 0
}

// migrates reports whether a function brings the schema to what the program needs, by its name or by what it runs.
func (d *Finder) migrates(fn *ssa.Function) bool {
	if obj, ok := fn.Object().(*types.Func); ok && catalog.Migrates(obj) {
		return true
	}
	for _, f := range program.Family(fn) {
		for call := range program.CallsOf(f) {
			obj, _ := program.Callee(call)
			if row := d.RowOf(obj, call); catalog.Migrates(obj) || row != nil && d.ChangesSchema(call, row) {
				return true
			}
		}
	}
	return false
}

// constructs reports whether a call works on what its function makes and returns, or keeps in that: the parts of a program are
// made once, when it starts.
func (d *Finder) constructs(fn *ssa.Function, call ssa.CallInstruction) bool {
	obj, _ := program.Callee(call)
	var on ssa.Value
	if row := d.RowOf(obj, call); row != nil {
		on = d.Base(program.WorksOn(call, row))
	} else if call.Common().IsInvoke() || call.Common().Signature().Recv() != nil {
		on = program.GivenFor(call, 0)
	}
	if on == nil || fn.Parent() != nil || fn.Signature.Recv() != nil {
		return false // a function without a handle, or one of what is made
	}
	on = program.Bare(on)
	for _, r := range program.ReturnsOf(fn) {
		for _, v := range r.Results {
			made, ok := program.Bare(v).(*ssa.Alloc)
			if ok && (on == ssa.Value(made) || slices.ContainsFunc(program.StoredIn(made), func(s ssa.Value) bool { return program.Bare(s) == on })) {
				return true
			}
		}
	}
	return false
}

// opens reports whether a function builds a pool.
func (d *Finder) opens(fn *ssa.Function) bool {
	return slices.ContainsFunc(d.Built, func(b limit.Built) bool { return b.Call.Parent() == fn })
}

// justBuilt reports whether a handle is a pool that the function around a call has built itself: it has all its connections.
func (d *Finder) justBuilt(call ssa.CallInstruction, handle ssa.Value) bool {
	if handle == nil {
		return false // it is not seen here
	}
	return slices.ContainsFunc(d.Built, func(b limit.Built) bool {
		here := program.Outermost(b.Call.Parent()) == program.Outermost(call.Parent())
		return here && slices.Contains(d.Graph.Backward(d.Graph.Of(handle)), d.Graph.OfCall(b.Call, b.Row.Result))
	})
}
