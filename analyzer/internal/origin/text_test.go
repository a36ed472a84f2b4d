package origin_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

const strs = `
import ("fmt"; "os"; "strings")
var _ = fmt.Sprintf
var _ = os.Getenv
var _ = strings.Join
func open(string)
func env() string
func cond() bool
type conf struct{ Host string; Max int }
`

// TestText reads connection strings. A part that is not known is an underscore here.
func TestText(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"constant", `func f() { open("host=db") }`, "host=db"},
		{"named type", `type dsn string
func f() { d := dsn("host=db"); open(string(d)) }`, "host=db"},
		{"variable", `func f() { s := "host=db"; open(s) }`, "host=db"},
		{"package variable", `var s = "host=db"
func f() { open(s) }`, "host=db"},
		{"changing variable", `var s = "host=db"
func g() { s = "host=x" }
func f() { open(s) }`, "_"},
		{"sum", `var s = "host=db"
func f() { open(s + " port=1 " + env()) }`, "host=db port=1 _"},
		{"appended", `func f() { s := "a"; s += "b"; open(s) }`, "ab"},
		{"choice", `func f() { s := "a"; if cond() { s = "b" }; open(s) }`, "_"},
		{"same choice", `func f() { s := "a"; if cond() { s = "a" }; open(s) }`, "a"},
		{"choice of a part", `func f() { s := "a"; if cond() { s = env() }; open("x" + s) }`, "x_"},
		{"environment", `func f() { open(os.Getenv("DSN")) }`, "_"},
		{"helper", `func dsn() string { return "host=db" }
func f() { open(dsn()) }`, "host=db"},
		{"parameter of an exported function", `func F(s string) { open(s + "!") }
func g() { F("a") }`, "_!"},
		{"parameter of another one", `func f(s string) { open(s + "!") }
func g() { f("a") }`, "a!"},
		{"parameter with two values", `func f(s string) { open(s + "!") }
func g() { f("a"); f("b") }`, "_!"},
		{"parameter of a literal", `func f() { func(s string) { open(s + "!") }("a") }`, "_!"},
		{"field", `func f(c conf) { open(c.Host + " port=1") }
func g() { f(conf{Host: "x"}) }`, "_ port=1"},

		{"format", `func f() { open(fmt.Sprintf("host=%s port=%d", "db", 5432)) }`, "host=db port=5432"},
		{"format with holes", `func f(c conf) { open(fmt.Sprintf("host=%s pool_max_conns=%d", c.Host, c.Max)) }`, "host=_ pool_max_conns=_"},
		{"format with variables", `const most = 50
func f() { n := int32(most); open(fmt.Sprintf("pool_max_conns=%v x=%v", n, env())) }`, "pool_max_conns=50 x=_"},
		{"format with a percent sign", `func f() { open(fmt.Sprintf("a%%20b=%s", "c")) }`, "a%20b=c"},
		{"format that ends in a percent sign", `func f(v string) { s := "100%"; open(fmt.Sprintf(s, v)) }`, "100%"},
		{"format with too few values", `func f() { s := "%s %s"; open(fmt.Sprintf(s, "a")) }`, "a _"},
		{"format with no values", `func f() { s := "a %s"; open(fmt.Sprintf(s)) }`, "a _"},
		{"format with given values", `func f(v []any) { open(fmt.Sprintf("a=%s b=%s", v...)) }`, "a=_ b=_"},
		{"unknown format", `func f() { open(fmt.Sprintf(env(), 1)) }`, "_"},
		{"format in a format", `func f() { open(fmt.Sprintf("x=%s", fmt.Sprintf("y%d", 1))) }`, "x=y1"},
		{"another function", `func f() { open(fmt.Sprint("x")) }`, "_"},
		{"a function of that name", `func Sprintf(s string, v ...any) string { return env() }
func f() { open(Sprintf("x=%s", "y")) }`, "_"},

		{"joined", `func f() { open(strings.Join([]string{"a=1", "b=" + env(), "c=3"}, " ")) }`, "a=1 b=_ c=3"},
		{"joined by something unknown", `func f() { open(strings.Join([]string{"a", "b"}, env())) }`, "a_b"},
		{"joined from somewhere", `func f(s []string) { open(strings.Join(s, " ")) }`, "_"},
		{"joined from an appended slice", `func f() { s := []string{"a"}; s = append(s, "b"); open(strings.Join(s, " ")) }`, "_"},
		{"too deep", `func f() { s := "a"; open(` + strings.Repeat("fmt.Sprintf(\"%s\", ", 20) + "s" + strings.Repeat(")", 20) + ") }", "_"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, strs+test.body)
			got := strings.ReplaceAll(p.graph.Text(p.call(t, "open").Call.Args[0]), origin.Hole, "_")
			if got != test.want {
				t.Errorf("got %q, want %q\n%s", got, test.want, test.body)
			}
		})
	}
}

// TestElements lists the arguments of variadic calls.
func TestElements(t *testing.T) {
	for _, test := range []struct{ call, want string }{
		{`all("a", "b", "c")`, `"a" "b" "c"`},
		{`all()`, ""},
		{`all(xs...)`, ""},
		{`all(append(xs, "a")...)`, ""},
		{`all([]string{"a", "b"}...)`, `"a" "b"`},
	} {
		p := load(t, "func all(...string)\nfunc f(xs []string) { "+test.call+" }")
		var got []string
		for _, e := range origin.Elements(p.call(t, "all").Call.Args[0]) {
			got = append(got, e.(*ssa.Const).Value.String())
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("%s: got %s, want %s", test.call, s, test.want)
		}
	}
}
