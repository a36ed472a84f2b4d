package construct

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// builtByImplementations is what a call through an interface builds, if all implementations that are visible build.
func (b *Builder) builtByImplementations(call ssa.CallInstruction) []fact.Build {
	var out []fact.Build
	if t := b.Concrete(call.Common().Value); t != nil {
		return b.builtByMethod(t, call.Common().Method)
	}
	getter := b.returnsPool(call)
	for _, impl := range b.allImplementations(call.Common().Method.Origin()) {
		var builds []fact.Build
		switch {
		case impl.Fact != nil:
			builds = impl.Fact.Builds
		case impl.Fn != nil && impl.Fn.Pkg() == b.Pass.Pkg:
			if fn := b.Pkg.Prog.FuncValue(impl.Fn.Origin()); fn != nil {
				builds = b.of(fn).builds
			}
		}
		if len(builds) == 0 && getter {
			return nil // one of them has its pool already
		}
		if len(out) == 0 && len(builds) > 0 {
			out = slices.Clone(builds[:1])
			out[0].Assumed = true
		}
	}
	return out
}

// builtByMethod is what the method of a type builds.
func (b *Builder) builtByMethod(t types.Type, m *types.Func) []fact.Build {
	obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name())
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil // a type parameter
	}
	if own := b.Own(fn); own != nil {
		return b.of(own).builds
	}
	if fact := b.Facts.Func(fn); fact != nil {
		return fact.Builds
	}
	return nil
}

// returnsPool reports whether a method hands out what it may build: another implementation may have it already.
func (b *Builder) returnsPool(call ssa.CallInstruction) bool {
	for v := range call.Common().Signature().Results().Variables() {
		if class := b.Cat.Type(v.Type()); class != nil {
			return true
		}
	}
	return false
}

// allImplementations is Implementations, with those of which nothing is known: they build nothing.
func (b *Builder) allImplementations(m *types.Func) []program.Implementation {
	out := b.Implementations(m)
	iface, ok := m.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok || len(out) == 0 {
		return out
	}
	for _, pkg := range b.Pass.Pkg.Imports() {
		told := b.Facts.Package(pkg)
		if told == nil {
			continue // its types build nothing, and rarely are what is meant
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || types.IsInterface(tn.Type()) || slices.ContainsFunc(told.Types, func(t fact.ImplType) bool { return t.Name == name }) {
				continue // no type, or one that is known
			}
			if types.Implements(types.NewPointer(tn.Type()), iface) {
				out = append(out, program.Implementation{})
			}
		}
	}
	return out
}
