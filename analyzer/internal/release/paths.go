// Package release finds out what becomes of what a call takes, and what a function does with what it is given. It asks the machine
// of package flow to follow one resource along all paths: [Site] is a call that leaves something to be released, [Loss] a place
// where that is lost. On the way it notes what is done while a resource is held, as [Moments].
//
// It does not know which pool a connection is of, who runs a function and how often, and what the moments are good for.
package release

import (
	"cmp"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Paths follows resources along the paths of the functions of a package. Functions are looked at on demand, callees first.
type Paths struct {
	*program.Program
	infos   map[*ssa.Function]*funcInfo
	effects map[effectKey]*[]obligation.Outcome
	closers map[closerKey]bool
	watched map[watchKey]Moments   // see Watch
	wrapped map[string][]candidate // see wrappers
}

// New looks at all functions of a package.
func New(view *program.Program) *Paths {
	p := &Paths{
		Program: view,
		infos:   map[*ssa.Function]*funcInfo{},
		effects: map[effectKey]*[]obligation.Outcome{},
		closers: map[closerKey]bool{},
		watched: map[watchKey]Moments{},
	}
	p.findSites()
	return p
}

// funcInfo is what is known of one function.
type funcInfo struct {
	sites []*Site
	owned []fact.Owned
}

func (p *Paths) findSites() {
	for _, fn := range p.Funcs {
		p.info(fn)
	}
}

// info analyzes a function. In a recursion it returns what is known so far: nothing.
func (p *Paths) info(fn *ssa.Function) *funcInfo {
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
	return f
}

// SitesOf lists the sites of a function.
func (p *Paths) SitesOf(fn *ssa.Function) []*Site { return p.info(fn).sites }

// OwnedOf lists what a function leaves with its caller.
func (p *Paths) OwnedOf(fn *ssa.Function) []fact.Owned { return p.info(fn).owned }

// Sites lists the sites of the package by position.
func (p *Paths) Sites() []*Site {
	var out []*Site
	for _, fn := range p.Funcs {
		out = append(out, p.infos[fn].sites...)
	}
	slices.SortStableFunc(out, func(a, b *Site) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return out
}

// outsideSites are the sites in literals of fn that put what they take into a variable of fn: what becomes of it is seen from
// fn only.
func (p *Paths) outsideSites(fn *ssa.Function) []*Site {
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

// owned describes what fn leaves with its caller.
func (q *question) owned(fn *ssa.Function) []fact.Owned {
	if len(q.outcomes) == 0 || fn.Parent() != nil && q.outside {
		return nil
	}
	if q.stored {
		return nil // a cache that returns what it keeps: whether the caller owns it is not known
	}
	s := q.site
	o := fact.Owned{
		Class: s.Class, Holds: s.Holds, CtxFrees: s.CtxFrees, Ctx: -1, Parent: -1, From: s.From, Outcomes: q.outcomes,
	}
	o.Parent, o.Ctx = s.parentArg, s.ctxArg
	o.Methods = q.methods
	return []fact.Owned{o}
}

// mergeOwned joins what is left with the caller in the same place by several calls: only one of them was made.
func mergeOwned(in []fact.Owned) []fact.Owned {
	var out []fact.Owned
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

func samePlace(a, b fact.Owned) bool {
	if a.Class.Resource != b.Class.Resource || len(a.Outcomes) == 0 || len(b.Outcomes) == 0 {
		return false
	}
	return slices.Equal(a.Outcomes[0].At, b.Outcomes[0].At) && slices.Equal(a.Outcomes[0].Releasers, b.Outcomes[0].Releasers)
}

// endsProcess reports whether a resource still held when fn ends goes with the process: in main, and for the pools of a
// program that are built once and live as long as it does.
func (p *Paths) endsProcess(fn *ssa.Function, h *hold) bool {
	if p.Pass.Pkg.Name() != "main" {
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
func (p *Paths) encloses(fn *ssa.Function, call ssa.CallInstruction) bool {
	for f := call.Parent(); f != nil; f = f.Parent() {
		if f == fn {
			return true
		}
	}
	return false
}

// ownedByImplementations is what a call through an interface leaves with its caller: what one of the visible implementations
// leaves. assumed is true if not all of them do.
func (p *Paths) ownedByImplementations(m *types.Func) (owned []fact.Owned, assumed bool) {
	for _, impl := range p.Implementations(m) {
		o := p.ownedBy(impl)
		if len(o) == 0 {
			assumed = true // a mock, or one that reads everything
			continue
		}
		owned = append(owned, o...)
	}
	return mergeOwned(slices.Clone(owned)), assumed
}

func (p *Paths) ownedBy(impl program.Implementation) []fact.Owned {
	if impl.Fn == nil {
		if impl.Fact == nil {
			return nil
		}
		return impl.Fact.Owned
	}
	if p.Cat.Func(impl.Fn) != nil || impl.Fn.Pkg() != p.Pass.Pkg {
		return nil // promoted from a library: the interface has the shape of the library's, and its row
	}
	if fn := p.Pkg.Prog.FuncValue(impl.Fn.Origin()); fn != nil && len(fn.Blocks) > 0 {
		return p.info(fn).owned
	}
	return nil
}

// effectOfImplementations is the effect of a call through an interface, if it is known of all visible implementations.
func (p *Paths) effectOfImplementations(m *types.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	var out []obligation.Outcome
	found := false
	for _, impl := range p.Implementations(m) {
		var o []obligation.Outcome
		ok := false
		if impl.Fn != nil {
			o, ok = p.effectOfObject(impl.Fn, i, path, class)
		} else if impl.Fact != nil {
			o, ok = effectIn(impl.Fact, i, path, class)
		}
		if !ok {
			if i == 0 {
				continue // the receiver has the resource at this path, so it is not of that type
			}
			return nil, false
		}
		out, found = append(out, o...), true
	}
	return obligation.Normalize(out), found
}
