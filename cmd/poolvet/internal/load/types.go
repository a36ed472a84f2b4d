package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"runtime"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/packages"
)

// loader holds what the packages of one program share.
type loader struct {
	fset *token.FileSet
	busy chan struct{} // one element for each package in work

	mu      sync.Mutex                // export data is read by one at a time
	exports map[string]*types.Package // by import path, complete or not
}

// checkAll gives each unit types, and syntax as its level wants. A unit that cannot have them is marked broken.
func checkAll(units []*unit) {
	ld := &loader{
		fset:    token.NewFileSet(),
		busy:    make(chan struct{}, runtime.GOMAXPROCS(0)),
		exports: make(map[string]*types.Package),
	}
	for _, u := range units {
		u.done = make(chan struct{})
	}
	var all sync.WaitGroup
	for _, u := range units {
		all.Go(func() {
			defer close(u.done)
			for _, dep := range u.imports {
				if dep.done != nil {
					<-dep.done
				}
			}
			ld.busy <- struct{}{}
			defer func() { <-ld.busy }()
			ld.check(u)
		})
	}
	all.Wait()
}

// check parses and type-checks u, whose imports are done.
func (ld *loader) check(u *unit) {
	for _, dep := range u.imports {
		if dep.broken != nil && (u.cause == nil || dep.PkgPath < u.cause.PkgPath) {
			u.cause, u.broken = dep, dep.broken
			if dep.cause != nil {
				u.cause = dep.cause
			}
		}
	}
	switch {
	case u.broken != nil:
		return
	case len(u.CompiledGoFiles) == 0 && len(u.Errors) > 0:
		u.broken = &u.Errors[0] // not found, no Go files, …
		return
	}
	files, err := ld.parse(u)
	if err == nil {
		err = ld.typecheck(u, files)
	}
	if err != nil {
		u.broken = firstError(err)
	}
}

func (ld *loader) parse(u *unit) ([]*ast.File, error) {
	mode := parser.SkipObjectResolution
	if u.level == analyzed {
		mode |= parser.ParseComments // suppressions
	}
	var files []*ast.File
	for _, name := range u.CompiledGoFiles {
		file, err := parser.ParseFile(ld.fset, name, nil, mode)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (ld *loader) typecheck(u *unit, files []*ast.File) error {
	cfg := &types.Config{
		Importer:         importer(func(path string) (*types.Package, error) { return ld.imported(u, path) }),
		Sizes:            u.TypesSizes,
		IgnoreFuncBodies: u.level == skeleton,
	}
	if u.Module != nil && u.Module.GoVersion != "" {
		cfg.GoVersion = "go" + u.Module.GoVersion
	}
	var info *types.Info
	if u.level == analyzed {
		info = newInfo()
	}
	pkg := types.NewPackage(u.PkgPath, u.Name)
	if err := types.NewChecker(cfg, ld.fset, pkg, info).Files(files); err != nil {
		return err
	}
	u.Fset, u.Types = ld.fset, pkg
	if u.level == analyzed {
		u.Syntax, u.TypesInfo = files, info
	}
	return nil
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        make(map[ast.Expr]types.TypeAndValue),
		Defs:         make(map[*ast.Ident]types.Object),
		Uses:         make(map[*ast.Ident]types.Object),
		Implicits:    make(map[ast.Node]types.Object),
		Instances:    make(map[*ast.Ident]types.Instance),
		Scopes:       make(map[ast.Node]*types.Scope),
		Selections:   make(map[*ast.SelectorExpr]*types.Selection),
		FileVersions: make(map[*ast.File]string),
	}
}

// importer makes a function a [types.Importer].
type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// imported returns the types of what u imports as path.
func (ld *loader) imported(u *unit, path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	dep := u.imports[path]
	switch {
	case dep == nil && len(u.Errors) > 0:
		return nil, errors.New(u.Errors[0].Msg) // the go command says why
	case dep == nil:
		return nil, fmt.Errorf("the go command does not list %s", path)
	case dep.level != exported:
		return dep.Types, nil
	}
	return ld.export(dep)
}

// export reads the export data of u. Export data refers to other packages by import path: no package of level exported has an
// import above it, so one map for all of them keeps each type unique.
func (ld *loader) export(u *unit) (*types.Package, error) {
	ld.mu.Lock()
	defer ld.mu.Unlock()
	if pkg := ld.exports[u.PkgPath]; pkg != nil && pkg.Complete() {
		return pkg, nil
	}
	file, err := os.Open(u.ExportFile)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := gcexportdata.NewReader(file) //nolint:staticcheck // go list -export names archives until Go 1.28.
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(data, ld.fset, ld.exports, u.PkgPath)
}

// firstError turns the error of the parser or of the type checker into one with a position.
func firstError(err error) *packages.Error {
	var list scanner.ErrorList
	var typeErr types.Error
	switch {
	case errors.As(err, &list) && len(list) > 0:
		return &packages.Error{Pos: list[0].Pos.String(), Msg: list[0].Msg, Kind: packages.ParseError}
	case errors.As(err, &typeErr):
		return &packages.Error{Pos: typeErr.Fset.Position(typeErr.Pos).String(), Msg: typeErr.Msg, Kind: packages.TypeError}
	}
	return &packages.Error{Msg: err.Error()}
}
