package hold

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// latent notes a call of an interface's method whose implementations are not visible.
func (h *Finder) latent(held holding, call ssa.CallInstruction, m release.Moment) {
	common := call.Common()
	for i, a := range origin.Given(call) {
		if m.Given.Has(i) && !program.IsContext(a.Type()) {
			return // the method is looked at with what it is given
		}
	}
	if !common.IsInvoke() || h.RowOf(common.Method, call) != nil || slices.ContainsFunc(h.ByImplementations(call), func(k fact.Take) bool { return !k.Busy }) {
		return // a library's, or one whose implementations in sight are looked at here
	}
	named, ok := types.Unalias(common.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return // an interface without a name, or error
	}
	h.Latents = append(h.Latents, fact.Latent{
		Iface: fullName(named), Method: common.Method.Name(), In: program.FunctionName(program.Outermost(call.Parent())), At: h.Place(common.Pos()),
		Kind: held.pool.Kind, Pool: held.pool.Path, What: held.Resource,
	})
}

func fullName(n *types.Named) string {
	n = n.Origin()
	return n.Obj().Pkg().Path() + "." + n.Obj().Name()
}

// whereTheyMeet looks at the types that this package gives for interfaces whose methods other packages call while they hold a
// connection.
func (h *Finder) whereTheyMeet() {
	latents := h.importedLatents()
	if len(latents) == 0 {
		return
	}
	for _, fn := range h.WithInit() {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if made, ok := in.(*ssa.MakeInterface); ok {
					h.meets(made, latents)
				}
			}
		}
	}
}

// importedLatents lists what the packages that this one imports have left open, by the name of the interface.
func (h *Finder) importedLatents() map[string][]fact.Latent {
	out := map[string][]fact.Latent{}
	for _, pkg := range h.Pass.Pkg.Imports() {
		fact := h.Facts.Package(pkg)
		if fact == nil {
			continue // it uses no database
		}
		for _, l := range fact.Latents {
			out[l.Iface] = append(out[l.Iface], l)
		}
	}
	return out
}

func (h *Finder) meets(made *ssa.MakeInterface, latents map[string][]fact.Latent) {
	named, ok := types.Unalias(made.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return // an interface without a name, or error
	}
	for _, l := range latents[fullName(named)] {
		obj, _, _ := types.LookupFieldOrMethod(made.X.Type(), true, named.Obj().Pkg(), l.Method)
		m, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		for _, k := range h.takesOf(m) {
			if k.Busy || k.Spawned || k.Either {
				continue // it uses what it is given
			}
			k.Chain = append([]string{typeAndMethod(made.X.Type(), l.Method)}, k.Chain...)
			k.HandleValue, k.Root = nil, nil
			k.Assumed = true
			held := holding{
				Holder: Holder{Name: l.In + " at " + l.At, Resource: l.What},
				pool:   handle.Ref{Kind: l.Kind, Path: l.Pool},
			}
			h.addAs(WhereTheyMeet, held, shownAt(made), k)
			return
		}
	}
}

func typeAndMethod(t types.Type, method string) string {
	if named, ok := types.Unalias(program.Pointee(t)).(*types.Named); ok {
		return named.Obj().Name() + "." + method
	}
	return method
}

// shownAt is the instruction with a position that a conversion is for: a conversion that nobody has written has none.
func shownAt(made *ssa.MakeInterface) ssa.Instruction {
	if made.Pos().IsValid() {
		return made
	}
	refs := *made.Referrers()
	i := slices.IndexFunc(refs, func(in ssa.Instruction) bool { return diag.PosOf(in).IsValid() })
	if i < 0 {
		return made
	}
	return refs[i]
}
