package origin_test

import (
	"go/constant"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

const numbers = `
import ("encoding/json"; "flag"; "os"; "runtime"; "strconv")
var _ = json.Unmarshal
var _ = flag.Int
var _ = os.Getenv
var _ = runtime.NumCPU
var _ = strconv.Atoi
func set(int)
func env() int
func cond() bool
type conf struct{ Max, Idle int }
`

// words is the leaves in a readable form, sorted: what came by way of a field has a tilde, what is not known is "?".
func words(leaves []origin.Leaf) string {
	var out []string
	for _, l := range leaves {
		word := "?"
		switch l.Kind {
		case origin.Constant:
			word = l.Value.ExactString()
		case origin.Result:
			word = calleeName(l.Call) + "()"
		case origin.Parameter:
			word = l.Param.Name() + " of " + l.Param.Parent().Name()
		case origin.Field:
			word = "." + l.Field.Name()
		}
		if l.Stored {
			word += "~"
		}
		out = append(out, word)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func calleeName(c *ssa.Call) string {
	if c.Call.IsInvoke() {
		return c.Call.Method.Name()
	}
	return c.Call.StaticCallee().Name()
}

// leafTest asks what the argument of the first call of set may be.
type leafTest struct{ name, body, want string }

func testLeaves(t *testing.T, tests []leafTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, numbers+test.body)
			if got := words(p.graph.Leaves(p.call(t, "set").Call.Args[0])); got != test.want {
				t.Errorf("got %q, want %q\n%s", got, test.want, test.body)
			}
		})
	}
}

// TestLeavesOfLocals follows numbers within one function.
func TestLeavesOfLocals(t *testing.T) {
	testLeaves(t, []leafTest{
		{"constant", "func f() { set(10) }", "10"},
		{"named constant", "const n = 10\nfunc f() { set(n * 2) }", "20"},
		{"variable", "func f() { n := 10; set(n) }", "10"},
		{"conversion", "func f() { n := int32(7); set(int(n)) }", "7"},
		{"named type", "type limit int\nfunc f() { n := limit(7); set(int(n)) }", "7"},
		{"zero value", "func f() { var n int; set(n) }", "0"},
		{"choice of constants", "func f() { n := 10; if cond() { n = 50 }; set(n) }", "10, 50"},
		{"switch", "func f(s string) { n := 1; switch s { case \"a\": n = 2; case \"b\": n = 3 }; set(n) }", "1, 2, 3"},
		{"replaced by the environment", "func f() { n := 500; if e := env(); e > 0 { n = e }; set(n) }", "?"},
		{"overwritten", "func f() { n := 500; n = 10; set(n) }", "10"},
		{"sum of variables", "var base = 10\nfunc f() { set(base + 5) }", "15"},
		{"difference", "var base = 10\nfunc f() { set(base - 4) }", "6"},
		{"product", "var base = 10\nfunc f() { set(base * base) }", "100"},
		{"quotient", "var base = 10\nfunc f() { set(base / 2) }", "?"},
		{"sum with something unknown", "var base = 10\nfunc f() { n := 10; if cond() { n = env() }; set(base + n) }", "?"},
		{"counted up", "func f() { n := 0; for cond() { n++ }; set(n) }", "?"},
		{"element", "func f() { a := []int{5}; set(a[0]) }", "?"},
		{"out of an interface", "func f() { var v any = 5; set(v.(int)) }", "?"},
		{"environment", "func f() { n, _ := strconv.Atoi(os.Getenv(\"MAX\")); set(n) }", "Atoi()"},
		{"flag", "func f() { n := flag.Int(\"max\", 300, \"\"); flag.Parse(); set(*n) }", "?"},
		{"flag by address", "func f() { n := 300; flag.IntVar(&n, \"max\", 300, \"\"); flag.Parse(); set(n) }", "?"},
		{"decoded", "func f(b []byte) { n := 300; json.Unmarshal(b, &n); set(n) }", "?"},
	})
}

