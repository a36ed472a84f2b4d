// Package runs finds out who runs the functions of a package: which are entries that something outside the program runs, which
// call runs a literal or is given it, how a function runs those that it is given, and which function a value is.
//
// It does not know what the functions do. Where it has to know which one builds something, it asks; see [Index.Find].
package runs

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Index says who runs the functions of a package, and which function a value is.
type Index struct {
	*program.Program
	Entries map[*ssa.Function]catalog.Entry       // what something outside the program runs, and when
	Uses    map[*ssa.Function]ssa.CallInstruction // what runs a literal, or is given it

	BoundsWaits bool // the package sets a timeout for all waits of a pool

	assigns  map[ssa.Value][]ssa.Value // what is assigned to a package variable or a captured one
	captured map[ssa.Value]ssa.Value   // the variable that a literal captures
	calls    map[token.Pos]ssa.CallInstruction
	runs     map[*ssa.Function][]fact.ParamRun
	fields   map[repeat.Location][]ssa.Value // functions that are assigned to a field

	// buildsBy is asked for the function of the package that another one calls to build, nil if there is none. What builds is
	// known to who uses the index.
	buildsBy func(*ssa.Function) *ssa.Function
}

// New notes what is assigned. Until Find has run, nothing is known of who runs what.
func New(p *program.Program) *Index {
	ix := &Index{
		Program:  p,
		Entries:  map[*ssa.Function]catalog.Entry{},
		Uses:     map[*ssa.Function]ssa.CallInstruction{},
		assigns:  map[ssa.Value][]ssa.Value{},
		captured: map[ssa.Value]ssa.Value{},
		calls:    map[token.Pos]ssa.CallInstruction{},
		runs:     map[*ssa.Function][]fact.ParamRun{},
		fields:   map[repeat.Location][]ssa.Value{},
	}
	ix.findAssigns()
	return ix
}

// Find fills the index. buildsBy answers which function of the package another one calls to build, nil if it calls none.
func (ix *Index) Find(buildsBy func(*ssa.Function) *ssa.Function) {
	ix.buildsBy = buildsBy
	ix.findEntries()
}

// RunsOf lists how a function of this package runs the functions that it is given.
func (ix *Index) RunsOf(fn *ssa.Function) []fact.ParamRun {
	if runs, ok := ix.runs[fn]; ok {
		return runs
	}
	ix.runs[fn] = nil
	var out []fact.ParamRun
	for i, p := range fn.Params {
		if _, isFunc := p.Type().Underlying().(*types.Signature); isFunc {
			out = ix.paramRuns(out, fn, p, i)
		}
	}
	ix.runs[fn] = out
	return out
}

// paramRuns adds how fn and its literals run one parameter.
func (ix *Index) paramRuns(out []fact.ParamRun, fn *ssa.Function, p *ssa.Parameter, i int) []fact.ParamRun {
	for _, f := range program.Family(fn) {
		for _, block := range f.Blocks {
			for _, in := range block.Instrs {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if !call.Common().IsInvoke() && ix.IsParam(call.Common().Value, p) {
					if run, ok := ix.runAt(call, fn); ok {
						run.Param = i
						out = appendNew(out, run)
					}
				}
				for _, run := range ix.handedOn(call, p) {
					run.Param = i
					out = appendNew(out, run)
				}
			}
		}
	}
	return out
}

func appendNew(out []fact.ParamRun, run fact.ParamRun) []fact.ParamRun {
	if slices.Contains(out, run) {
		return out
	}
	return append(out, run)
}

// IsParam reports whether a value is a parameter, also captured by a literal.
func (ix *Index) IsParam(v ssa.Value, p *ssa.Parameter) bool {
	if v == ssa.Value(p) {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	to := ix.assigns[ix.Variable(load.X)]
	return len(to) == 1 && to[0] == ssa.Value(p)
}

// runAt is how a call in fn or in a literal of it is run. ok is false if it runs once, or that is not known.
func (ix *Index) runAt(call ssa.CallInstruction, fn *ssa.Function) (run fact.ParamRun, ok bool) {
	if ix.ifMissing(call) {
		return run, false // a cache that runs it for a missing key
	}
	_, isGo := call.(*ssa.Go)
	run = asHandedOn(fact.ParamRun{Go: isGo}, call, fn)
	for f := call.Parent(); f != fn; f = f.Parent() {
		if when := ix.Entries[f]; when != "" {
			run.Entry = when
			return run, true
		}
		use := ix.Uses[f]
		if use == nil {
			return run, false // it is stored or returned
		}
		obj, _ := program.Callee(use)
		if catalog.RunsOnce(obj) {
			return run, false
		}
		for _, outer := range ix.runsLiteral(use, f) {
			run = run.Within(asHandedOn(outer, use, fn))
		}
	}
	run.Entry = ix.Entries[fn]
	return run, true
}

// runsLiteral is how a call runs a literal that it is given, or is of.
func (ix *Index) runsLiteral(use ssa.CallInstruction, lit *ssa.Function) []fact.ParamRun {
	obj, _ := program.Callee(use)
	_, isGo := use.(*ssa.Go)
	if st := ix.Cat.StarterOf(obj); st != nil {
		return []fact.ParamRun{{Loop: st.Each, Go: isGo || !st.Bounded}}
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) == lit {
			if runs := ix.RunsBy(use, i); len(runs) > 0 {
				return runs
			}
		}
	}
	return []fact.ParamRun{{Go: isGo}} // called where it stands, or nobody knows
}

