package summary

import (
	"go/types"
	"slices"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// maxImplementations bounds how many types behind an interface are looked at. An interface with more says too little.
const maxImplementations = 24

// implementations returns the methods that a call of an interface method may run: those of the types that this package and
// its imports declare. An implementation that only an importer knows is not seen.
func (p *program) implementations(m *types.Func) []*types.Func {
	if out, ok := p.impls[m]; ok {
		return out
	}
	p.impls[m] = nil
	recv := m.Signature().Recv()
	if recv == nil {
		return nil
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return nil
	}
	var out []*types.Func
	for _, pkg := range append([]*types.Package{p.pass.Pkg}, p.pass.Pkg.Imports()...) {
		if pkg != p.pass.Pkg && !p.pass.ImportPackageFact(pkg, new(usesDB)) {
			continue // no type of that package holds a connection
		}
		out = append(out, p.implementationsIn(pkg, m, iface)...)
	}
	if len(out) > maxImplementations {
		out = nil
	}
	p.impls[m] = out
	return out
}

func (p *program) implementationsIn(pkg *types.Package, m *types.Func, iface *types.Interface) []*types.Func {
	var out []*types.Func
	scope := pkg.Scope()
	for _, name := range scope.Names() { // sorted
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue // not a type with methods of its own
		}
		if testFile(p.pass.Fset, tn.Pos()) && pkg == p.pass.Pkg {
			continue // a mock of the tests
		}
		if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() > 0 {
			continue // which instance implements it is not known
		}
		ptr := types.NewPointer(tn.Type())
		if !types.Implements(ptr, iface) {
			continue // some method is missing
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
		if fn, ok := obj.(*types.Func); ok && !types.IsInterface(recvType(fn)) {
			out = append(out, fn)
		}
	}
	return out
}

// ownedByImplementations is what a call through an interface leaves with its caller: what one of the visible implementations
// leaves. assumed is true if not all of them do.
func (p *program) ownedByImplementations(m *types.Func) (owned []Owned, assumed bool) {
	impls := p.implementations(m)
	for _, fn := range impls {
		o := p.ownedByObject(fn)
		if len(o) == 0 {
			assumed = true // a mock, or one that reads everything
			continue
		}
		owned = append(owned, o...)
	}
	return mergeOwned(slices.Clone(owned)), assumed
}

func (p *program) ownedByObject(m *types.Func) []Owned {
	if row := p.cat.Func(m); row != nil {
		return nil // the interface has the shape of a library's, and its row
	}
	if m.Pkg() == p.pass.Pkg {
		if fn := p.pkg.Prog.FuncValue(m.Origin()); fn != nil && len(fn.Blocks) > 0 {
			return p.info(fn).owned
		}
		return nil
	}
	if f := importFact(p.pass, m); f != nil {
		return f.Owned
	}
	return nil
}

// effectOfImplementations is the effect of a call through an interface, if it is known of all visible implementations.
func (p *program) effectOfImplementations(m *types.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	var out []obligation.Outcome
	found := false
	for _, fn := range p.implementations(m) {
		o, ok := p.effectOfObject(fn, i, path, class)
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

func interfaceMethods(t types.Type) []*types.Func {
	u, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var out []*types.Func
	for i := range u.NumMethods() {
		out = append(out, u.Method(i))
	}
	return out
}
