package origin_test

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

// std finds the standard library once for all tests.
var std = importer.Default()

// program is a package under test and its graph.
type program struct {
	pkg   *ssa.Package
	funcs []*ssa.Function // in the order of the source, the initializer among them
	graph *origin.Graph
}

// load builds a package p of one file. Its functions without a body are what the graph knows nothing of.
func load(t *testing.T, src string) *program {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: std}, fset, types.NewPackage("p", "p"), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{pkg: pkg}
	for fn := range ssautil.AllFunctions(pkg.Prog) {
		if fn.Pkg == pkg {
			p.funcs = append(p.funcs, fn)
		}
	}
	slices.SortFunc(p.funcs, func(a, b *ssa.Function) int {
		return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.Name(), b.Name()))
	})
	p.graph = origin.New(p.funcs, origin.Config{
		Alias:    alias,
		Whole:    func(t types.Type) bool { return types.TypeString(t, nil) == "p.whole" },
		Constant: pageSize,
		Callees:  p.callees,
	})
	return p
}

// alias knows one function of the outside: wrap returns its argument by another name.
func alias(call ssa.CallInstruction) ssa.Value {
	if fn := call.Common().StaticCallee(); fn != nil && fn.Name() == "wrap" {
		return call.Common().Args[0]
	}
	return nil
}

// pageSize stands for what facts of other packages say: os.Getpagesize always returns 4096.
func pageSize(call *ssa.Call) (constant.Value, bool) {
	if fn := call.Call.StaticCallee(); fn != nil && fn.String() == "os.Getpagesize" {
		return constant.MakeInt64(4096), true
	}
	return nil, false
}

// callees is the static callee, or all functions that are taken as values and have the signature.
func (p *program) callees(call ssa.CallInstruction) []*ssa.Function {
	common := call.Common()
	if fn := common.StaticCallee(); fn != nil || common.IsInvoke() {
		if fn == nil || len(fn.Blocks) == 0 || fn.Pkg != p.pkg {
			return nil
		}
		return []*ssa.Function{fn}
	}
	var out []*ssa.Function
	for _, fn := range p.funcs {
		if p.isValue(fn) && types.Identical(fn.Signature, common.Signature()) {
			out = append(out, fn)
		}
	}
	return out
}

// isValue reports whether a function is an operand somewhere without being called there.
func (p *program) isValue(fn *ssa.Function) bool {
	found := false
	p.each(func(in ssa.Instruction) {
		call, isCall := in.(ssa.CallInstruction)
		for _, op := range in.Operands(nil) {
			found = found || *op == ssa.Value(fn) && !(isCall && *op == call.Common().Value)
		}
	})
	return found
}

func (p *program) each(do func(ssa.Instruction)) {
	for _, fn := range p.funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				do(in)
			}
		}
	}
}

// call returns the first call of a function without a body, or of another package.
func (p *program) call(t *testing.T, name string) *ssa.Call {
	t.Helper()
	var found *ssa.Call
	p.each(func(in ssa.Instruction) {
		if c, ok := in.(*ssa.Call); ok && found == nil && c.Call.StaticCallee() != nil && c.Call.StaticCallee().Name() == name {
			found = c
		}
	})
	if found == nil {
		t.Fatalf("nothing calls %s", name)
	}
	return found
}

const objects = `
type T struct{ next *T }
type U struct{ t *T }
type whole struct{ a, b *T }
type pair[X any] struct{ x X }
func src() *T
func other() *T
func both() (*T, *T)
func wrap(*T) *U
func hide(*T) *U
func use(*T)
func useU(*U)
func cond() bool
`

