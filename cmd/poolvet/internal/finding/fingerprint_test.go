package finding

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// calls returns findings of one rule at all calls of a function q in a file, by the file's text.
func calls(t *testing.T, src string) []Finding {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	act := &checker.Action{
		Analyzer: &analysis.Analyzer{Name: "rule"},
		Package:  &packages.Package{PkgPath: "example.com/p", Fset: fset, Syntax: []*ast.File{file}},
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if name, ok := c.Fun.(*ast.Ident); ok && name.Name == "q" {
				act.Diagnostics = append(act.Diagnostics, analysis.Diagnostic{Pos: c.Pos(), End: c.End(), Message: "lost"})
			}
		}
		return true
	})
	return Collect([]*checker.Action{act})
}

// TestFunction names the declaration around a finding.
func TestFunction(t *testing.T) {
	for src, want := range map[string]string{
		"func f() { q() }": "example.com/p.f",
		"func f() { _ = func() { var x = q(); _ = x } }": "example.com/p.f",
		"func (t *T) m() { q() }":                        "example.com/p.(*T).m",
		"func (T) m() { q() }":                           "example.com/p.T.m",
		"func (t *T[K, V]) m() { q() }":                  "example.com/p.(*T).m",
		"var x, y = 1, q()":                              "example.com/p.x",
		"var x = func() int { var y = q(); return y }()": "example.com/p.x",
		"type T [unsafe.Sizeof(q())]int":                 "example.com/p",
	} {
		found := calls(t, src)
		if len(found) != 1 || found[0].Function != want {
			t.Errorf("%s: got %v, want %s", src, found, want)
		}
	}
}

// TestFingerprint stays the same for the same mistake, and is another one for another.
func TestFingerprint(t *testing.T) {
	const src = `func f(a int) { q(a, "select 1") }`
	first := calls(t, src)[0].Fingerprint
	for _, same := range []string{
		"\n\n// A comment.\n" + src,
		`func f(a int) { q(a, "select \"2\"") }`,
		"func f(a int) { q(a, `select 1`) }",
		`func f(a int) { for { q(a,  ` + "\n" + `"select 1") } }`,
		`func f(b, a int) { other(); q(a, "select 1") }`,
	} {
		if got := calls(t, same)[0].Fingerprint; got != first {
			t.Errorf("%s: another fingerprint", same)
		}
	}
	for _, other := range []string{
		`func g(a int) { q(a, "select 1") }`,
		`func f(a int) { q("select 1", a) }`,
	} {
		if got := calls(t, other)[0].Fingerprint; got == first {
			t.Errorf("%s: the same fingerprint", other)
		}
	}
	two := calls(t, `func f(a int) { q(a, "select 1"); q(a, "select 2") }`)
	if two[0].Fingerprint != first || two[1].Fingerprint != first+":2" {
		t.Errorf("two in one function: %s and %s, want %s and :2", two[0].Fingerprint, two[1].Fingerprint, first)
	}
}
