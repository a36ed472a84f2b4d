package output

import (
	"go/token"
	"strings"
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

// TestFindings sorts by position, and takes what variants of a package share once.
func TestFindings(t *testing.T) {
	one, two := &analysis.Analyzer{Name: "one"}, &analysis.Analyzer{Name: "two"}
	findings := Findings([]*checker.Action{
		action(two, "p", "p.go", 12, 2),
		action(one, "p", "p.go", 12),
		action(one, "p [p.test]", "p.go", 12, 13),
		action(one, "o", "o.go", 50),
	})
	var text strings.Builder
	if err := Text(&text, "/dir", findings); err != nil {
		t.Fatal(err)
	}
	want := `o.go:3:31: lost (one)
p.go:1:3: lost (two)
p.go:2:3: lost (one)
p.go:2:3: lost (two)
p.go:2:4: lost (one)
`
	if text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", text.String(), want)
	}
	var json strings.Builder
	if err := JSON(&json, findings); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(json.String(), `"posn"`); n != 5 || !strings.Contains(json.String(), `"/dir/p.go:2:3"`) {
		t.Errorf("got %s", json.String())
	}
}

// TestRelative shortens what lies below the directory only.
func TestRelative(t *testing.T) {
	for pos, want := range map[string]string{"/dir/a/b.go:1:2": "a/b.go:1:2", "/dirt/b.go:1:2": "/dirt/b.go:1:2", "": ""} {
		if got := Relative("/dir", pos); got != want {
			t.Errorf("%s: got %s, want %s", pos, got, want)
		}
	}
}
