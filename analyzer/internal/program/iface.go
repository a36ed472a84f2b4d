package program

import (
	"go/types"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// maxImplementations bounds how many types behind an interface are looked at. An interface with more says too little.
const maxImplementations = 24

// Implementation is a method that a call through an interface may run: one of this package, or what is known of one of
// another.
type Implementation struct {
	Fn   *types.Func
	Fact *fact.Func
}

// Implementations returns the methods that a call of an interface method may run: those of the types that this package and
// its imports declare. An implementation that only an importer knows is not seen.
func (p *Program) Implementations(m *types.Func) []Implementation {
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
	for _, pkg := range p.Pass.Pkg.Imports() {
		fact := p.Facts.Package(pkg)
		if fact == nil {
			continue // no type of that package holds a connection
		}
		for _, t := range fact.Types {
			if f, ok := t.Implements(m, iface); ok {
				out = append(out, Implementation{Fact: f})
			}
		}
	}
	if len(out) > maxImplementations {
		out = nil
	}
	p.impls[m] = out
	return out
}

func (p *Program) ownImplementations(m *types.Func, iface *types.Interface) []Implementation {
	var out []Implementation
	for _, t := range p.NamedTypes() {
		ptr := types.NewPointer(t)
		if !types.Implements(ptr, iface) {
			continue // some method is missing
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
		if fn, ok := obj.(*types.Func); ok && !types.IsInterface(RecvType(fn)) {
			out = append(out, Implementation{Fn: fn})
		}
	}
	return out
}

// NamedTypes lists the types the package declares that can have methods of their own, by name.
func (p *Program) NamedTypes() []*types.Named {
	var out []*types.Named
	scope := p.Pass.Pkg.Scope()
	for _, name := range scope.Names() { // sorted
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || diag.IsTest(p.Pass.Fset, tn.Pos()) {
			continue // not a type, an interface, or a mock of the tests
		}
		if n, ok := tn.Type().(*types.Named); ok && n.TypeParams().Len() == 0 {
			out = append(out, n) // of a generic type, which instance implements what is not known
		}
	}
	return out
}
