package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"
)

const source = `package p

func f() {
	rows, err := s.pool.Query(a)
	_ = db.Begin()
	s.tx, _ = begin[int](b)
	//poolvet:ignore lostrelease somebody else closes it
	one()
	two() //poolvet:ignore lostrelease
	three() //poolvet:ignore holdwait another rule
	four()
}
`

func parse(t *testing.T) (*token.FileSet, *ast.File, []*ast.CallExpr) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var calls []*ast.CallExpr
	ast.Inspect(file, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			calls = append(calls, c)
		}
		return true
	})
	return fset, file, calls
}

func TestNames(t *testing.T) {
	_, file, calls := parse(t)
	for i, want := range []struct{ callee, variable string }{
		{"pool.Query", "rows"}, {"db.Begin", ""}, {"begin", "s.tx"}, {"one", ""},
	} {
		call, around := CallAt(file, calls[i].Lparen)
		if call != calls[i] {
			t.Fatalf("call %d is not found by its position", i)
		}
		if got := Callee(call); got != want.callee {
			t.Errorf("callee %d: got %q, want %q", i, got, want.callee)
		}
		if got := Name(Assigned(call, around, 0)); got != want.variable {
			t.Errorf("variable of %s: got %q, want %q", want.callee, got, want.variable)
		}
	}
}

func TestIgnored(t *testing.T) {
	fset, file, calls := parse(t)
	for i, want := range map[int]bool{
		3: true,  // a reason on the line before
		4: false, // no reason
		5: false, // another rule
		6: false, // nothing
	} {
		if got := ignored(fset, file, calls[i].Pos(), "lostrelease"); got != want {
			t.Errorf("%s: ignored %v, want %v", Callee(calls[i]), got, want)
		}
	}
}

func TestWhere(t *testing.T) {
	fset, _, calls := parse(t)
	if got := Where(fset, calls[0].Pos(), calls[3].Pos()); got != "L8" {
		t.Errorf("in the same file: %q", got)
	}
	other := fset.AddFile("dir/q.go", -1, 10)
	other.SetLines([]int{0, 5})
	if got := Where(fset, calls[0].Pos(), other.Pos(6)); got != "q.go:2" {
		t.Errorf("in another file: %q", got)
	}
}
