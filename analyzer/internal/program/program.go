// Package program is the view of the one package under analysis: its SSA and functions, which function a call names and which row
// of the catalog that has, what may be behind an interface, and the forms of values and types that all subjects look at.
//
// It does not know what any of it means for a connection. What is known of other packages it gets from the facts.
package program

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

// Program is one package under analysis. Its functions are analyzed on demand, callees first.
type Program struct {
	Pass  *analysis.Pass
	Facts fact.Source // what is known of other packages
	Cfg   Config
	Cat   *catalog.Catalog
	Pkg   *ssa.Package
	Funcs []*ssa.Function // all functions with source, literals behind the function they stand in

	no       *noReturns
	impls    map[*types.Func][]Implementation
	poolRows map[*types.Func]*catalog.Row // see behindInterface
	drivers  map[string]bool              // names of drivers that the package registers
}

// New builds the SSA of a package. What is known of others comes from the facts.
func New(pass *analysis.Pass, facts fact.Source, cfg Config) *Program {
	no := newNoReturns(pass, facts)
	p := &Program{
		Pass: pass, Facts: facts, Cfg: cfg, Cat: cfg.Catalog, no: no, Pkg: buildSSA(pass, no),
		impls:    map[*types.Func][]Implementation{},
		poolRows: map[*types.Func]*catalog.Row{},
		drivers:  map[string]bool{},
	}
	p.collect()
	p.findDrivers()
	return p
}

// NoReturn reports whether a function never returns.
func (p *Program) NoReturn(fn *types.Func) bool { return p.no.noReturn(fn) }

// Analyzed reports whether fn is a function of this package that has a body.
func (p *Program) Analyzed(fn *ssa.Function) bool {
	return fn != nil && fn.Pkg == p.Pkg && len(fn.Blocks) > 0
}

// WithInit lists the functions that have source, and before them what gives the package's variables their first values.
func (p *Program) WithInit() []*ssa.Function {
	if init := p.Pkg.Func("init"); init != nil {
		return append([]*ssa.Function{init}, p.Funcs...)
	}
	return p.Funcs
}

// collect lists the functions that have source, in the order of their positions.
func (p *Program) collect() {
	var add func(*ssa.Function)
	add = func(fn *ssa.Function) {
		if len(fn.Blocks) == 0 || fn.Synthetic != "" && fn.Parent() == nil {
			return // no body, or one that ssa made
		}
		p.Funcs = append(p.Funcs, fn)
		for _, a := range fn.AnonFuncs {
			add(a)
		}
	}
	var top []*ssa.Function
	for _, f := range p.Declared() {
		if fn := p.Pkg.Prog.FuncValue(f); fn != nil {
			top = append(top, fn)
		}
	}
	if init := p.Pkg.Func("init"); init != nil {
		top = append(top, init.AnonFuncs...) // literals in the initializers of package variables
	}
	slices.SortFunc(top, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	for _, fn := range top {
		add(fn)
	}
}

// Declared lists the functions and methods that the package declares.
func (p *Program) Declared() []*types.Func {
	var out []*types.Func
	for _, obj := range p.Pass.TypesInfo.Defs {
		fn, ok := obj.(*types.Func)
		if !ok || types.IsInterface(RecvType(fn)) {
			continue // a method of an interface has no body
		}
		if diag.IsTest(p.Pass.Fset, fn.Pos()) && !p.Cfg.Tests {
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

	KeepNolint bool // the rules leave golangci-lint's comments to golangci-lint; of no matter to what is found
}
