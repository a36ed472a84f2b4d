package summary

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// program is one package under analysis. Its functions are analyzed on demand, callees first.
type program struct {
	pass    *analysis.Pass
	cfg     Config
	cat     *catalog.Catalog
	no      *noReturns
	pkg     *ssa.Package
	funcs   []*ssa.Function // all functions with source, literals behind the function they stand in
	infos   map[*ssa.Function]*funcInfo
	effects map[effectKey]*[]obligation.Outcome
	impls   map[*types.Func][]implementation
	closers map[closerKey]bool

	poolRows map[*types.Func]*catalog.Row // see behindInterface
	watched  map[watchKey]moments         // see watch
	wrapped  map[string][]candidate       // see wrappers
}

// funcInfo is what is known of one function.
type funcInfo struct {
	sites []*Site
	owned []Owned
	done  bool
}

func newProgram(pass *analysis.Pass, cfg Config) *program {
	no := newNoReturns(pass)
	p := &program{
		pass: pass, cfg: cfg, cat: cfg.Catalog, no: no, pkg: buildSSA(pass, no),
		infos:   map[*ssa.Function]*funcInfo{},
		effects: map[effectKey]*[]obligation.Outcome{},
		impls:   map[*types.Func][]implementation{},
		closers: map[closerKey]bool{},

		poolRows: map[*types.Func]*catalog.Row{},
		watched:  map[watchKey]moments{},
	}
	p.collect()
	return p
}

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

func recvType(fn *types.Func) types.Type {
	if r := fn.Signature().Recv(); r != nil {
		return r.Type()
	}
	return types.Typ[types.Invalid]
}

func (p *program) findSites() {
	for _, fn := range p.funcs {
		p.info(fn)
	}
}

// info analyzes a function. In a recursion it returns what is known so far: nothing.
func (p *program) info(fn *ssa.Function) *funcInfo {
	if f := p.infos[fn]; f != nil {
		return f
	}
	f := &funcInfo{}
	p.infos[fn] = f
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(ssa.CallInstruction); ok {
				f.sites = append(f.sites, p.sitesAt(call)...)
			}
		}
	}
	for _, s := range f.sites {
		if s.unheld() {
			continue // nobody gets what a go or defer statement takes
		}
		q := p.askSite(fn, s)
		s.learn(q)
		f.owned = append(f.owned, q.owned(fn)...)
	}
	for _, s := range p.outsideSites(fn) {
		q := p.askSite(fn, s)
		s.relearn(q)
		f.owned = append(f.owned, q.owned(fn)...)
	}
	f.owned = mergeOwned(f.owned)
	f.done = true
	return f
}

// outsideSites are the sites in literals of fn that put what they take into a variable of fn: what becomes of it is seen from
// fn only.
func (p *program) outsideSites(fn *ssa.Function) []*Site {
	var out []*Site
	for _, a := range fn.AnonFuncs {
		for _, s := range append(p.info(a).sites, p.outsideSites(a)...) {
			if s.inLiteral {
				out = append(out, s)
			}
		}
	}
	return out
}

// unheld settles a site whose result nobody can have, and reports whether it is one.
func (s *Site) unheld() bool {
	if s.Call.Value() != nil {
		return false
	}
	s.Losses = []Loss{{Kind: AtExit, Pos: s.Call.Pos(), At: s.Call}}
	return true
}

// learn takes over what a question found out about the site.
func (s *Site) learn(q *question) {
	s.Losses, s.Released, s.Kept, s.GaveUp = q.losses, q.released, q.kept, q.m.GaveUp
	s.inLiteral = q.outside
	s.moments = s.moments.join(q.moments)
	s.escapes = s.escapes || q.escapes
	if s.GaveUp && s.Discarded && s.Row != nil {
		s.Losses = []Loss{{Kind: AtExit, Pos: s.Pos(), At: s.Call}} // no path can release what nobody has
	}
}

// relearn is learn for an enclosing function. A function that was not seen to call the literal tells nothing.
func (s *Site) relearn(q *question) {
	if q.released || q.kept || len(q.losses) > 0 {
		s.learn(q)
	}
}

