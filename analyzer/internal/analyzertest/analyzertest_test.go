package analyzertest_test

import (
	"fmt"
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"
	"golang.org/x/tools/txtar"

	"github.com/poolvet/poolvet/analyzer/internal/analyzertest"
)

// shout reports calls of functions whose name is "shout", directly or through a function that calls one, and offers to whisper
// instead. It has facts, so that the tests see them cross packages.
var shout = &analysis.Analyzer{
	Name:      "shout",
	Doc:       "reports shouting",
	FactTypes: []analysis.Fact{new(shouts)},
	Run:       runShout,
}

type shouts struct{}

func (*shouts) AFact()         {}
func (*shouts) String() string { return "shouts" }

func runShout(pass *analysis.Pass) (any, error) {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(fn, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				callee := typeutil.StaticCallee(pass.TypesInfo, call)
				if callee == nil || callee.Name() != "shout" && !pass.ImportObjectFact(callee, new(shouts)) {
					return true
				}
				pass.ExportObjectFact(pass.TypesInfo.Defs[fn.Name], new(shouts))
				d := analysis.Diagnostic{Pos: call.Pos(), Message: callee.Name() + " is loud (L7)"}
				if ident, ok := call.Fun.(*ast.Ident); ok && ident.Name == "shout" {
					d.SuggestedFixes = []analysis.SuggestedFix{{Message: "whisper", TextEdits: []analysis.TextEdit{{
						Pos: ident.Pos(), End: ident.End(), NewText: []byte("whisper"),
					}}}}
				}
				pass.Report(d)
				return true
			})
		}
	}
	return nil, nil
}

var analyzers = []*analysis.Analyzer{shout}

// module writes a txtar archive as a module and returns its directory.
func module(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	a := txtar.Parse([]byte("-- go.mod --\nmodule example.com/m\n\ngo 1.26\n" + archive))
	for _, f := range a.Files {
		filename := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(filename), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filename, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// record runs f with a testing.TB that keeps what is reported, and returns that.
func record(t *testing.T, f func(testing.TB)) []string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		f(r)
	}()
	<-done
	slices.Sort(r.reports)
	return r.reports
}

type recorder struct {
	testing.TB
	reports []string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Error(args ...any)                 { r.reports = append(r.reports, fmt.Sprint(args...)) }
func (r *recorder) Errorf(format string, args ...any) { r.Error(fmt.Sprintf(format, args...)) }
func (r *recorder) Fatal(args ...any)                 { r.Error(args...); panic(r) }
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...); panic(r) }

// expect compares the reports with lines, each the beginning of one report.
func expect(t *testing.T, reports []string, lines ...string) {
	t.Helper()
	if len(reports) != len(lines) {
		t.Errorf("got %d reports, want %d:\n%s", len(reports), len(lines), strings.Join(reports, "\n"))
		return
	}
	for i, report := range reports {
		if !strings.Contains(report, lines[i]) {
			t.Errorf("got report %q, want %q", report, lines[i])
		}
	}
}

const lib = `
-- lib/lib.go --
package lib

func shout()   {}
func whisper() {}

func Loud()  { shout() } // want "shout is loud"
func Quiet() { whisper() }
-- app/app.go --
package app

import (
	"strings"

	"example.com/m/lib"
)

func Use() string {
	lib.Quiet()
	lib.Loud() // want "Loud is loud"
	return strings.ToUpper("a")
}
`

func TestRunFactsCrossPackages(t *testing.T) {
	diagnostics := analyzertest.Run(t, module(t, lib), analyzers, "./...")
	if len(diagnostics) != 2 {
		t.Errorf("got %v, want 2 diagnostics", diagnostics)
	}
}

// Only app is requested: lib is loaded from source for its facts, and what it says does not count.
func TestRunLoadsDependenciesOfTheModule(t *testing.T) {
	diagnostics := analyzertest.Run(t, module(t, lib), analyzers, "./app")
	if len(diagnostics) != 1 || diagnostics[0].Posn.Filename != "app/app.go" {
		t.Errorf("got %v, want the one of app", diagnostics)
	}
}