// TestLeavesOfCPUs follows what a machine has, and what bounds it.
func TestLeavesOfCPUs(t *testing.T) {
	testLeaves(t, []leafTest{
		{"plain", "func f() { set(runtime.NumCPU()) }", "NumCPU()"},
		{"product", "func f() { set(runtime.NumCPU() * 2) }", "NumCPU()"},
		{"factor first", "func f() { set(4 * runtime.GOMAXPROCS(0)) }", "GOMAXPROCS()"},
		{"sum", "func f() { set(runtime.NumCPU() + 1) }", "NumCPU()"},
		{"converted", "func f() { set(int(int32(runtime.NumCPU()) * 4)) }", "NumCPU()"},
		{"by a factor that is given", "func f(n int) { set(runtime.NumCPU() * n) }", "NumCPU()"},
		{"of two functions", "func f() { set(runtime.NumCPU() * env()) }", "?"},
		{"clamped from above", "func f() { n := runtime.NumCPU() * 4; if n > 20 { n = 20 }; set(n) }", "?"},
		{"min", "func f() { set(min(runtime.NumCPU()*2, 8)) }", "8"},
		{"max", "func f() { set(max(4, runtime.NumCPU())) }", "NumCPU()"},
		{"min of max", "func f() { set(min(max(4, runtime.NumCPU()), 16)) }", "16"},
		{"helper", "func cpus() int { return runtime.NumCPU() * 2 }\nfunc f() { set(cpus()) }", "NumCPU()"},
		{"variable", "var cpus = runtime.NumCPU()\nfunc f() { set(cpus * 4) }", "NumCPU()"},
	})
}

// TestLeavesOfBounds follows what min, max and checks make of a number that is not known.
func TestLeavesOfBounds(t *testing.T) {
	testLeaves(t, []leafTest{
		{"min", "func f(n int) { set(min(n, 20)) }", "20"},
		{"min of several", "func f(n int) { a, b := 30, 20; set(min(a, n, b)) }", "20"},
		{"max", "func f(n int) { a, b := 30, 20; set(max(a, n, b)) }", "30"},
		{"min of unknown numbers", "func f(n int) { set(min(n, env())) }", "?"},
		{"another builtin", "func f(s []int) { set(len(s)) }", "?"},
		{"clamp", "func f(n int) { if n > 20 { n = 20 }; set(n) }", "?"},
		{"clamp in a helper", "func clamp(n int) int { if n > 20 { return 20 }; return n }\nfunc f() { set(clamp(500)) }", "?"},
		{"clamp by switch", "func clamp(n int) int { switch { case n < 1: return 1; case n > 20: return 20 }; return n }\nfunc f() { set(clamp(500)) }", "?"},
		{"default for zero", "func f(n int) { if n == 0 { n = 500 }; set(n) }", "?"},
	})
}

