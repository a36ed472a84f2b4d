package construct

import (
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
)

// registered lists the registrations of functions of other packages that build each time they are run.
func (b *Builder) registered() []*Construction {
	var out []*Construction
	for _, fn := range b.Funcs {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				obj, _ := program.Callee(call)
				i, when := catalog.EntryByRegistration(obj)
				if when == "" {
					continue // registers nothing
				}
				for _, f := range b.Named(program.Argument(call, i)) {
					if fact := b.Facts.Func(f); fact != nil && len(fact.Builds) > 0 && b.Own(f) == nil {
						out = append(out, &Construction{
							Call: call, Build: fact.Builds[0],
							Again: &runs.Again{Kind: runs.AtEntry, Entry: when, Name: f.Name(), Pos: call.Common().Pos()},
						})
					}
				}
			}
		}
	}
	return out
}

// again says why a construction in fn runs again and again, nil if nothing shows that it does.
func (b *Builder) again(fn *ssa.Function, c *Construction) *runs.Again {
	if repeat.InLoop(c.Call) && !b.rarely(c, c.Call) && !b.reconnects(c) && !b.reloads(c.Call) && !b.swaps(fn, c) {
		kind := runs.InLoop
		if _, ok := c.Call.(*ssa.Go); ok {
			kind = runs.InGoroutines
		}
		return &runs.Again{Kind: kind, Pos: c.Call.Common().Pos()}
	}
	for f := fn; f != nil; f = f.Parent() {
		if when := b.Entries[f]; when != "" {
			return &runs.Again{Kind: runs.AtEntry, Entry: when, Name: program.FunctionName(f), Pos: f.Pos(), Named: b.namedByCaller(c)}
		}
		if f.Parent() == nil {
			break // declared
		}
		use := b.Uses[f]
		if use == nil || b.StoresArgument(use, f) {
			return nil // it is stored or returned: who runs it, and how often, is not known
		}
		obj, _ := program.Callee(use)
		if catalog.RunsOnce(obj) {
			return nil // sync.Once
		}
		if a := b.runInLoop(f, use, c); a != nil {
			return a
		}
	}
	return b.healthCheck(fn, c)
}

// rarely reports whether a loop comes to a call for few of its rounds, or for a database of its own in each.
func (b *Builder) rarely(c *Construction, at ssa.CallInstruction) bool {
	return repeat.ForOne(at) || b.distinct(c, at)
}

// runInLoop says that a literal runs in a loop of the function around it.
func (b *Builder) runInLoop(f *ssa.Function, use ssa.CallInstruction, c *Construction) *runs.Again {
	_, isGo := use.(*ssa.Go)
	obj, fn := program.Callee(use)
	starts := b.Cat.StarterOf(obj) != nil
	if fn != f && !starts {
		if b.loops(use, f, c) {
			return &runs.Again{Kind: runs.InLoop, Pos: use.Common().Pos()}
		}
		return nil // it is given to code that may run it once, or later
	}
	if !repeat.InLoop(use) || b.rarely(c, use) || b.swaps(f, c) {
		return nil
	}
	if isGo || starts {
		return &runs.Again{Kind: runs.InGoroutines, Pos: use.Common().Pos()}
	}
	return &runs.Again{Kind: runs.InLoop, Pos: use.Common().Pos()}
}

// loops reports whether a function of the program runs, in a loop, the literal that it is given. A literal that returns what it
// builds is a constructor: what becomes of the results is not known.
func (b *Builder) loops(use ssa.CallInstruction, f *ssa.Function, c *Construction) bool {
	if returnsBool(f.Signature) {
		return false // it says when the loop ends
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) == f && !c.returned() && slices.ContainsFunc(b.RunsBy(use, i), func(run fact.ParamRun) bool { return run.Loop }) {
			return true
		}
	}
	return false
}

func returnsBool(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
			return true
		}
	}
	return false
}

var (
	healthName = regexp.MustCompile(`(^(health|readiness|liveness)|Health|Readiness|Liveness)(z|Z|Check|Checks|Checker|Probe|Status)?$`)
	healthType = regexp.MustCompile(`(?i)(health|readiness|liveness|probe)`)
	checkName  = regexp.MustCompile(`(?i)^(check|ping|probe|run|status|healthy|ready)$`)
)

// healthCheck says that a function is one by its name, and that what it builds does not outlive it.
func (b *Builder) healthCheck(fn *ssa.Function, c *Construction) *runs.Again {
	results := fn.Signature.Results()
	if fn.Parent() != nil || b.Pass.Pkg.Name() == "main" || results.Len() == 0 {
		return nil // a program may be a health check: it runs once
	}
	if c.Site == nil || c.Site.Kept {
		return nil // it is built for somebody else
	}
	recv := ""
	if r := fn.Signature.Recv(); r != nil {
		recv = types.TypeString(r.Type(), func(*types.Package) string { return "" })
	}
	if healthName.MatchString(fn.Name()) || healthType.MatchString(recv) && checkName.MatchString(fn.Name()) {
		return &runs.Again{Kind: runs.ByHealthCheck, Entry: catalog.OnHealth, Name: program.FunctionName(fn), Pos: fn.Pos()}
	}
	return nil
}