// TestMeet asks whether the object that src returns may be the one that use is given.
func TestMeet(t *testing.T) {
	for _, test := range []struct {
		name, body string
		want       bool
	}{
		{"direct", "func f() { use(src()) }", true},
		{"another one", "func f() { src(); use(other()) }", false},
		{"variable", "func f() { x := src(); y := x; use(y) }", true},
		{"choice", "func f() { x := other(); if cond() { x = src() }; use(x) }", true},
		{"package variable", "var v *T\nfunc g() { v = src() }\nfunc f() { use(v) }", true},
		{"another package variable", "var v, w *T\nfunc g() { v = src() }\nfunc f() { use(w) }", false},
		{"initializer", "var v = src()\nfunc f() { use(v) }", true},
		{"parameter", "func g(x *T) { use(x) }\nfunc f() { g(src()) }", true},
		{"another parameter", "func g(x, y *T) { use(y) }\nfunc f() { g(src(), other()) }", false},
		{"variadic", "func g(xs ...*T) { use(xs[0]) }\nfunc f() { g(other(), src()) }", true},
		{"result", "func g() *T { return src() }\nfunc f() { use(g()) }", true},
		{"second result", "func g() (*T, *T) { return other(), src() }\nfunc f() { _, y := g(); use(y) }", true},
		{"not the second result", "func g() (*T, *T) { return src(), other() }\nfunc f() { _, y := g(); use(y) }", false},
		{"named result", "func g() (x *T, err error) { defer cond(); x = src(); return }\nfunc f() { x, _ := g(); use(x) }", true},
		{"method", "func (u *U) get() *T { return u.t }\nfunc f() { u := &U{t: src()}; use(u.get()) }", true},
		{"field, whichever value has it", "func g(u *U) { u.t = src() }\nfunc f(u *U) { use(u.t) }", true},
		{"field of a struct value", "func g() U { return U{t: src()} }\nfunc f() { use(g().t) }", true},
		{"field of another type", "type V struct{ t *T }\nfunc g(v *V) { v.t = src() }\nfunc f(u *U) { use(u.t) }", false},
		{"another field", "func g(x *T) { y := T{}; y.next = src(); use(x) }", false},
		{"embedded", "type V struct{ U }\nfunc g(v *V) { v.t = src() }\nfunc f(v V) { use(v.t) }", true},
		{"struct without a name", "func f() { var v struct{ a, b *T }; v.a = src(); g(&v) }\nfunc g(v *struct{ a, b *T }) { use(v.b) }", true},
		{"configuration of a library", "func f(w *whole) { w.a = src(); use(w.b) }", true},
		{"field of a generic type", "func g(p *pair[*T]) { p.x = src() }\nfunc f(p *pair[*T]) { use(p.x) }", true},
		{"slice", "func f() { xs := []*T{other(), src()}; use(xs[0]) }", true},
		{"append", "func f() { var xs []*T; xs = append(xs, src()); for _, x := range xs { use(x) } }", true},
		{"array", "func f(i int) { var xs [3]*T; xs[0] = src(); use(xs[i]) }", true},
		{"map", "var m = map[string]*T{}\nfunc g() { m[\"a\"] = src() }\nfunc f() { if x, ok := m[\"b\"]; ok { use(x) } }", true},
		{"range over a map", "var m = map[string]*T{}\nfunc g() { m[\"a\"] = src() }\nfunc f() { for _, x := range m { use(x) } }", true},
		{"channel", "func f(c chan *T) { go func() { c <- src() }(); use(<-c) }", true},
		{"channel with ok", "func f(c chan *T) { go func() { c <- src() }(); x, _ := <-c; use(x) }", true},
		{"interface", "func f() { var i any = src(); if x, ok := i.(*T); ok { use(x) } }", true},
		{"conversion", "type P *T\nfunc f() { p := P(src()); use((*T)(p)) }", true},
		{"pointer to it", "func f() { x := src(); g(&x) }\nfunc g(p **T) { use(*p) }", true},
		{"captured", "func f() { x := src(); func() { use(x) }() }", true},
		{"assigned in a literal", "func f() { var x *T; func() { x = src() }(); use(x) }", true},
		{"given to a literal", "func f() { func(x *T) { use(x) }(src()) }", true},
		{"function value", "func run(g func(*T)) { g(src()) }\nfunc f() { run(func(x *T) { use(x) }) }", true},
		{"go and defer", "func g(x *T) { use(x) }\nfunc f() { defer g(other()); go g(src()) }", true},
		{"recursion", "func g(x *T, n int) { if n > 0 { g(x, n-1) }; use(x) }\nfunc f() { g(src(), 3) }", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, objects+test.body)
			if got := p.graph.Meet(p.call(t, "src"), p.call(t, "use").Call.Args[0]); got != test.want {
				t.Errorf("meet: %v, want %v\n%s", got, test.want, test.body)
			}
		})
	}
}

