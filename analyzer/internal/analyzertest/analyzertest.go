// Package analyzertest runs analyzers over the programs in testdata and compares what they say with what the programs expect.
//
// It differs from x/tools' analysistest in one way: the module under analysis has a go.mod of its own with the real database
// libraries, and only its own packages are loaded from source; everything else comes from export data, as in the command. One
// load serves every Run of a test binary, so a run over the whole module costs a second or two instead of one load per rule.
//
// An expectation is a comment on the line of the diagnostic, in the syntax of analysistest:
//
//	rows, err := pool.Query(ctx, q) // want "rows is not closed"
//
// Several expectations may stand on one line, each matches one diagnostic; back quotes do as well as double ones; `want +2 "…"`
// expects the diagnostic two lines below. Facts are not compared: what they lead to in another package is.
package analyzertest

import (
	"fmt"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Run analyzes the packages of the module in dir that match the patterns and reports, as test errors with file and line, every
// diagnostic nobody expected and every expectation no diagnostic met. It returns the diagnostics for further checks.
func Run(t testing.TB, dir string, analyzers []*analysis.Analyzer, patterns ...string) []Diagnostic {
	t.Helper()
	program := load(t, dir, patterns)
	diagnostics := analyze(t, program, analyzers)

	expected, problems := program.expectations()
	for _, p := range append(problems, expected.compare(diagnostics)...) {
		t.Error(p)
	}
	return diagnostics
}

// A Diagnostic is an analysis.Diagnostic with its origin.
type Diagnostic struct {
	analysis.Diagnostic
	Posn     token.Position // file name relative to the module directory
	Analyzer *analysis.Analyzer
	program  *program
}

func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s [%s]", place(d.Posn), d.Message, d.Analyzer.Name)
}

// place formats a position without its column: an expectation speaks of a line.
func place(p token.Position) string { return fmt.Sprintf("%s:%d", p.Filename, p.Line) }

// A program is one load: the requested packages, and those packages of the module they import.
type program struct {
	dir   string
	fset  *token.FileSet
	roots []*packages.Package // requested: their diagnostics count
	all   []*packages.Package // roots and in-module dependencies, for the facts
}

// relative makes a file name relative to the module directory, with forward slashes.
func (p *program) relative(filename string) string {
	if rel, err := filepath.Rel(p.dir, filename); err == nil {
		filename = rel
	}
	return filepath.ToSlash(filename)
}

// loads holds one load per directory and set of patterns for the life of the test binary.
var loads sync.Map // string → func() (*program, error)

func load(t testing.TB, dir string, patterns []string) *program {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	key := strings.Join(append([]string{dir}, patterns...), "\x00")
	once, _ := loads.LoadOrStore(key, sync.OnceValues(func() (*program, error) {
		return loadFromSource(dir, patterns)
	}))
	program, err := once.(func() (*program, error))()
	if err != nil {
		t.Fatal(err)
	}
	return program
}

// loadFromSource loads the requested packages from source, then again with the packages of the same module they import, until
// no import of the module is missing: facts come from source only.
func loadFromSource(dir string, patterns []string) (*program, error) {
	var requested map[string]bool
	for {
		cfg := &packages.Config{
			Mode: packages.LoadSyntax | packages.NeedModule,
			Dir:  dir,
			Env:  append(os.Environ(), "GOWORK=off"), // a workspace around the checkout is not ours
			Fset: token.NewFileSet(),
		}
		pkgs, err := packages.Load(cfg, patterns...)
		if err != nil {
			return nil, err
		}
		if err := firstError(pkgs); err != nil {
			return nil, err
		}
		if requested == nil {
			requested = make(map[string]bool)
			for _, pkg := range pkgs {
				requested[pkg.PkgPath] = true
			}
		}
		missing := inModuleImports(pkgs)
		if len(missing) == 0 {
			prune(pkgs)
			roots := slices.DeleteFunc(slices.Clone(pkgs), func(pkg *packages.Package) bool { return !requested[pkg.PkgPath] })
			return &program{dir: dir, fset: cfg.Fset, roots: roots, all: pkgs}, nil
		}
		patterns = append(slices.Clone(patterns), missing...)
	}
}

// firstError reports why a program under analysis cannot be analyzed: each must compile.
func firstError(pkgs []*packages.Package) error {
	if len(pkgs) == 0 {
		return fmt.Errorf("no packages match")
	}
	for _, pkg := range pkgs {
		for _, err := range pkg.Errors {
			return fmt.Errorf("%s: %w", pkg.PkgPath, err)
		}
	}
	return nil
}

// inModuleImports lists the packages that pkgs import from their own module and that are not among them.
func inModuleImports(pkgs []*packages.Package) []string {
	loaded := make(map[string]bool)
	for _, pkg := range pkgs {
		loaded[pkg.PkgPath] = true
	}
	var missing []string
	for _, pkg := range pkgs {
		if pkg.Module == nil {
			continue // outside every module: the standard library
		}
		for path := range pkg.Imports {
			if strings.HasPrefix(path, pkg.Module.Path+"/") && !loaded[path] {
				loaded[path] = true
				missing = append(missing, path)
			}
		}
	}
	slices.Sort(missing)
	return missing
}

// prune cuts the imports that have no source, so that no analyzer runs on them: they have no facts to give.
func prune(pkgs []*packages.Package) {
	source := make(map[string]*packages.Package)
	for _, pkg := range pkgs {
		source[pkg.PkgPath] = pkg
	}
	for _, pkg := range pkgs {
		for path := range pkg.Imports {
			if source[path] == nil {
				delete(pkg.Imports, path)
			}
		}
	}
}

// analyze runs the analyzers over the program and returns the diagnostics of the requested packages in order of position.
func analyze(t testing.TB, p *program, analyzers []*analysis.Analyzer) []Diagnostic {
	t.Helper()
	graph, err := checker.Analyze(analyzers, p.all, &checker.Options{SanityCheck: true})
	if err != nil {
		t.Fatal(err)
	}
	var diagnostics []Diagnostic
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Errorf("%s: %v", act, act.Err)
		}
		if !slices.Contains(p.roots, act.Package) {
			continue // loaded for its facts
		}
		for _, d := range act.Diagnostics {
			posn := p.fset.Position(d.Pos)
			posn.Filename = p.relative(posn.Filename)
			diagnostics = append(diagnostics, Diagnostic{Diagnostic: d, Posn: posn, Analyzer: act.Analyzer, program: p})
		}
	}
	slices.SortStableFunc(diagnostics, func(a, b Diagnostic) int {
		if c := strings.Compare(a.Posn.Filename, b.Posn.Filename); c != 0 {
			return c
		}
		if c := a.Posn.Offset - b.Posn.Offset; c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	return diagnostics
}
