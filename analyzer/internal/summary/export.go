package summary

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/bound"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/construct"
	"github.com/poolvet/poolvet/analyzer/internal/deadline"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
	"github.com/poolvet/poolvet/analyzer/internal/slow"
	"github.com/poolvet/poolvet/analyzer/internal/spawn"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// rooms is what is known of one package, by subject.
type rooms struct {
	*program.Program
	paths  *release.Paths
	index  *runs.Index
	pools  *limit.Pools
	builds *construct.Builder
	takes  *take.Taker
	waits  *deadline.Finder
	spawns *spawn.Spawner
	slow   *slow.Finder
	holds  *hold.Finder
}

// open asks all rooms for what they find in a package, from the bottom up.
func open(pass *analysis.Pass, cfg Config) *rooms {
	p := program.New(pass, passFacts{pass}, cfg)
	r := &rooms{Program: p, paths: release.New(p)}
	r.index = runs.New(p)
	r.builds = construct.New(r.index, r.paths)
	r.pools = limit.New(r.index)
	r.takes = take.New(handle.New(r.pools), bound.New(r.pools))
	r.waits = deadline.New(r.takes, r.paths)
	r.spawns = spawn.New(r.takes)
	r.slow = slow.New(r.spawns, r.paths)
	r.holds = hold.New(r.slow, r.paths)
	return r
}

// exportFacts publishes what importers need to know.
func (r *rooms) exportFacts() {
	facts := map[*types.Func]*fact.Func{}
	for _, obj := range r.Declared() {
		fn := r.Pkg.Prog.FuncValue(obj)
		if fn == nil || diag.IsTest(r.Pass.Fset, obj.Pos()) {
			continue // no importer sees it
		}
		f := &fact.Func{
			Owned:    r.paths.OwnedOf(fn),
			Builds:   r.builds.BuildsOf(fn),
			Runs:     r.index.RunsOf(fn),
			Takes:    r.takes.Told(fn),
			Lends:    r.holds.LendsOf(fn),
			Conns:    r.holds.ConnsOf(fn),
			Slow:     r.slow.SlowOf(fn),
			Limits:   r.pools.LimitFact(obj),
			NoReturn: r.NoReturn(obj),
		}
		if len(fn.Blocks) > 0 {
			f.Effects = r.paths.ParamEffects(fn)
		}
		if exportFact(r.Pass, obj, f) {
			facts[obj] = f
		}
	}
	for field, s := range r.pools.LimitFields {
		r.Pass.ExportObjectFact(field, &fact.Field{Setting: s})
	}
	r.Pass.ExportPackageFact(&fact.Package{Types: r.implTypes(facts), Latents: r.holds.Latents})
}

// implTypes describes the types of the package for importers.
func (r *rooms) implTypes(facts map[*types.Func]*fact.Func) []fact.ImplType {
	var out []fact.ImplType
	for _, n := range r.NamedTypes() {
		t := fact.ImplType{Name: n.Obj().Name()}
		known := false
		set := types.NewMethodSet(types.NewPointer(n))
		for i := range set.Len() {
			m, ok := set.At(i).Obj().(*types.Func)
			if !ok {
				continue
			}
			f := facts[m]
			if f == nil && m.Pkg() != r.Pass.Pkg {
				f = r.Facts.Func(m)
			}
			known = known || f != nil
			t.Methods = append(t.Methods, fact.ImplMethod{Name: m.Name(), Sig: fact.Signature(m), Abstract: types.IsInterface(program.RecvType(m)), Fact: f})
		}
		if known {
			out = append(out, t)
		}
	}
	return out
}

// result collects what the rules read.
func (r *rooms) result() *Result {
	out := &Result{
		Reaches:       true,
		Sites:         r.paths.Sites(),
		Constructions: r.builds.Constructions(),
		Mentions:      r.builds.Mentioned(),
		Limits:        r.pools.Limits(),
		Spawns:        r.spawns.Spawns,
		Waits:         r.holds.Found(),
		SlowHolds:     r.holds.FoundSlow(),
		Needs:         r.holds.Needs,
		OpenWaits:     r.waits.OpenWaits(),
		Retries:       r.waits.Retries(),
	}
	for _, s := range out.Sites {
		if s.Class.Resource != catalog.Pool {
			out.Coverage.Acquires++
		}
		if s.GaveUp {
			out.Coverage.GivenUp++
		}
	}
	out.Coverage.Constructs, out.Coverage.Known, out.Coverage.PoolVars = len(out.Mentions), r.builds.Recognized(), r.builds.PoolVars()
	out.Coverage.ForTests = r.builds.ForTests(out.Mentions)
	return out
}

// exportSlow publishes what the functions of a package that touches no connection wait for. Packages of other modules are passed
// over: their number is large, and the catalog has rows for those that matter.
func exportSlow(pass *analysis.Pass, c *catalog.Catalog) {
	if pass.Module == nil || foreign(pass) {
		return
	}
	for fn, s := range slow.Helpers(pass, passFacts{pass}, c) {
		pass.ExportObjectFact(fn, &fact.Func{Slow: s})
	}
}