// TestLeavesOfCalls follows numbers through functions, up and down.
func TestLeavesOfCalls(t *testing.T) {
	testLeaves(t, []leafTest{
		{"parameter", "func f(n int) { set(n) }", "n of f"},
		{"callers", "func f(n int) { set(n) }\nfunc g() { f(7) }\nfunc h() { f(env()) }", "7, env(), n of f"},
		{"callers that give something unknown", "func f(n int) { set(n) }\nfunc g(a []int) { f(a[0]) }", "n of f"},
		{"another argument", "func f(m, n int) { set(n) }\nfunc g() { f(900, 7) }", "7, n of f"},
		{"two calls up", "func f(n int) { set(n) }\nfunc g(m int) { f(m) }\nfunc h() { g(8) }", "8, m of g, n of f"},
		{"recursion", "func f(n int) { set(n); f(n) }", "n of f"},
		{"method", "type s struct{}\nfunc (s) f(n int) { set(n) }\nfunc g() { s{}.f(7) }", "7, n of f"},
		{"deferred and started", "func f(n int) { set(n) }\nfunc g() { defer f(1); go f(2) }", "1, 2, n of f"},
		{"literal", "func f() { func(n int) { set(n) }(7) }", "7, n of f$1"},
		{"helper", "func size() int { return 25 }\nfunc f() { set(size()) }", "25"},
		{"two returns", "func size() int { if cond() { return 25 }; return 50 }\nfunc f() { set(size()) }", "25, 50"},
		{"a return is unknown", "func size() int { if cond() { return 25 }; return env() }\nfunc f() { set(size()) }", "?"},
		{"several results", "func sizes() (int, int) { return 500, 5 }\nfunc f() { _, n := sizes(); set(n) }", "5"},
		{"result and error", "func size() (int, error) { if cond() { return 9, os.ErrExist }; return 12, nil }\nfunc f() { n, _ := size(); set(n) }", "12, 9"},
		{"identity", "func id(n int) int { return n }\nfunc f() { set(id(30)) }\nfunc g() { id(400) }", "30"},
		{"identity twice", "func id(n int) int { return n }\nfunc out(m int) int { return id(m) }\nfunc f() { set(out(9)) }", "9"},
		{"second parameter", "func pick(a, b int) int { return b }\nfunc f() { set(pick(900, 6)) }", "6"},
		{"method that returns what it is given", "type s struct{}\nfunc (s) id(n int) int { return n }\nfunc f(v s) { set(v.id(6)) }", "6"},
		{"never returns", "func size() int { panic(1) }\nfunc f() { set(size()) }", "?"},
		{"outside", "func f() { set(env()) }", "env()"},
		{"outside, and known", "func f() { set(os.Getpagesize()) }", "4096"},
		{"function value", "func f() { size := func() int { return 8 }; set(size()) }", "8"},
		{"one of two functions", "var size = func() int { return 8 }\nfunc g() { size = func() int { return 9 } }\nfunc f() { set(size()) }", "?"},
		{"interface", "type s interface{ size() int }\ntype one struct{}\nfunc (one) size() int { return 1 }\nfunc f() { var v s = one{}; set(v.size()) }", "size()"},
	})
}

// TestLeavesOfVariables follows numbers through variables that outlive a function, and through those of a literal.
func TestLeavesOfVariables(t *testing.T) {
	testLeaves(t, []leafTest{
		{"package variable", "var n = 40\nfunc f() { set(n) }", "40"},
		{"assigned elsewhere", "var n = 40\nfunc g() { n = 1 }\nfunc f() { set(n) }", "?"},
		{"assigned elsewhere only", "var n int\nfunc g() { n = 40 }\nfunc f() { set(n) }", "?"},
		{"initialized by a call", "var n = size()\nfunc size() int { return 41 }\nfunc f() { set(n) }", "41"},
		{"captured", "func f() { n := 12; func() { set(n) }() }", "12"},
		{"captured parameter", "func f(n int) { func() { set(n) }() }", "n of f"},
		{"captured twice", "func f() { n := 12; func() { func() { set(n) }() }() }", "12"},
		{"captured and assigned", "func f() { n := 12; g := func() { set(n) }; n = 13; g() }", "12, 13"},
		{"captured and clamped", "func f(n int) { if n > 9 { n = 9 }; go func() { set(n) }() }", "?"},
	})
}