// owned describes what fn leaves with its caller.
func (q *question) owned(fn *ssa.Function) []Owned {
	if len(q.outcomes) == 0 || fn.Parent() != nil && q.outside {
		return nil
	}
	if q.stored {
		return nil // a cache that returns what it keeps: whether the caller owns it is not known
	}
	s := q.site
	o := Owned{
		Class: s.Class, Holds: s.Holds, CtxFrees: s.CtxFrees, Ctx: -1, Parent: -1, From: s.From, Outcomes: q.outcomes,
	}
	o.Parent, o.Ctx = s.parentArg, s.ctxArg
	o.Methods = q.methods
	return []Owned{o}
}

// mergeOwned joins what is left with the caller in the same place by several calls: only one of them was made.
func mergeOwned(in []Owned) []Owned {
	var out []Owned
next:
	for _, o := range in {
		for i := range out {
			if samePlace(out[i], o) {
				out[i].Methods = append(out[i].Methods, o.Methods...)
				out[i].Outcomes = obligation.Normalize(append(slices.Clone(out[i].Outcomes), o.Outcomes...))
				if out[i].Parent != o.Parent {
					out[i].Parent = -1
				}
				continue next
			}
		}
		out = append(out, o)
	}
	return out
}

func samePlace(a, b Owned) bool {
	if a.Class.Resource != b.Class.Resource || len(a.Outcomes) == 0 || len(b.Outcomes) == 0 {
		return false
	}
	return slices.Equal(a.Outcomes[0].At, b.Outcomes[0].At) && slices.Equal(a.Outcomes[0].Releasers, b.Outcomes[0].Releasers)
}

// result collects what the rules read.
func (p *program) result() *Result {
	r := new(Result)
	for _, fn := range p.funcs {
		for _, s := range p.infos[fn].sites {
			if s.Class.Resource != catalog.Pool {
				r.Coverage.Acquires++
			}
			if s.GaveUp {
				r.Coverage.GivenUp++
			}
			r.Sites = append(r.Sites, s)
		}
	}
	slices.SortStableFunc(r.Sites, func(a, b *Site) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return r
}

// exportFacts publishes what importers need to know.
func (p *program) exportFacts(t *holds) {
	facts := map[*types.Func]*funcFact{}
	for _, obj := range p.declared() {
		fn := p.pkg.Prog.FuncValue(obj)
		if fn == nil || diag.IsTest(p.pass.Fset, obj.Pos()) {
			continue // no importer sees it
		}
		f := &funcFact{Owned: p.info(fn).owned, Builds: t.builder.of(fn).builds, Runs: t.runsOf(fn), Takes: t.facts(fn), Lends: t.lendsOf(fn), Conns: t.connsOf(fn), Slow: t.slowOf(fn), Limits: t.limitFacts[obj], NoReturn: p.no.noReturn(obj)}
		if len(fn.Blocks) > 0 {
			f.Effects = p.paramEffects(fn)
		}
		if exportFact(p.pass, obj, f) {
			facts[obj] = f
		}
	}
	for field, s := range t.limitFields {
		p.pass.ExportObjectFact(field, &fieldFact{s})
	}
	p.pass.ExportPackageFact(&usesDB{Types: p.implTypes(facts), Latents: t.latents})
}

// endsProcess reports whether a resource still held when fn ends goes with the process: in main, and for the pools of a
// program that are built once and live as long as it does.
func (p *program) endsProcess(fn *ssa.Function, h *hold) bool {
	if p.pass.Pkg.Name() != "main" {
		return false
	}
	switch h.class.Resource {
	case catalog.Pool, catalog.Listener:
		return true
	case catalog.Conn:
		return fn.Parent() == nil && fn.Name() == "main"
	}
	return false
}

// encloses reports whether the call stands in fn or in one of its literals.
func (p *program) encloses(fn *ssa.Function, call ssa.CallInstruction) bool {
	for f := call.Parent(); f != nil; f = f.Parent() {
		if f == fn {
			return true
		}
	}
	return false
}
