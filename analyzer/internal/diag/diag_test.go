package diag

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

const source = `package p

func f() {
	rows, err := s.pool.Query(a)
	_ = db.Begin()
	s.tx, _ = begin[int](b)
	one()
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

func TestWhere(t *testing.T) {
	fset, _, calls := parse(t)
	if got := Where(fset, calls[0].Pos(), calls[3].Pos()); got != "L7" {
		t.Errorf("in the same file: %q", got)
	}
	other := fset.AddFile("dir/q.go", -1, 10)
	other.SetLines([]int{0, 5})
	if got := Where(fset, calls[0].Pos(), other.Pos(6)); got != "q.go:2" {
		t.Errorf("in another file: %q", got)
	}
}

// TestCallIn finds a call by its opening parenthesis in whichever file has it.
func TestCallIn(t *testing.T) {
	fset, file, calls := parse(t)
	other, err := parser.ParseFile(fset, "q.go", "package p\n\nfunc g() { five(six()) }\n", parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	files := []*ast.File{other, file}
	for _, want := range calls {
		if call, around := CallIn(files, want.Lparen); call != want || len(around) == 0 {
			t.Errorf("%s is not found", Callee(want))
		}
		if call, _ := CallIn(files, want.Rparen+1); call != nil {
			t.Errorf("%s is found where %s ends", Callee(call), Callee(want))
		}
		if call, _ := CallIn(files, want.Lparen+1); call != nil {
			t.Errorf("%s is found among its arguments", Callee(call))
		}
		if call, _ := CallIn(files[:1], want.Lparen); call != nil {
			t.Errorf("%s is found in another file", Callee(call))
		}
	}
	if call, around := CallIn(files, token.NoPos); call != nil || around != nil {
		t.Error("a call has no position")
	}
	node, _ := SyntaxAt(other, other.Decls[0].(*ast.FuncDecl).Body.List[0].Pos())
	five := node.(*ast.Ident)
	if call, _ := CallIn(files, five.End()); call == nil || Callee(call) != "five" {
		t.Error("the outer of two calls is not found")
	}
}

// TestSyntaxAt finds the smallest node around what ssa gives as the position of an instruction: the arrow of a send or a receive,
// the keyword of a select or a range.
func TestSyntaxAt(t *testing.T) {
	const src = `package p

func f(in, out chan int, m map[string]chan int) {
	out <- 1
	n := <-in
	select {
	case <-in:
	}
	for range in {
	}
	use(<-m["x"], n)
}
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{
		"<- 1":     "out <- 1",
		"<-in\n":   "<-in",
		"select":   "select {\n\tcase <-in:\n\t}",
		"for":      "for range in {\n\t}",
		"<-m":      `<-m["x"]`,
		"in {":     "in",
		"use":      "use",
		`"x"`:      `"x"`,
		"(<-m":     `use(<-m["x"], n)`,
		"n := <-i": "n",
	} {
		i := strings.Index(src, at)
		n, _ := SyntaxAt(file, file.FileStart+token.Pos(i))
		if got := src[n.Pos()-file.FileStart : n.End()-file.FileStart]; got != want {
			t.Errorf("at %q: got %q, want %q", at, got, want)
		}
	}
}
