package summary

import (
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// TestFacts compares the summaries of a package of helpers with what its comments promise.
func TestFacts(t *testing.T) {
	facts := factsOf(t, "./lostrelease/summaries")
	want := map[string]string{
		"Open":         "owns rows: held at r0 when r0 not nil and r1 nil; p1 pool: held; takes DB.QueryContext",
		"OpenWrapped":  "owns rows: held at r0.0 when r0 not nil and r1 nil; p1 pool: held; takes Pool.Query",
		"OpenCleanup":  "owns conn: held at r0 released by r1 when r0 not nil and r1 not nil and r2 nil; p1 pool: held; takes Pool.Acquire",
		"Fill":         "owns rows: held at p2> when r0 nil; p1 pool: held; p2 rows: held; takes DB.QueryContext",
		"Close":        "p0 rows: released",
		"CloseOnError": "p0 rows: held when p1 nil, released when p1 not nil",
		"Read":         "p0 rows: held",
		"Rollback":     "p0 tx: held when *p1 nil, released when *p1 not nil",
		"Die":          "never returns",
	}
	for name, w := range want {
		if got := facts[name]; got != w {
			t.Errorf("%s: got %q, want %q", name, got, w)
		}
	}
}

func factsOf(t *testing.T, pattern string) map[string]string {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: "../../../testdata"}, pattern)
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal("cannot load: ", err)
	}
	a := New(Config{})
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]string{}
	for _, act := range graph.Roots {
		scope := act.Package.Types.Scope()
		for _, name := range scope.Names() {
			f := new(fact.Func)
			if fn, ok := scope.Lookup(name).(*types.Func); ok && act.ObjectFact(fn, f) {
				facts[name] = f.String()
			}
		}
	}
	return facts
}