// rounds is the number of rounds of the one loop around an instruction of fn: 1 + the parameter that says it, or a constant.
func rounds(in ssa.Instruction, fn *ssa.Function) (count int, bound int64) {
	loops := repeat.LoopsAround(in.Block())
	if len(loops) != 1 {
		return 0, 0 // none, or one in another
	}
	for _, n := range loops[0].Trips() {
		if count, bound = number(n, fn); count > 0 || bound > 0 {
			return count, bound
		}
	}
	return 0, 0
}

// number is what a value says of a number: 1 + the parameter of fn that it is, or the constant.
func number(v ssa.Value, fn *ssa.Function) (count int, bound int64) {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.Int {
		return 0, c.Int64()
	}
	if i := program.ParamOf(fn, v); i >= 0 && program.IsInteger(fn.Params[i].Type()) {
		return 1 + i, 0
	}
	return 0, 0
}

// ifMissing reports whether a call is made only where something is missing, and what it returns is kept.
func (ix *Index) ifMissing(call ssa.CallInstruction) bool {
	for _, g := range repeat.Guards(call) {
		switch g.Kind {
		case repeat.Missing, repeat.IsNil, repeat.Unset:
			at, ok := ix.Locate(g.Value)
			if ok && ix.Written(call.Parent(), call, at) == repeat.RealWrite {
				return true
			}
		}
	}
	return false
}

// handedOn is how a call runs a parameter that it is given in turn.
func (ix *Index) handedOn(call ssa.CallInstruction, p *ssa.Parameter) []fact.ParamRun {
	var out []fact.ParamRun
	for i := range call.Common().Args {
		if ix.IsParam(call.Common().Args[i], p) {
			obj, _ := program.Callee(call)
			if st := ix.Cat.StarterOf(obj); st != nil && program.Argument(call, st.Arg) == call.Common().Args[i] {
				many := repeat.InLoop(call) || st.Each
				out = append(out, fact.ParamRun{Loop: many, Go: !st.Bounded, Each: many && !st.Bounded})
				continue // what is said of it says more than its code
			}
			for _, run := range ix.RunsBy(call, i) {
				out = append(out, asHandedOn(run, call, p.Parent()))
			}
		}
	}
	return out
}

// asHandedOn is how fn runs what it gives to a call that runs it.
func asHandedOn(run fact.ParamRun, call ssa.CallInstruction, fn *ssa.Function) fact.ParamRun {
	if run.Count > 0 {
		run.Count, run.Bound = number(program.GivenFor(call, run.Count-1), fn)
	}
	if !repeat.InLoop(call) {
		return run
	}
	around := fact.ParamRun{Loop: true}
	around.Count, around.Bound = rounds(call, fn)
	return run.Within(around)
}

// RunsBy is how the callee of a call runs its argument i, as ssa counts: a receiver is an argument.
func (ix *Index) RunsBy(call ssa.CallInstruction, i int) []fact.ParamRun {
	var all []fact.ParamRun
	obj, fn := program.Callee(call)
	switch {
	case ix.Analyzed(fn):
		all = ix.RunsOf(fn)
	case obj != nil && !call.Common().IsInvoke():
		if fact := ix.Facts.Func(obj); fact != nil {
			all = fact.Runs
		}
	}
	var out []fact.ParamRun
	for _, run := range all {
		if run.Param == i {
			out = append(out, run)
		}
	}
	return out
}

// KnowsRuns reports whether it is known how the callee runs what it is given: it is one of this package.
func (ix *Index) KnowsRuns(call ssa.CallInstruction) bool {
	_, fn := program.Callee(call)
	return ix.Analyzed(fn)
}