func TestRunReportsDifferences(t *testing.T) {
	dir := module(t, `
-- a.go --
package a

func shout() {}

func g() {
	shout()
	shout()          // want "is quiet"
	shout(); shout() // want "loud" "shout is loud"
	shout()          // any text // want "loud"
	/* want "loud" */ shout()
	// want +1 "loud"
	shout()
	_ = 0   // want "loud"
	_ = 0   // want loud
	_ = 0   // wanted
	shout() // want `+"`L[0-9]`"+`
	shout(); shout() // want "loud"
}
`)
	reports := record(t, func(tb testing.TB) { analyzertest.Run(tb, dir, analyzers, "./...") })
	expect(t, reports,
		`a.go:13: no diagnostic matches "loud"`,
		`a.go:14: in a want comment: got loud, want a regular expression in quotes`,
		`a.go:17: diagnostic "shout is loud (L7)" does not match "loud"`,
		`a.go:6: unexpected diagnostic: shout is loud (L7)`,
		`a.go:7: diagnostic "shout is loud (L7)" does not match "is quiet"`,
		`a.go:7: no diagnostic matches "is quiet"`,
	)
}

func TestRunRefusesAProgramThatDoesNotCompile(t *testing.T) {
	dir := module(t, "-- a.go --\npackage a\n\nfunc f() { g() }\n")
	reports := record(t, func(tb testing.TB) { analyzertest.Run(tb, dir, analyzers, "./...") })
	expect(t, reports, "undefined: g")
}

func TestRunFixes(t *testing.T) {
	analyzertest.RunFixes(t, module(t, lib+`
-- lib/lib.go.golden --
package lib

func shout()   {}
func whisper() {}

func Loud()  { whisper() } // want "shout is loud"
func Quiet() { whisper() }
-- quiet/quiet.go --
package quiet

func Q() {}
`), analyzers, "./lib", "./quiet")
}

func TestRunFixesReportsDifferences(t *testing.T) {
	dir := module(t, `
-- a/a.go --
package a

func shout()   {}
func whisper() {}
func f()       { shout() } // want "shout is loud"
-- a/a.go.golden --
package a

func shout()   {}
func whisper() {}
func f()       {}
-- b/b.go --
package b

func shout()   {}
func whisper() { shout() } // want "shout is loud"
-- c/c.go --
package c
-- c/c.go.golden --
package c
`)
	reports := record(t, func(tb testing.TB) { analyzertest.RunFixes(tb, dir, analyzers, "./...") })
	expect(t, reports,
		`a/a.go.golden:5: the fixed file has "func f()       { whisper() } // want \"shout is loud\"", want "func f()       {}"`,
		`b/b.go: has fixes and no golden file`,
		`c/c.go: has a golden file and no fix`,
	)
}

// A fix that does not compile, and one after which the analyzer has something new to say.
func TestRunFixesRunsAgain(t *testing.T) {
	broken := module(t, `
-- a.go --
package a

func shout() {}
func f()     { shout() } // want "shout is loud"
-- a.go.golden --
package a

func shout() {}
func f()     { whisper() } // want "shout is loud"
`)
	reports := record(t, func(tb testing.TB) { analyzertest.RunFixes(tb, broken, analyzers, ".") })
	expect(t, reports, "with the fixes applied: example.com/m: ")

	chatty := *shout
	chatty.Run = func(pass *analysis.Pass) (any, error) {
		for _, obj := range pass.TypesInfo.Uses {
			if obj.Name() == "whisper" {
				pass.Reportf(pass.Files[0].Pos(), "whispers")
			}
		}
		return runShout(pass)
	}
	dir := module(t, `
-- a.go --
package a

func shout()   {}
func whisper() {}
func f()       { shout() } // want "shout is loud"
-- a.go.golden --
package a

func shout()   {}
func whisper() {}
func f()       { whisper() } // want "shout is loud"
`)
	reports = record(t, func(tb testing.TB) { analyzertest.RunFixes(tb, dir, []*analysis.Analyzer{&chatty}, ".") })
	expect(t, reports, "with the fixes applied: a.go:1: whispers [shout]")
}

func TestCheckLabels(t *testing.T) {
	dir := module(t, `
-- a.go --
package a

func okA()    {}
func okB()    {} // want "x"
func badA()   {} // want "x"
func badB()   {}
func helper() {} // want "x"

type T struct{}

func (T) BadC() {
	_ = 0 // want "x"
}

// want "x"
`)
	var ok, bad int
	reports := record(t, func(tb testing.TB) { ok, bad = analyzertest.CheckLabels(tb, dir) })
	if ok != 2 || bad != 3 {
		t.Errorf("got %d ok and %d bad, want 2 and 3", ok, bad)
	}
	for i, report := range reports {
		reports[i] = strings.TrimPrefix(report, dir+string(os.PathSeparator))
	}
	expect(t, reports,
		"a.go: an expectation stands outside every function",
		"a.go:4: okB expects a diagnostic",
		"a.go:6: badB expects no diagnostic",
		"a.go:7: helper expects a diagnostic and is not named bad",
	)
}
