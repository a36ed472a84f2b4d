package summary

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// relevant reports whether the package can reach a cataloged library, and marks it.
func relevant(pass *analysis.Pass, c *catalog.Catalog) bool {
	if c.Within(pass.Pkg.Path()) {
		return false // the catalog says what is to be known of it
	}
	for _, p := range pass.Pkg.Imports() {
		if slices.Contains(c.Paths(), p.Path()) || c.IsLibrary(p.Path()) || (passFacts{pass}).Package(p) != nil {
			pass.ExportPackageFact(new(fact.Package)) // replaced when its types are known
			return true
		}
	}
	return false
}

// foreign reports whether the package belongs to another module than the one under analysis. Settings do not apply to it: a
// driver that runs each package on its own, as the go command does, does not have them there.
func foreign(pass *analysis.Pass) bool { return pass.Module != nil && pass.Module.Version != "" }

// concerns reports whether using the object can have to do with a connection.
func concerns(pass *analysis.Pass, c *catalog.Catalog, obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Func:
		if c.Func(obj) != nil || c.Shape(obj) != nil || c.Spawns(obj) {
			return true
		}
		if obj.Pkg() == nil || obj.Pkg() == pass.Pkg {
			return false // the universe's, or found with what it calls
		}
		f := passFacts{pass}.Func(obj)
		return f != nil && f.OfConnections()
	case *types.TypeName:
		return c.Type(obj.Type()) != nil || c.Type(types.NewPointer(obj.Type())) != nil
	case *types.Var:
		return c.Type(obj.Type()) != nil
	}
	return false
}

// mentions reports whether the package names a function, type or variable that has to do with a connection. Most packages of
// a service import one that uses the database and touch nothing of it.
func mentions(pass *analysis.Pass, c *catalog.Catalog) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if concerns(pass, c, obj) {
			return true
		}
	}
	for _, p := range pass.Pkg.Imports() {
		if f := (passFacts{pass}).Package(p); f != nil && f.Lends() {
			return true // what is lent behind an interface
		}
	}
	for _, sel := range pass.TypesInfo.Selections {
		if c.Type(sel.Type()) != nil || concerns(pass, c, sel.Obj()) {
			return true
		}
	}
	return false
}
