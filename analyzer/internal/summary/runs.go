package summary

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// ParamRun is how a function runs another that it is given. One that is stored, or run by a sync.Once, is not listed.
type ParamRun struct {
	Param int // the receiver is number 0
	Loop  bool
	Go    bool          // in a goroutine of its own
	Each  bool          // and it starts many of them
	Entry catalog.Entry // by whoever runs the handler that it is part of
}

// runsOf lists how a function of this package runs the functions that it is given.
func (b *builder) runsOf(fn *ssa.Function) []ParamRun {
	if runs, ok := b.runs[fn]; ok {
		return runs
	}
	b.runs[fn] = nil
	var out []ParamRun
	for i, p := range fn.Params {
		if _, isFunc := p.Type().Underlying().(*types.Signature); isFunc {
			out = b.paramRuns(out, fn, p, i)
		}
	}
	b.runs[fn] = out
	return out
}

// paramRuns adds how fn and its literals run one parameter.
func (b *builder) paramRuns(out []ParamRun, fn *ssa.Function, p *ssa.Parameter, i int) []ParamRun {
	for _, f := range family(fn) {
		for _, block := range f.Blocks {
			for _, in := range block.Instrs {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if !call.Common().IsInvoke() && b.isParam(call.Common().Value, p) {
					if run, ok := b.runAt(call, fn); ok {
						run.Param = i
						out = appendNew(out, run)
					}
				}
				for _, run := range b.handedOn(call, p) {
					run.Param = i
					out = appendNew(out, run)
				}
			}
		}
	}
	return out
}

func appendNew(out []ParamRun, run ParamRun) []ParamRun {
	if slices.Contains(out, run) {
		return out
	}
	return append(out, run)
}

// family lists a function and all its literals.
func family(fn *ssa.Function) []*ssa.Function {
	out := []*ssa.Function{fn}
	for _, a := range fn.AnonFuncs {
		out = append(out, family(a)...)
	}
	return out
}

// outermost returns the declared function that a literal is written in, a declared function itself.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// isParam reports whether a value is a parameter, also captured by a literal.
func (b *builder) isParam(v ssa.Value, p *ssa.Parameter) bool {
	if v == ssa.Value(p) {
		return true
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	to := b.assigns[b.variable(load.X)]
	return len(to) == 1 && to[0] == ssa.Value(p)
}

// runAt is how a call in fn or in a literal of it is run. ok is false if it runs once, or that is not known.
func (b *builder) runAt(call ssa.CallInstruction, fn *ssa.Function) (run ParamRun, ok bool) {
	if b.ifMissing(call) {
		return run, false // a cache that runs it for a missing key
	}
	run.Loop = repeat.InLoop(call)
	_, run.Go = call.(*ssa.Go)
	run.Each = run.Go && run.Loop
	for f := call.Parent(); f != fn; f = f.Parent() {
		if when := b.entries[f]; when != "" {
			run.Entry = when
			return run, true
		}
		use := b.uses[f]
		if use == nil {
			return run, false // it is stored or returned
		}
		obj, _ := callee(use)
		if catalog.RunsOnce(obj) {
			return run, false
		}
		st := b.cat.StarterOf(obj)
		many := repeat.InLoop(use) || st != nil && st.Each
		run.Loop = run.Loop || many
		_, isGo := use.(*ssa.Go)
		run.Go = run.Go || isGo || st != nil && !st.Bounded
		run.Each = run.Each || run.Go && many
	}
	run.Entry = b.entries[fn]
	return run, true
}

// ifMissing reports whether a call is made only where something is missing, and what it returns is kept.
func (b *builder) ifMissing(call ssa.CallInstruction) bool {
	for _, g := range repeat.Guards(call) {
		switch g.Kind {
		case repeat.Missing, repeat.IsNil, repeat.Unset:
			at, ok := b.locate(g.Value)
			if ok && b.written(call.Parent(), call, at) == repeat.RealWrite {
				return true
			}
		}
	}
	return false
}

// handedOn is how a call runs a parameter that it is given in turn.
func (b *builder) handedOn(call ssa.CallInstruction, p *ssa.Parameter) []ParamRun {
	var out []ParamRun
	for i := range call.Common().Args {
		if b.isParam(call.Common().Args[i], p) {
			obj, _ := callee(call)
			if st := b.cat.StarterOf(obj); st != nil && argument(call, st.Arg) == call.Common().Args[i] {
				many := repeat.InLoop(call) || st.Each
				out = append(out, ParamRun{Loop: many, Go: !st.Bounded, Each: many && !st.Bounded})
				continue // what is said of it says more than its code
			}
			for _, run := range b.runsBy(call, i) {
				run.Loop = run.Loop || repeat.InLoop(call)
				run.Each = run.Each || run.Go && repeat.InLoop(call)
				out = append(out, run)
			}
		}
	}
	return out
}

// runsBy is how the callee of a call runs its argument i, as ssa counts: a receiver is an argument.
func (b *builder) runsBy(call ssa.CallInstruction, i int) []ParamRun {
	var all []ParamRun
	obj, fn := callee(call)
	switch {
	case b.analyzed(fn):
		all = b.runsOf(fn)
	case obj != nil && !call.Common().IsInvoke():
		if fact := importFact(b.pass, obj); fact != nil {
			all = fact.Runs
		}
	}
	var out []ParamRun
	for _, run := range all {
		if run.Param == i {
			out = append(out, run)
		}
	}
	return out
}

// knowsRuns reports whether it is known how the callee runs what it is given: it is one of this package.
func (b *builder) knowsRuns(call ssa.CallInstruction) bool {
	_, fn := callee(call)
	return b.analyzed(fn)
}
