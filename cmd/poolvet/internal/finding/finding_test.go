package finding

import (
	"fmt"
	"go/token"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// action makes an action of rule on a package of one file, /dir/name, with diagnostics at the offsets.
func action(rule *analysis.Analyzer, id, name string, offsets ...int) *checker.Action {
	fset := token.NewFileSet()
	file := fset.AddFile("/dir/"+name, -1, 100)
	file.SetLines([]int{0, 10, 20})
	act := &checker.Action{Analyzer: rule, Package: &packages.Package{ID: id, Fset: fset}}
	for _, offset := range offsets {
		act.Diagnostics = append(act.Diagnostics, analysis.Diagnostic{Pos: file.Pos(offset), End: file.Pos(offset + 1), Message: "lost"})
	}
	return act
}

// TestCollect sorts by position, and takes what variants of a package share once.
func TestCollect(t *testing.T) {
	one, two := &analysis.Analyzer{Name: "one"}, &analysis.Analyzer{Name: "two"}
	findings := Collect([]*checker.Action{
		action(two, "p", "p.go", 12, 2),
		action(one, "p", "p.go", 12),
		action(one, "p [p.test]", "p.go", 12, 13),
		action(one, "o", "o.go", 50),
	})
	var got []string
	for _, f := range findings {
		got = append(got, fmt.Sprintf("%s: %s (%s)", f.Pos, f.Diagnostic.Message, f.Rule.Name))
	}
	want := []string{
		"/dir/o.go:3:31: lost (one)",
		"/dir/p.go:1:3: lost (two)",
		"/dir/p.go:2:3: lost (one)",
		"/dir/p.go:2:3: lost (two)",
		"/dir/p.go:2:4: lost (one)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
