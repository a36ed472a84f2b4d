package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/packages"
)

// importer finds packages among those of a batch first.
type importer struct{ changed, all map[string]*types.Package }

// Import implements [types.Importer].
func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := i.changed[path]; pkg != nil {
		return pkg, nil
	}
	if pkg := i.all[path]; pkg != nil {
		return pkg, nil
	}
	return nil, fmt.Errorf("no package %s in memory", path)
}

// recheck type-checks a package with edits, and with some imports other than they were.
func (p *program) recheck(pkg *packages.Package, edits map[string][]edit, imports map[string]*types.Package) (*packages.Package, []types.Error) {
	changed := *pkg
	changed.Imports = maps.Clone(pkg.Imports)
	changed.Syntax = slices.Clone(pkg.Syntax)
	for name, edits := range edits {
		file, err := p.parse(name, edits)
		if err != nil {
			return nil, []types.Error{{Fset: p.fset, Msg: err.Error()}}
		}
		changed.Syntax[slices.Index(pkg.CompiledGoFiles, name)] = file
	}
	errs := p.typeCheck(&changed, imports)
	return &changed, errs
}

// checkFile returns what is wrong in a file with edits in it. The functions of the other files have no bodies: what is in those is as
// it was.
func (p *program) checkFile(pkg *packages.Package, name string, edits []edit) []types.Error {
	file, err := p.parse(name, edits)
	if err != nil {
		return []types.Error{{Fset: p.fset, Msg: err.Error()}}
	}
	changed := *pkg
	changed.Syntax = p.withoutBodies(pkg)
	changed.Syntax[slices.Index(pkg.CompiledGoFiles, name)] = file
	errs := p.typeCheck(&changed, nil)
	return slices.DeleteFunc(errs, func(err types.Error) bool { return p.fset.Position(err.Pos).Filename != name })
}

func (p *program) parse(name string, edits []edit) (*ast.File, error) {
	return parser.ParseFile(p.fset, name, apply(p.text[name], edits), parser.ParseComments|parser.SkipObjectResolution)
}

// withoutBodies returns the files of a package with declarations only.
func (p *program) withoutBodies(pkg *packages.Package) []*ast.File {
	if bare, ok := p.bare[pkg]; ok {
		return slices.Clone(bare)
	}
	var bare []*ast.File
	for _, file := range pkg.Syntax {
		file := *file
		file.Decls = slices.Clone(file.Decls)
		for i, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				fn := *fn
				fn.Body = nil
				file.Decls[i] = &fn
			}
		}
		bare = append(bare, &file)
	}
	p.bare[pkg] = bare
	return slices.Clone(bare)
}

// typeCheck fills in the types of a package from its syntax.
func (p *program) typeCheck(pkg *packages.Package, imports map[string]*types.Package) []types.Error {
	pkg.TypesInfo = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), FileVersions: make(map[*ast.File]string),
	}
	meant := make(map[string]*types.Package) // by the paths of this package
	for path, imported := range pkg.Imports {
		meant[path] = cmp.Or(imports[imported.PkgPath], imported.Types)
	}
	var errs []types.Error
	cfg := types.Config{Importer: importer{meant, p.types}, Sizes: pkg.TypesSizes, Error: func(err error) {
		var wrong types.Error
		if errors.As(err, &wrong) {
			errs = append(errs, wrong)
		}
	}}
	if pkg.Module != nil && pkg.Module.GoVersion != "" {
		cfg.GoVersion = "go" + pkg.Module.GoVersion
	}
	pkg.Types, _ = cfg.Check(pkg.PkgPath, p.fset, pkg.Syntax, pkg.TypesInfo)
	return errs
}
