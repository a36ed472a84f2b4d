package flow_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/poolvet/poolvet/analyzer/internal/flow"
)

// held is the data of a toy client: whether take() was called and give() was not.
type held bool

func (h held) Key() string {
	if h {
		return "held"
	}
	return ""
}
func (h held) Roots() []*flow.Sym                         { return nil }
func (h held) Rename(func(*flow.Sym) *flow.Sym) flow.Data { return h }

// build makes a package of the source, in which some functions have no body.
func build(t *testing.T, body string) *ssa.Package {
	t.Helper()
	src := "package p\nimport \"errors\"\nfunc take() error\nfunc give()\nfunc cond() bool\nfunc work() error\nvar _ = errors.New\n" + body
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf := &types.Config{Importer: importer.Default()}
	pkg, _, err := ssautil.BuildPackage(conf, fset, types.NewPackage("p", ""), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// leaks executes f of the source and reports whether some exit is reached between take() and give(). take returns an error;
// it takes only if that is nil.
func leaks(t *testing.T, body string) bool {
	t.Helper()
	pkg := build(t, body)
	m := flow.NewMachine(flow.Hooks{})
	m.Hooks.Call = func(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
		switch {
		case c.Static == nil:
			return nil, false
		case c.Static.Name() == "take":
			failed := st.Clone()
			m.Unknown(failed, c)
			m.Assume(failed, m.IsNil(m.ResultParts(c)[0]), false)
			st.Data = held(true)
			m.SetResult(st, c, m.Nil())
			return []*flow.State{st, failed}, true
		case c.Static.Name() == "give":
			st.Data = held(false)
			return []*flow.State{st}, true
		case c.Static.Parent() != nil:
			return m.Enter(st, c)
		}
		return nil, false
	}
	leak := false
	for _, e := range m.Run(pkg.Func("f"), held(false), nil) {
		leak = leak || e.At != nil && bool(e.State.Data.(held))
	}
	if m.GaveUp {
		t.Error("gave up")
	}
	return leak
}

func TestPaths(t *testing.T) {
	for _, test := range []struct {
		name, body string
		leak       bool
	}{
		{"straight", "func f() { if take() != nil { return }; give() }", false},
		{"forgotten", "func f() { take() }", true},
		{"early return", "func f() { if take() != nil { return }; if cond() { return }; give() }", true},
		{"error copied", "func f() { err := take(); e := err; if e != nil { return }; give() }", false},
		{"error inverted", "func f() { err := take(); if err == nil { give() } }", false},
		{"error as bool", "func f() { failed := take() != nil; if !failed { give() } }", false},
		{"errors.Is", "var sentinel = errors.New(\"x\")\nfunc f() { err := take(); if errors.Is(err, sentinel) { return }; if err != nil { return }; give() }", false},
		{"switch", "func f() { switch err := take(); { case err != nil: return; default: give() } }", false},
		{"flag twice", "func f(on bool) { if on { if take() != nil { return } }; work(); if on { give() } }", false},
		{"two flags", "func f(a, b bool) { if a { if take() != nil { return } }; if b { give() } }", true},
		{"same constant", "func f(k string) { if k == \"a\" { if take() != nil { return } }; switch k { case \"b\": case \"a\": give() } }", false},
		{"defer", "func f() error { if err := take(); err != nil { return err }; defer give(); return work() }", false},
		{"defer before", "func f() error { defer give(); take(); return work() }", false},
		{"deferred literal", "func f() (err error) { if err = take(); err != nil { return }; defer func() { if err != nil { give() } }(); if err = work(); err != nil { return err }; give(); return nil }", false},
		{"deferred literal misses", "func f() (err error) { if err = take(); err != nil { return }; defer func() { if err != nil { give() } }(); return nil }", true},
		{"shadowed error", "func f() (err error) { if err = take(); err != nil { return }; defer func() { if err != nil { give() } }(); if err := work(); err != nil { return nil }; give(); return nil }", true},
		{"loop", "func f(n int) { for i := 0; i < n; i++ { if take() != nil { continue }; give() } }", false},
		{"break", "func f(n int) { for i := 0; i < n; i++ { if take() != nil { continue }; if cond() { break }; give() } }", true},
		{"goto", "func f() { again: if take() != nil { goto again }; give() }", false},
		{"recover", "func f() { defer func() { recover() }(); if take() != nil { return }; if cond() { panic(1) }; give() }", true},
		{"recover gives", "func f() { defer func() { if recover() != nil { give() } }(); if take() != nil { return }; if cond() { panic(1) }; give() }", false},
		{"panic ends", "func f() { if take() != nil { return }; if cond() { panic(1) }; give() }", false},
		{"struct field", "type s struct{ on bool }\nfunc f() { var v s; if take() == nil { v.on = true }; if v.on { give() } }", false},
		{"select", "func f(c chan int) { if take() != nil { return }; select { case <-c: give(); default: give() } }", false},
		{"never fails", "func f() { if take() != nil { return }; if never() != nil { return }; give() }\nfunc never() error { work(); return nil }", false},
		{"never fails inside", "func f() { if take() != nil { return }; if a() != nil { return }; give() }\nfunc a() error { if cond() { return b() }; return nil }\nfunc b() (err error) { defer work(); return nil }", false},
		{"may fail inside", "func f() { if take() != nil { return }; if a() != nil { return }; give() }\nfunc a() error { if cond() { return b() }; return nil }\nfunc b() error { return work() }", true},
		{"never fails in a recursion", "func f() { if take() != nil { return }; if a() != nil { return }; give() }\nfunc a() error { if cond() { return a() }; return nil }", true},
		{"always fails", "func f() { if take() != nil { return }; if always() != nil { give(); return } }\nfunc always() error { if err := work(); err != nil { return errX }; return errors.New(\"x\") }\nvar errX = errors.New(\"y\")", false},
		{"kept error", "func f() { if take() != nil { return }; if kept() != nil { give(); return } }\nfunc kept() error { return lastErr }\nvar lastErr error", true},
		{"kept error checked", "func f() { if take() != nil { return }; if lastErr != nil { give(); return } }\nvar lastErr error", true},
		{"sentinel", "func f() { if take() != nil { return }; if err := errX; err != nil { give() } }\nvar errX = errors.New(\"x\")", false},
		{"range over func", "func f(seq func(func(int) bool)) { if take() != nil { return }; for range seq { if cond() { break } }; give() }", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := leaks(t, test.body); got != test.leak {
				t.Errorf("leak: %v, want %v\n%s", got, test.leak, test.body)
			}
		})
	}
}

// TestCapturedValue checks what is known of a variable that the last literal of f captures.
func TestCapturedValue(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"parameter", "func f(x int) { func() { use(x) }() }", "x"},
		{"set before", "func f(x int) { x = 7; func() { use(x) }() }", "7:int"},
		{"set after", "func f(x int) { l := func() { use(x) }; l(); x = 7; l() }", ""},
		{"set inside", "func f(x int) { func() { x = 7; use(x) }() }", ""},
		{"set by another", "func f(x int) { g := func() { x = 7 }; g(); func() { use(x) }() }", ""},
		{"set on a branch", "func f(x int) { if cond() { x = 7 }; func() { use(x) }() }", ""},
		{"set in each round", "func f() { var x int; for cond() { x = 7; go func() { use(x) }() } }", ""},
		{"declared in each round", "func f() { for cond() { x := 7; go func() { use(x) }() } }", "7:int"},
		{"address given away", "func f(x int) { keep(&x); func() { use(x) }() }", ""},
		{"nested", "func f(x int) { func() { func() { use(x) }() }() }", "x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			lit := build(t, test.body+"\nfunc use(int)\nfunc keep(*int)").Func("f")
			for len(lit.AnonFuncs) > 0 {
				lit = lit.AnonFuncs[len(lit.AnonFuncs)-1]
			}
			got := ""
			if v, _ := flow.CapturedValue(lit.FreeVars[0]); v != nil {
				got = v.Name()
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestManyFlags checks that a function with more independent flags than are kept apart is still executed to its end.
func TestManyFlags(t *testing.T) {
	var b strings.Builder
	b.WriteString("func f(a []bool) { if take() != nil { return }\n")
	for range 24 {
		b.WriteString("if cond() { work() }\n")
	}
	b.WriteString("give() }")
	if leaks(t, b.String()) {
		t.Error("a leak where there is none")
	}
}

// TestWait checks at which instructions the client is told that the goroutine may wait for another.
func TestWait(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"send", "func f(c chan int) { c <- 1 }", "send"},
		{"receive", "func f(c chan int) { <-c }", "receive"},
		{"receive with ok", "func f(c chan int) bool { _, ok := <-c; return ok }", "receive"},
		{"range", "func f(c chan int) { for range c { work() } }", "receive"},
		{"select", "func f(c, d chan int) { select { case <-c: case d <- 1: } }", "select"},
		{"select of one", "func f(c chan int) { select { case <-c: } }", "receive"},
		{"select of none", "func f() { select {} }", "select"},
		{"default", "func f(c, d chan int) { select { case <-c: case d <- 1: default: } }", ""},
		{"default of one", "func f(c chan int) { select { case c <- 1: default: } }", ""},
		{"behind a default", "func f(c, d chan int) { select { case <-c: default: d <- 1 } }", "send"},
		{"call", "func f(p *int) { work(); *p = -*p; if !cond() { panic(1) } }", ""},
		{"literal", "func f(c chan int) { func() { c <- 1 }() }", "send"},
		{"deferred literal", "func f(c chan int) { defer func() { <-c }(); work() }", "receive"},
		{"goroutine", "func f(c chan int) { go func() { c <- 1 }() }", ""},
		{"not reached", "func f(c chan int) { if false { c <- 1 } }", ""},
		{"in order", "func f(c, d chan int) { <-c; d <- 1; select { case <-c: case <-d: } }", "receive send select"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			m := flow.NewMachine(flow.Hooks{})
			m.Hooks.Call = func(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
				if c.Mode == flow.Go || c.Static == nil || c.Static.Parent() == nil {
					return nil, false
				}
				return m.Enter(st, c)
			}
			m.Hooks.Wait = func(_ *flow.State, in ssa.Instruction) {
				word := map[reflect.Type]string{
					reflect.TypeFor[*ssa.Send](): "send", reflect.TypeFor[*ssa.UnOp](): "receive", reflect.TypeFor[*ssa.Select](): "select",
				}[reflect.TypeOf(in)]
				if word == "" {
					t.Errorf("told of %s, a %T", in, in)
				}
				if !slices.Contains(got, word) {
					got = append(got, word)
				}
			}
			m.Run(build(t, test.body).Func("f"), held(false), nil)
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got %q, want %q\n%s", s, test.want, test.body)
			}
		})
	}
}

// TestWaitState checks that the state is that before the wait.
func TestWaitState(t *testing.T) {
	var told []bool
	m := flow.NewMachine(flow.Hooks{})
	m.Hooks.Call = func(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
		if c.Static == nil || c.Static.Name() != "give" {
			return nil, false
		}
		st.Data = held(false)
		return []*flow.State{st}, true
	}
	m.Hooks.Wait = func(st *flow.State, _ ssa.Instruction) { told = append(told, bool(st.Data.(held))) }
	m.Run(build(t, "func f(c chan int) { c <- 1; give(); <-c }").Func("f"), held(true), nil)
	if want := []bool{true, false}; !slices.Equal(told, want) {
		t.Errorf("held at the waits: %v, want %v", told, want)
	}
}