// TestLeavesOfFields follows numbers through the fields of configurations and options.
func TestLeavesOfFields(t *testing.T) {
	const options = "type opt func(*conf)\nfunc withMax(n int) opt { return func(c *conf) { c.Max = n } }\n" +
		"func open(opts ...opt) { c := &conf{Max: 10}; for _, o := range opts { o(c) }; set(c.Max) }\n"
	testLeaves(t, []leafTest{
		{"given", "func f(c conf) { set(c.Max) }", ".Max"},
		{"literal", "func f() { c := conf{Max: 30, Idle: 900}; set(c.Max) }", ".Max, 30~"},
		{"pointer", "func f() { c := &conf{Idle: 900}; c.Max = 30; set(c.Max) }", ".Max, 30~"},
		{"caller's", "func f(c conf) { set(c.Max) }\nfunc g() { f(conf{Max: 30}) }", ".Max, 30~"},
		{"another object", "func f(c conf) { set(c.Max) }\nfunc g() { d := conf{Max: 900}; set(d.Idle) }", ".Max"},
		{"another type", "type opts struct{ Max int }\nfunc f(c conf) { set(c.Max) }\nfunc g(o *opts) { o.Max = 900 }", ".Max"},
		{"receiver", "func (c *conf) open() { set(c.Max) }\nfunc newConf() *conf { return &conf{Max: 60} }\nfunc g() { newConf().open() }", ".Max, 60~"},
		{"package variable", "var c = conf{Max: 61}\nfunc f() { set(c.Max) }", ".Max, 61~"},
		{"result", "func defaults() conf { return conf{Max: 62} }\nfunc f() { set(defaults().Max) }", ".Max, 62~"},
		{"parameter", "func newConf(n int) *conf { return &conf{Max: n} }\nfunc f() { set(newConf(63).Max) }", ".Max, 63~, n of newConf~"},
		{"decoded", "func f(b []byte) { c := conf{Max: 900}; json.Unmarshal(b, &c); set(c.Max) }", "?"},
		{"decoded by field", "func f() { c := conf{Max: 900}; flag.IntVar(&c.Max, \"max\", 900, \"\"); set(c.Max) }", "?"},
		{"copied, then decoded", "func f(b []byte) { d := conf{Max: 900}; c := d; json.Unmarshal(b, &c); set(c.Max) }", "?"},
		{"from the environment", "func f() { c := conf{Max: env()}; set(c.Max) }", ".Max, env()~"},
		{"checked", "func f(c conf) { n := c.Max; if n == 0 { n = 500 }; set(n) }", "?"},
		{"nested", "type all struct{ db conf }\nfunc f(a *all) { set(a.db.Max) }\nfunc g() { a := &all{}; a.db.Max = 33; f(a) }", ".Max, 33~"},
		{"nested without a name", "type all struct{ db struct{ Idle, Max int } }\nfunc f(a *all) { set(a.db.Max) }\nfunc g() { a := &all{}; a.db.Max = 33; a.db.Idle = 900; f(a) }", ".Max, 33~"},
		{"option", options + "func g() { open(withMax(70)) }", ".Max, 10~, 70~, n of withMax~"},
		{"option that is not used", options + "func g() { open() }", ".Max, 10~, n of withMax~"},
		{"arithmetic", "func f() { c := conf{Max: 30}; set(c.Max * 2) }", "?"},
	})
}

// TestDepth gives up on a number that comes from too far away.
func TestDepth(t *testing.T) {
	chain := func(n int) string {
		var b strings.Builder
		b.WriteString("func s0() int { return 5 }\n")
		name := "s0"
		for i := range n {
			next := "s" + strings.Repeat("x", i+1)
			b.WriteString("func " + next + "() int { return " + name + "() }\n")
			name = next
		}
		return b.String() + "func f() { set(" + name + "()) }"
	}
	testLeaves(t, []leafTest{{"near", chain(6), "5"}, {"far", chain(20), "?"}})
}

// TestLeafAt checks where a number comes in: at the store or the call that has it, or where the question was asked.
func TestLeafAt(t *testing.T) {
	p := load(t, numbers+"func f(c conf) { set(c.Max) }\nfunc g() { f(conf{Max: 30}) }\nfunc h() { k(7) }\nfunc k(n int) { set(n) }")
	var sets []*ssa.Call
	p.each(func(in ssa.Instruction) {
		if c, ok := in.(*ssa.Call); ok && c.Call.StaticCallee().Name() == "set" {
			sets = append(sets, c)
		}
	})
	for i, want := range []string{"g", "h"} {
		for _, l := range p.graph.Leaves(sets[i].Call.Args[0]) {
			switch {
			case l.Kind != origin.Constant && l.At != nil:
				t.Errorf("%s comes in at %s", words([]origin.Leaf{l}), l.At)
			case l.Kind == origin.Constant && (l.At == nil || l.At.Parent().Name() != want):
				t.Errorf("%s comes in at %v, want an instruction of %s", l.Value, l.At, want)
			}
		}
	}
	own := load(t, numbers+"func f() { n := 10; set(n) }")
	leaves := own.graph.Leaves(own.call(t, "set").Call.Args[0])
	if len(leaves) != 1 || leaves[0].At != nil || !constant.Compare(leaves[0].Value, 39, constant.MakeInt64(10)) {
		t.Errorf("got %v, want 10 where it was asked", leaves)
	}
}
