// Package load brings a program into memory, at the price of the part of it that matters to poolvet.
//
// A package matters if its imports reach a library of the catalog: it is loaded with syntax, whether it was requested or is
// only imported, because what it exports says something of its importers. All others contribute only types, read from the
// compiler's export data. The go command is asked once.
package load

import (
	"errors"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"
)

// Request is what to load.
type Request struct {
	Patterns   []string               // as of the go command
	Tests      bool                   // test files too
	BuildFlags []string               // for the go command
	Libraries  []string               // import paths that matter to those that reach them
	Wrappers   []string               // likewise, and that can matter themselves
	Slow       func(path string) bool // whether a package has functions that wait for something outside the program; nil: none has
	Root       string                 // folder of the settings, whose modules they are for; "": the working directory
}

// Program is the metadata of a program and, after [Program.Load], its syntax and types.
type Program struct {
	// Packages are the requested packages that matter and are sound. Their Imports, and the Imports of those, lead to the
	// packages that matter and to no other. Set by Load.
	Packages []*packages.Package
	// Problems says why other requested packages are not among them. Set by Load.
	Problems []Problem

	request   Request
	requested []*unit
	units     map[*packages.Package]*unit

	// What lookups need, made when the first one does.
	variants      func() map[string][]*unit
	analyzedTypes func() map[string]*types.Package
	around        func() *surroundings

	libraries map[string]bool
	wrappers  map[string]bool
	isSlow    func(path string) bool
}

// A Problem is a requested package that cannot be analyzed, or not as it is.
type Problem struct {
	Package string // import path; "" if a pattern has the problem
	Pos     string // file:line:column, or ""
	Text    string
}

// ErrNoPackages is the error of [Query] for patterns that match nothing.
var ErrNoPackages = errors.New("no packages matched")

const metadata = packages.NeedName | packages.NeedCompiledGoFiles | packages.NeedFiles | packages.NeedImports | packages.NeedDeps |
	packages.NeedModule | packages.NeedTypesSizes | packages.NeedForTest

// Query asks the go command for the packages. The error is ErrNoPackages or what the go command says if it could not answer.
func Query(r Request) (*Program, error) {
	cfg := &packages.Config{Mode: metadata, Tests: r.Tests, BuildFlags: r.BuildFlags}
	if !coldCache(r) {
		cfg.Mode |= packages.NeedExportFile
	}
	roots, err := packages.Load(cfg, r.Patterns...)
	if err != nil {
		return nil, err
	}
	if len(roots) == 0 {
		return nil, ErrNoPackages
	}
	p := &Program{request: r, units: make(map[*packages.Package]*unit), libraries: set(r.Libraries), wrappers: set(r.Wrappers), isSlow: r.Slow}
	p.variants, p.analyzedTypes, p.around = sync.OnceValue(p.byPath), sync.OnceValue(p.seenTypes), sync.OnceValue(p.surroundings)
	if p.isSlow == nil {
		p.isSlow = func(string) bool { return false }
	}
	p.ask(roots)
	p.plan()
	return p, nil
}

func set(paths []string) map[string]bool {
	s := make(map[string]bool, len(paths))
	for _, path := range paths {
		s[path] = true
	}
	return s
}

// ask fills requested as go vet does: a package with test files of its own stands for the one without, and the main
// package of a test is nobody's code.
func (p *Program) ask(roots []*packages.Package) {
	withTests := make(map[string]bool)
	for _, root := range roots {
		if root.ForTest == root.PkgPath {
			withTests[root.PkgPath] = true
		}
	}
	for _, root := range roots {
		testMain := root.Name == "main" && strings.HasSuffix(root.ID, ".test")
		if testMain || root.ForTest == "" && withTests[root.PkgPath] {
			continue
		}
		u := p.unit(root)
		u.requested = true
		p.requested = append(p.requested, u)
	}
	slices.SortFunc(p.requested, func(a, b *unit) int { return strings.Compare(a.ID, b.ID) })
}

// Dirs returns the directories of the requested packages, sorted, each with the folder of its module, or "".
func (p *Program) Dirs() [][2]string {
	var dirs [][2]string
	for _, u := range p.requested {
		module := ""
		if u.Module != nil {
			module = u.Module.Dir
		}
		if len(u.GoFiles) > 0 {
			dirs = append(dirs, [2]string{filepath.Dir(u.GoFiles[0]), module})
		}
	}
	slices.SortFunc(dirs, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	return slices.Compact(dirs)
}

// Requested returns the import paths of the requested packages, sorted.
func (p *Program) Requested() []string {
	var paths []string
	for _, u := range p.requested {
		paths = append(paths, u.PkgPath)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Analyzed returns how many packages matter, imports included.
func (p *Program) Analyzed() int {
	n := 0
	for _, u := range p.units {
		if u.level == analyzed {
			n++
		}
	}
	return n
}

// Load reads syntax and types of the packages that matter.
func (p *Program) Load() {
	todo := p.sources()
	checkAll(todo)
	for _, u := range p.requested {
		if problem, ok := u.problem(); ok {
			p.Problems = append(p.Problems, problem)
		}
		if u.level == analyzed && u.broken == nil {
			p.Packages = append(p.Packages, u.Package)
		}
	}
	for _, u := range todo {
		u.prune()
	}
}

// problem returns what to say of a requested package, if anything.
func (u *unit) problem() (Problem, bool) {
	switch {
	case u.cause != nil:
		what := "does not type-check"
		if u.cause.broken.Kind == packages.ListError {
			what = "could not be loaded"
		}
		text := fmt.Sprintf("skipped: it imports %s, which %s (%s)", u.cause.PkgPath, what, oneLine(u.cause.broken.Msg))
		return Problem{Package: u.PkgPath, Text: text}, true
	case u.broken != nil:
		return problemOf(u, *u.broken), true
	case len(u.Errors) > 0:
		return problemOf(u, u.Errors[0]), true
	}
	return Problem{}, false
}

func problemOf(u *unit, err packages.Error) Problem {
	if err.Pos == "-" {
		err.Pos = ""
	}
	path := u.PkgPath
	if u.Name == "" {
		path = "" // the pattern matched nothing
	}
	return Problem{Package: path, Pos: err.Pos, Text: oneLine(err.Msg)}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// prune leaves the packages with facts as the only imports, for the analysis to follow.
func (u *unit) prune() {
	if u.level != analyzed {
		return
	}
	imports := make(map[string]*packages.Package)
	for path, dep := range u.imports {
		if dep.level == analyzed {
			imports[path] = dep.Package
		}
	}
	u.Imports, u.Errors = imports, nil
}