// TestAlias tells what the outside returns by another name from what it makes.
func TestAlias(t *testing.T) {
	for _, test := range []struct {
		body string
		want bool
	}{
		{"func f() { useU(wrap(src())) }", true},
		{"func f() { useU(hide(src())) }", false},
		{"func f() { x := src(); u := wrap(x); use(x); useU(u) }", true},
	} {
		p := load(t, objects+test.body)
		src, used := p.call(t, "src"), p.call(t, "useU").Call.Args[0]
		if got := p.graph.Meet(src, used); got != test.want {
			t.Errorf("meet: %v, want %v\n%s", got, test.want, test.body)
		}
		// It is one object, so that what is found out about the wrapper holds for what it wraps.
		back := slices.Contains(p.graph.Forward(p.graph.Of(used)), p.graph.Of(src))
		if back != test.want {
			t.Errorf("back: %v, want %v\n%s", back, test.want, test.body)
		}
	}
}

// TestDirections walks a graph both ways.
func TestDirections(t *testing.T) {
	p := load(t, objects+"func mk() *T { return src() }\nfunc f() { x := other(); if cond() { x = mk() }; use(x) }")
	g := p.graph
	made, used := g.Of(p.call(t, "src")), g.Of(p.call(t, "use").Call.Args[0])
	alone := g.Of(p.call(t, "other"))
	if f := g.Forward(made); f[0] != made || !slices.Contains(f, used) || slices.Contains(f, alone) {
		t.Errorf("forward of %v: %v, used %v, other %v", made, f, used, alone)
	}
	if b := g.Backward(used); b[0] != used || !slices.Contains(b, made) || !slices.Contains(b, alone) {
		t.Errorf("backward of %v: %v, made %v, other %v", used, b, made, alone)
	}
	if b := g.Backward(made); len(b) != 1 {
		t.Errorf("backward of a source: %v", b)
	}
	if mk := p.pkg.Func("mk"); !slices.Contains(g.Forward(g.OfResult(mk, 0)), g.OfCall(p.call(t, "mk"), 0)) {
		t.Error("the result of a function does not come to its call")
	} else if calls := g.Callers(mk); len(calls) != 1 || calls[0] != ssa.CallInstruction(p.call(t, "mk")) {
		t.Errorf("callers of mk: %v", calls)
	}
	if calls := g.Callers(p.pkg.Func("f")); len(calls) != 0 {
		t.Errorf("callers of f: %v", calls)
	}
}

// TestIsSource finds the nodes where objects begin.
func TestIsSource(t *testing.T) {
	for _, test := range []struct {
		body string
		want bool // of what use is given
	}{
		{"func f() { use(src()) }", true},
		{"func f(x *T) { use(x) }", true},
		{"func f(x *T) { use(x) }\nfunc g() { f(src()) }", false},
		{"func f() { x := src(); if cond() { x = other() }; use(x) }", false},
		{"func f() { x := src(); wrap(x); use(x) }", true}, // the wrapper is the same object
		{"func f(x *T) { if cond() { f(x) }; use(x) }", true},
		{"func f(xs []*T, i, j int) { xs[i] = xs[j]; use(xs[0]) }", true}, // elements are their container
	} {
		p := load(t, objects+test.body)
		if got := p.graph.IsSource(p.graph.Of(p.call(t, "use").Call.Args[0])); got != test.want {
			t.Errorf("source: %v, want %v\n%s", got, test.want, test.body)
		}
	}
}

// TestTracked keeps numbers, strings, functions and errors out of the graph: they are no objects, and constants are shared.
func TestTracked(t *testing.T) {
	for _, test := range []struct {
		typ  string
		want bool
	}{
		{"*T", true}, {"T", true}, {"any", true}, {"[]int", true}, {"map[string]int", true},
		{"int", false}, {"*int", false}, {"string", false}, {"error", false}, {"func()", false},
	} {
		p := load(t, objects+"func give() "+test.typ+"\nfunc take("+test.typ+")\nvar v "+test.typ+
			"\nfunc g() { v = give() }\nfunc f() { take(v) }")
		if got := p.graph.Meet(p.call(t, "give"), p.call(t, "take").Call.Args[0]); got != test.want {
			t.Errorf("%s: followed: %v, want %v", test.typ, got, test.want)
		}
	}
}
