package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer"
)

// program is the part of a program that matters to poolvet: the packages that reach a library of the catalog, with syntax. It is
// loaded once; what a mutant changes is type-checked again in memory.
type program struct {
	dir   string // absolute
	fset  *token.FileSet
	pkgs  []*packages.Package // dependencies first
	own   map[*packages.Package]bool
	users map[*packages.Package][]*packages.Package // who imports a package directly
	text  map[string][]byte                         // file → content
	types map[string]*types.Package                 // import path → types, of all packages in memory
	bare  map[*packages.Package][]*ast.File         // see withoutBodies
}

// load reads the packages of the patterns, and all others that reach a library, as their facts say something of their importers.
func load(dir string, patterns []string) (*program, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	p := &program{dir: dir, fset: token.NewFileSet(), own: make(map[*packages.Package]bool),
		users: make(map[*packages.Package][]*packages.Package), text: make(map[string][]byte), types: make(map[string]*types.Package),
		bare: make(map[*packages.Package][]*ast.File)}
	metadata := &packages.Config{Dir: dir, Mode: packages.NeedName | packages.NeedImports | packages.NeedDeps}
	requested, err := packages.Load(metadata, patterns...)
	if err != nil {
		return nil, err
	}
	relevant := relevantOf(requested)
	if len(relevant) == 0 {
		return nil, fmt.Errorf("%s: no package reaches a library of the catalog", dir)
	}
	source := &packages.Config{Dir: dir, Fset: p.fset, Mode: packages.LoadSyntax | packages.NeedModule}
	roots, err := packages.Load(source, slices.Sorted(maps.Keys(relevant))...)
	if err != nil {
		return nil, err
	}
	asked := make(map[string]bool)
	for _, pkg := range requested {
		asked[pkg.PkgPath] = true
	}
	return p, p.keep(roots, asked)
}

// relevantOf returns the import paths of the packages that reach a library, without the libraries.
func relevantOf(requested []*packages.Package) map[string]bool {
	libraries := make(map[string]bool)
	for _, path := range analyzer.Libraries() {
		libraries[path] = true
	}
	relevant := make(map[string]bool)
	packages.Visit(requested, nil, func(pkg *packages.Package) {
		for path, imported := range pkg.Imports {
			if !libraries[pkg.PkgPath] && (libraries[path] || relevant[imported.PkgPath]) {
				relevant[pkg.PkgPath] = true
			}
		}
	})
	return relevant
}

// keep orders what was loaded, and forgets the imports that do not matter.
func (p *program) keep(roots []*packages.Package, asked map[string]bool) error {
	sound := make(map[*packages.Package]bool)
	for _, root := range roots {
		sound[root] = !root.IllTyped && len(root.Errors) == 0
	}
	var failed error
	packages.Visit(roots, nil, func(pkg *packages.Package) {
		if !sound[pkg] {
			return // a library, a package that reaches none, or one that does not compile here
		}
		for _, imported := range pkg.Types.Imports() {
			p.types[imported.Path()] = imported
		}
		p.pkgs = append(p.pkgs, pkg)
		p.own[pkg] = asked[pkg.PkgPath]
		maps.DeleteFunc(pkg.Imports, func(_ string, imported *packages.Package) bool { return !sound[imported] })
		for _, imported := range pkg.Imports {
			p.users[imported] = append(p.users[imported], pkg)
		}
		for _, file := range pkg.CompiledGoFiles {
			if p.text[file], failed = os.ReadFile(file); failed != nil {
				return
			}
		}
	})
	return failed
}

// rel is the short name of a file.
func (p *program) rel(file string) string {
	if rel, err := filepath.Rel(p.dir, file); err == nil && !strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	return filepath.Base(file)
}

// function is a declared function of the program's own.
type function struct {
	pkg  *packages.Package
	file *ast.File
	decl *ast.FuncDecl
	obj  *types.Func
}

// functions returns the functions of the program's own that a person wrote, in the order of the source. poolvet says nothing of
// generated files.
func (p *program) functions() []*function {
	var all []*function
	for _, pkg := range p.pkgs {
		if !p.own[pkg] {
			continue // a dependency
		}
		for _, file := range pkg.Syntax {
			if ast.IsGenerated(file) {
				continue
			}
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok || decl.Body == nil {
					continue
				}
				if obj, ok := pkg.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					all = append(all, &function{pkg, file, decl, obj})
				}
			}
		}
	}
	return all
}

// lines returns where the function stands.
func (p *program) lines(f *function) (file string, first, last int) {
	start, end := p.fset.Position(f.decl.Pos()), p.fset.Position(f.decl.End())
	return start.Filename, start.Line, end.Line
}
