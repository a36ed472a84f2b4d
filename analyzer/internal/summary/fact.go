package summary

import (
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// passFacts imports the facts of other packages. It is the one implementation of factSource.
type passFacts struct{ pass *analysis.Pass }

// Func returns what is known of a function of another package, nil if nothing is.
func (p passFacts) Func(fn *types.Func) *funcFact {
	f := new(funcFact)
	if fn == nil || !p.pass.ImportObjectFact(fn.Origin(), f) {
		return nil
	}
	return f
}

// Field returns the limit that a field of another package's struct becomes.
func (p passFacts) Field(field *types.Var) catalog.Setting {
	f := new(fieldFact)
	if field.Pkg() == nil || field.Pkg() == p.pass.Pkg || !p.pass.ImportObjectFact(field.Origin(), f) {
		return catalog.NoSetting
	}
	return f.Setting
}

// Package returns what a package that can reach a cataloged library tells of itself, nil for another one.
func (p passFacts) Package(pkg *types.Package) *usesDB {
	f := new(usesDB)
	if !p.pass.ImportPackageFact(pkg, f) {
		return nil
	}
	return f
}

// exportFact publishes what is known of a function of this package, and reports whether there is anything.
func exportFact(pass *analysis.Pass, fn *types.Func, f *funcFact) bool {
	if !f.ofConnections() && f.Slow == nil && !f.NoReturn {
		return false
	}
	pass.ExportObjectFact(fn, f)
	return true
}
