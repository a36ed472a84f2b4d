package summary

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// program is one package under analysis. Its functions are analyzed on demand, callees first.
type program struct {
	pass  *analysis.Pass
	facts fact.Source
	cfg   Config
	cat   *catalog.Catalog
	pkg   *ssa.Package
	funcs []*ssa.Function // all functions with source, literals behind the function they stand in

	no       *noReturns
	impls    map[*types.Func][]implementation
	poolRows map[*types.Func]*catalog.Row // see behindInterface
	drivers  map[string]bool              // names of drivers that the package registers
}

// newProgram builds the SSA of a package. What is known of others comes from the facts.
func newProgram(pass *analysis.Pass, facts fact.Source, cfg Config) *program {
	no := newNoReturns(pass, facts)
	p := &program{
		pass: pass, facts: facts, cfg: cfg, cat: cfg.Catalog, no: no, pkg: buildSSA(pass, no),
		impls:    map[*types.Func][]implementation{},
		poolRows: map[*types.Func]*catalog.Row{},
		drivers:  map[string]bool{},
	}
	p.collect()
	p.findDrivers()
	return p
}

// noReturn reports whether a function never returns.
func (p *program) noReturn(fn *types.Func) bool { return p.no.noReturn(fn) }

// analyzed reports whether fn is a function of this package that has a body.
func (p *program) analyzed(fn *ssa.Function) bool {
	return fn != nil && fn.Pkg == p.pkg && len(fn.Blocks) > 0
}

// withInit lists the functions that have source, and before them what gives the package's variables their first values.
func (p *program) withInit() []*ssa.Function {
	if init := p.pkg.Func("init"); init != nil {
		return append([]*ssa.Function{init}, p.funcs...)
	}
	return p.funcs
}

// collect lists the functions that have source, in the order of their positions.
func (p *program) collect() {
	var add func(*ssa.Function)
	add = func(fn *ssa.Function) {
		if len(fn.Blocks) == 0 || fn.Synthetic != "" && fn.Parent() == nil {
			return // no body, or one that ssa made
		}
		p.funcs = append(p.funcs, fn)
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	var top []*ssa.Function
	for _, f := range p.declared() {
		if fn := p.pkg.Prog.FuncValue(f); fn != nil {
			top = append(top, fn)
		}
	}
	if init := p.pkg.Func("init"); init != nil {
		top = append(top, init.AnonFuncs...) // literals in the initializers of package variables
	}
	slices.SortFunc(top, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, fn := range top {
		add(fn)
	}
}

// declared lists the functions and methods that the package declares.
func (p *program) declared() []*types.Func {
	var out []*types.Func
	for _, obj := range p.pass.TypesInfo.Defs {
		fn, ok := obj.(*types.Func)
		if !ok || types.IsInterface(recvType(fn)) {
			continue // a method of an interface has no body
		}
		if diag.IsTest(p.pass.Fset, fn.Pos()) && !p.cfg.Tests {
			continue // nobody asked for tests
		}
		out = append(out, fn)
	}
	slices.SortFunc(out, func(a, b *types.Func) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return out
}

// Config is what the summaries depend on.
type Config struct {
	Catalog *catalog.Catalog // nil: the built-in one
	Strict  bool             // assume the worst of unknown code
	Tests   bool             // analyze test files too
}
