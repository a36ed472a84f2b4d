package summary

import (
	"go/types"
	"slices"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// maxImplementations bounds how many types behind an interface are looked at. An interface with more says too little.
const maxImplementations = 24

// implementation is a method that a call through an interface may run: one of this package, or what is known of one of
// another.
type implementation struct {
	fn   *types.Func
	fact *funcFact
}

// implementations returns the methods that a call of an interface method may run: those of the types that this package and
// its imports declare. An implementation that only an importer knows is not seen.
func (p *program) implementations(m *types.Func) []implementation {
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
	out := p.ownImplementations(m, iface)
	for _, pkg := range p.pass.Pkg.Imports() {
		fact := new(usesDB)
		if !p.pass.ImportPackageFact(pkg, fact) {
			continue // no type of that package holds a connection
		}
		for _, t := range fact.Types {
			if f, ok := t.implements(m, iface); ok {
				out = append(out, implementation{fact: f})
			}
		}
	}
	if len(out) > maxImplementations {
		out = nil
	}
	p.impls[m] = out
	return out
}

func (p *program) ownImplementations(m *types.Func, iface *types.Interface) []implementation {
	var out []implementation
	for _, t := range p.namedTypes() {
		ptr := types.NewPointer(t)
		if !types.Implements(ptr, iface) {
			continue // some method is missing
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
		if fn, ok := obj.(*types.Func); ok && !types.IsInterface(recvType(fn)) {
			out = append(out, implementation{fn: fn})
		}
	}
	return out
}

// namedTypes lists the types the package declares that can have methods of their own, by name.
func (p *program) namedTypes() []*types.Named {
	var out []*types.Named
	scope := p.pass.Pkg.Scope()
	for _, name := range scope.Names() { // sorted
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || diag.IsTest(p.pass.Fset, tn.Pos()) {
			continue // not a type, an interface, or a mock of the tests
		}
		if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
			out = append(out, n) // of a generic type, which instance implements what is not known
		}
	}
	return out
}

// implTypes describes the types of the package for importers.
func (p *program) implTypes(facts map[*types.Func]*funcFact) []implType {
	var out []implType
	for _, n := range p.namedTypes() {
		t := implType{Name: n.Obj().Name()}
		known := false
		set := types.NewMethodSet(types.NewPointer(n))
		for i := range set.Len() {
			m, ok := set.At(i).Obj().(*types.Func)
			if !ok {
				continue
			}
			f := facts[m]
			if f == nil && m.Pkg() != p.pass.Pkg {
				f = importFact(p.pass, m)
			}
			known = known || f != nil
			t.Methods = append(t.Methods, implMethod{m.Name(), signature(m), types.IsInterface(recvType(m)), f})
		}
		if known {
			out = append(out, t)
		}
	}
	return out
}

// implements reports whether the type has all methods of the interface and a body for the one named, and what is known of
// that.
func (t implType) implements(m *types.Func, iface *types.Interface) (*funcFact, bool) {
	var found *funcFact
	for i := range iface.NumMethods() {
		want := iface.Method(i)
		k := slices.IndexFunc(t.Methods, func(h implMethod) bool { return h.Name == want.Name() })
		if k < 0 || t.Methods[k].Sig != signature(want) {
			return nil, false
		}
		if want.Name() == m.Name() {
			if t.Methods[k].Abstract {
				return nil, false
			}
			found = t.Methods[k].Fact
		}
	}
	return found, true
}

// ownedByImplementations is what a call through an interface leaves with its caller: what one of the visible implementations
// leaves. assumed is true if not all of them do.
func (p *program) ownedByImplementations(m *types.Func) (owned []Owned, assumed bool) {
	for _, impl := range p.implementations(m) {
		o := p.ownedBy(impl)
		if len(o) == 0 {
			assumed = true // a mock, or one that reads everything
			continue
		}
		owned = append(owned, o...)
	}
	return mergeOwned(slices.Clone(owned)), assumed
}

func (p *program) ownedBy(impl implementation) []Owned {
	if impl.fn == nil {
		if impl.fact == nil {
			return nil
		}
		return impl.fact.Owned
	}
	if p.cat.Func(impl.fn) != nil || impl.fn.Pkg() != p.pass.Pkg {
		return nil // promoted from a library: the interface has the shape of the library's, and its row
	}
	if fn := p.pkg.Prog.FuncValue(impl.fn.Origin()); fn != nil && len(fn.Blocks) > 0 {
		return p.info(fn).owned
	}
	return nil
}

// effectOfImplementations is the effect of a call through an interface, if it is known of all visible implementations.
func (p *program) effectOfImplementations(m *types.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	var out []obligation.Outcome
	found := false
	for _, impl := range p.implementations(m) {
		var o []obligation.Outcome
		ok := false
		if impl.fn != nil {
			o, ok = p.effectOfObject(impl.fn, i, path, class)
		} else if impl.fact != nil {
			o, ok = impl.fact.effect(i, path, class)
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
