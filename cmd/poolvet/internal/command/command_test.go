package command

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// TestFailures says once why an analyzer failed, and counts the run as incomplete.
func TestFailures(t *testing.T) {
	pkg := &packages.Package{ID: "example.com/p"}
	failed := &checker.Action{Analyzer: &analysis.Analyzer{Name: "a"}, Package: pkg, Err: errors.New("internal error in a: no")}
	dependent := &checker.Action{Analyzer: &analysis.Analyzer{Name: "b"}, Package: pkg, Deps: []*checker.Action{failed},
		Err: errors.New("failed prerequisites: a@example.com/p")}
	var stderr strings.Builder
	r := &run{stderr: &stderr}
	for range 2 { // -fix analyzes again
		if n := r.complain(nil, &checker.Graph{Roots: []*checker.Action{dependent, failed}}); n != 1 {
			t.Errorf("%d failures", n)
		}
	}
	if want := "poolvet: example.com/p: internal error in a: no\n"; stderr.String() != want {
		t.Errorf("got %s, want %s", stderr.String(), want)
	}
	var f *failure
	if err := (&linter{run: r}).status(&report{failed: 1}); !errors.As(err, &f) || f.status != exitLoad {
		t.Errorf("status %v", err)
	}
}
