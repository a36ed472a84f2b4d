package summary

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// passFacts imports the facts of other packages. It is the one implementation of Source.
type passFacts struct{ pass *analysis.Pass }

// Func returns what is known of a function of another package, nil if nothing is.
func (p passFacts) Func(fn *types.Func) *fact.Func {
	f := new(fact.Func)
	if fn == nil || !p.pass.ImportObjectFact(fn.Origin(), f) {
		return nil
	}
	return f
}

// Field returns the limit that a field of another package's struct becomes.
func (p passFacts) Field(field *types.Var) catalog.Setting {
	f := new(fact.Field)
	if field.Pkg() == nil || field.Pkg() == p.pass.Pkg || !p.pass.ImportObjectFact(field.Origin(), f) {
		return catalog.NoSetting
	}
	return f.Setting
}

// Package returns what a package that can reach a cataloged library tells of itself, nil for another one.
func (p passFacts) Package(pkg *types.Package) *fact.Package {
	f := new(fact.Package)
	if !p.pass.ImportPackageFact(pkg, f) {
		return nil
	}
	return f
}

// exportFact publishes what is known of a function of this package, and reports whether there is anything.
func exportFact(pass *analysis.Pass, fn *types.Func, f *fact.Func) bool {
	if !f.OfConnections() && f.Slow == nil && !f.NoReturn {
		return false
	}
	pass.ExportObjectFact(fn, f)
	return true
}
