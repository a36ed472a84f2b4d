package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// Paths returns the import paths of all packages, those of dependencies included, sorted.
func (p *Program) Paths() []string {
	paths := make(map[string]bool, len(p.units))
	for _, u := range p.units {
		paths[u.PkgPath] = true
	}
	return slices.Sorted(maps.Keys(paths))
}

// Uses returns the libraries of the request that the requested packages import themselves, sorted.
func (p *Program) Uses() []string {
	used := make(map[string]bool)
	for _, u := range p.requested {
		for _, dep := range u.imports {
			if p.libraries[dep.PkgPath] {
				used[dep.PkgPath] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(used))
}

// byPath returns the units of each import path, the package without its tests first.
func (p *Program) byPath() map[string][]*unit {
	found := make(map[string][]*unit, len(p.units))
	for _, u := range p.units {
		found[u.PkgPath] = append(found[u.PkgPath], u)
	}
	for _, variants := range found {
		slices.SortFunc(variants, func(a, b *unit) int { return strings.Compare(a.ID, b.ID) })
	}
	return found
}

// Types returns the package at an import path with all that it exports, nil if the program does not have it, or has not as much
// of it. Call it after Load.
func (p *Program) Types(path string) *types.Package {
	if found := p.analyzedTypes()[path]; found != nil {
		return found
	}
	for _, u := range p.variants()[path] {
		switch {
		case u.broken != nil:
			continue // its types have holes
		case u.Types != nil:
			return u.Types
		case u.ExportFile != "":
			return exportedTypes(u) // nobody whose syntax was read imports it
		}
	}
	return nil
}

// seenTypes returns the packages that those to analyze see all of, by import path.
func (p *Program) seenTypes() map[string]*types.Package {
	found := make(map[string]*types.Package)
	seen := make(map[*types.Package]bool)
	var visit func(*types.Package)
	visit = func(t *types.Package) {
		if seen[t] {
			return // also by another way
		}
		seen[t] = true
		if found[t.Path()] == nil && t.Complete() {
			found[t.Path()] = t
		}
		for _, i := range t.Imports() {
			visit(i)
		}
	}
	for _, pkg := range p.Packages {
		visit(pkg.Types)
	}
	return found
}

// exportedTypes reads the export data of one package for itself, nil if it cannot be read.
func exportedTypes(u *unit) *types.Package {
	file, err := os.Open(u.ExportFile)
	if err != nil {
		return nil
	}
	defer file.Close()
	data, err := gcexportdata.NewReader(file) //nolint:staticcheck // go list -export names archives until Go 1.28.
	if err != nil {
		return nil
	}
	pkg, err := gcexportdata.Read(data, token.NewFileSet(), make(map[string]*types.Package), u.PkgPath)
	if err != nil {
		return nil
	}
	return pkg
}

// Declares reports whether a source file in the folder of a package declares a function, or a method of a receiver as it is
// written there ("*Store"), whether or not this program is built from that file.
func (p *Program) Declares(path, recv, name string) bool {
	for _, u := range p.variants()[path] {
		if len(u.GoFiles) == 0 {
			continue // a package without source
		}
		files, err := filepath.Glob(filepath.Join(filepath.Dir(u.GoFiles[0]), "*.go"))
		if err == nil && slices.ContainsFunc(files, func(file string) bool { return declares(file, recv, name) }) {
			return true
		}
	}
	return false
}

func declares(file, recv, name string) bool {
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		return false // another build, another problem
	}
	return slices.ContainsFunc(syntax.Decls, func(decl ast.Decl) bool {
		fn, ok := decl.(*ast.FuncDecl)
		return ok && fn.Name.Name == name && receiver(fn) == recv
	})
}

// receiver returns the type of a method's receiver as rows spell it: "*Store", type parameters left out; empty for a function.
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	name := types.ExprString(fn.Recv.List[0].Type)
	name, _, _ = strings.Cut(name, "[")
	return strings.Trim(name, "()")
}
