package truth_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer/holdwait"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/truth/execute"
	"github.com/poolvet/poolvet/analyzer/lostrelease"
)

// finding is a diagnostic in the file of a function.
type finding struct {
	rule    string
	line    int
	message string
	slot    bool // it says that a connection is missing in a pool
}

// verdicts returns what the rules say of a batch, by the name of the function. A function has its own file.
func verdicts(t testing.TB, b *execute.Batch) map[string][]finding {
	t.Helper()
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: b.Dir, Env: execute.Env()}
	all, err := packages.Load(cfg, "./batch/...")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range all {
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		pkg.Imports = nil // they have no source, and no facts to give
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{lostrelease.Analyzer, holdwait.Analyzer}, all, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string][]finding)
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatalf("%s: %v", act, act.Err)
		}
		for _, d := range act.Diagnostics {
			if diag.Tier(d.Category) == diag.Advice {
				continue // not reported by default
			}
			posn := act.Package.Fset.Position(d.Pos)
			name := strings.ToUpper(strings.TrimSuffix(filepath.Base(posn.Filename), ".go"))
			found[name] = append(found[name], finding{act.Analyzer.Name, posn.Line, d.Message, aboutPool(act.Analyzer, d.Message)})
		}
	}
	return found
}

// aboutPool reports whether a message says that a connection is missing in a pool. Others are about a connection that stays busy,
// about statements, and about deferred calls in a loop, which release in the end: no pool counts those.
func aboutPool(rule *analysis.Analyzer, message string) bool {
	if rule == lostrelease.Analyzer {
		return strings.Contains(message, "the connection never goes back to the pool")
	}
	return !strings.Contains(message, "busy")
}
