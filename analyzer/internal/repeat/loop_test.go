package repeat_test

import (
	"cmp"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"

	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// std finds the standard library once for all tests.
var std = importer.Default()

const declarations = `
import ("context"; "errors"; "io"; "sync"; "sync/atomic"; "time")
var _ context.Context
var _ sync.Mutex
var _ atomic.Bool
var _ time.Time
var errNotReady = errors.New("not ready")
var _ = io.EOF
type DB struct{ n int }
func (*DB) ping() error
func open() (*DB, error)
func use(*DB)
func cond() bool
func work() error
`

// load builds a package p of one file and returns its functions in the order of the source, literals too.
func load(t *testing.T, src string) []*ssa.Function {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+declarations+src, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: std}, fset, types.NewPackage("p", "p"), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := ssautil.AllFunctions(pkg.Prog)
	for _, name := range pkg.Pkg.Scope().Names() {
		if named, ok := pkg.Pkg.Scope().Lookup(name).Type().(*types.Named); ok {
			for m := range named.Methods() {
				if fn := pkg.Prog.FuncValue(m); fn != nil {
					all[fn] = true // nothing else reaches a method that nobody calls
				}
			}
		}
	}
	var funcs []*ssa.Function
	for fn := range all {
		if fn.Pkg == pkg && fn.Synthetic == "" {
			funcs = append(funcs, fn)
		}
	}
	slices.SortFunc(funcs, func(a, b *ssa.Function) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return funcs
}

// callOf returns the first call of a function that the package declares, and the function that it stands in.
func callOf(t *testing.T, funcs []*ssa.Function, name string) ssa.CallInstruction {
	t.Helper()
	for _, fn := range funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if c, ok := in.(ssa.CallInstruction); ok && c.Common().StaticCallee() != nil && c.Common().StaticCallee().Name() == name {
					return c
				}
			}
		}
	}
	t.Fatalf("nothing calls %s", name)
	return nil
}

type loopTest struct {
	name, body string
	want       bool
}

// testInLoop asks whether the call of open in f runs again and again.
func testInLoop(t *testing.T, tests []loopTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			funcs := load(t, "func f(names []string) (db *DB, err error) {\n"+test.body+"\n}")
			if got := repeat.InLoop(callOf(t, funcs, "open")); got != test.want {
				t.Errorf("in a loop: %v, want %v\n%s", got, test.want, test.body)
			}
		})
	}
}

// TestInLoop finds loops that come back after success.
func TestInLoop(t *testing.T) {
	testInLoop(t, []loopTest{
		{"straight", "return open()", false},
		{"for ever", "for { db, _ = open(); use(db) }", true},
		{"three clauses", "for i := 0; i < 3; i++ { db, _ = open(); use(db) }; return", true},
		{"integer", "for range 3 { db, _ = open(); use(db) }; return", true},
		{"slice", "for range names { db, _ = open(); use(db) }; return", true},
		{"channel", "c := make(chan int); for range c { db, _ = open(); use(db) }; return", true},
		{"select", "for { select { case <-time.After(1): db, _ = open(); use(db) } }", true},
		{"before the loop", "db, err = open(); for range names { use(db) }; return", false},
		{"after the loop", "for range names { work() }; return open()", false},
		{"in the condition", "for db, err = open(); cond(); db, err = open() { use(db) }; return", false}, // the first one
		{"in the post statement", "for i := 0; i < 3; db, err = open() { use(db); i++ }; return", true},
		{"goto", "again: db, err = open(); use(db); if cond() { goto again }; return", true},
		{"failure ends it", "for { if db, err = open(); err != nil { return }; use(db) }", true},
		{"failure is skipped", "for range names { if db, err = open(); err != nil { continue }; use(db) }; return", true},
		{"failure breaks", "for range names { if db, err = open(); err != nil { break }; use(db) }; return", true},
		{"failure breaks out of a select", "l: for { select { default: if db, err = open(); err != nil { break l }; use(db) } }; return", true},
		{"left at once", "for { db, err = open(); break }; return", false},
		{"returned at once", "for range names { return open() }; return", false},
		{"panics", "for range names { db, err = open(); panic(1) }; return", false},
		{"inner loop is done", "for range names { for range 3 { work() }; return open() }; return", false},
		{"outer loop", "for range names { db, _ = open(); for range 3 { use(db) } }; return", true},
		{"error is not looked at", "for range names { db, err = open() }; return", true},
		{"boolean condition", "for cond() { db, _ = open() }; return", true},
		{"length", "var all []*DB; for len(all) < 3 { db, _ = open(); all = append(all, db) }; return", true},
	})
}

// TestRetry finds the loops that have one success, in the shapes in which they are written.
func TestRetry(t *testing.T) {
	testInLoop(t, []loopTest{
		{"return on success", "for { if db, err = open(); err == nil { return }; time.Sleep(1) }", false},
		{"continue on failure", "for { if db, err = open(); err != nil { time.Sleep(1); continue }; return }", false},
		{"break on success", "for range 5 { if db, err = open(); err == nil { break }; time.Sleep(1) }; return", false},
		{"else", "for range 5 { if db, err = open(); err != nil { time.Sleep(1) } else { break } }; return", false},
		{"nil first", "for range 5 { if db, err = open(); nil == err { break } }; return", false},
		{"inverted", "for range 5 { if db, err = open(); !(err != nil) { break } }; return", false},
		{"switch", "for { switch db, err = open(); { case err == nil: return; default: time.Sleep(1) } }", false},
		{"switch with a sentinel", "for { switch db, err = open(); err { case nil: return; default: time.Sleep(1) } }", false},
		{"labeled break", "l: for { switch db, err = open(); { case err == nil: break l; case cond(): work() } }; return", false},
		{"labeled break out of a select", "l: for { select { case <-time.After(1): if db, err = open(); err == nil { break l } } }; return", false},
		{"labeled continue", "l: for range 5 { for range 2 { if db, err = open(); err != nil { continue l }; return } }; return", false},
		{"break of the outer loop", "l: for range names { for range 3 { if db, err = open(); err == nil { break l } } }; return", false},
		{"retry for each name", "for range names { for range 3 { if db, err = open(); err == nil { break } }; use(db) }; return", true},
		{"the first name that works", "for range names { if db, err = open(); err == nil { return } }; return", false},
		{"goto", "again: db, err = open(); if err != nil { time.Sleep(1); goto again }; return", false},
		{"error in the condition", "err = errNotReady; for err != nil { db, err = open() }; return", false},
		{"error and attempts in the condition", "err = errNotReady; for i := 0; i < 5 && err != nil; i++ { db, err = open() }; return", false},
		{"post statement", "for db, err = open(); err != nil; db, err = open() { time.Sleep(1) }; return", false},
		{"ping", "for { if db, err = open(); err == nil { if err = db.ping(); err == nil { return } }; time.Sleep(1) }", false},
		{"ping in one condition", "for { if db, err = open(); err != nil || db.ping() != nil { time.Sleep(1); continue }; return }", false},
		{"attempts", "for i := 0; ; i++ { db, err = open(); if err == nil || i > 5 { return } }", false},
		{"deadline", "for { if db, err = open(); err == nil { return }; if cond() { return }; time.Sleep(1) }", false},
		{"errors.Is", "for { db, err = open(); if errors.Is(err, errNotReady) { continue }; return }", false},
		{"errors.As", "for { db, err = open(); var e interface{ Timeout() bool }; if errors.As(err, &e) { continue }; return }", false},
		{"not errors.Is", "for { db, err = open(); if !errors.Is(err, errNotReady) { return } }", false},
		{"sentinel", "for { db, err = open(); if err == errNotReady { continue }; return }", false},
		{"flag", "done := false; for !done { if db, err = open(); err == nil { done = true } }; return", false},
		{"flag that stays up", "again := true; for again { if db, err = open(); err == nil { again = false } }; return", false},
		{"flag of success that goes on", "ok := false; for !cond() { if db, err = open(); err == nil { ok = true } }; _ = ok; return", true},
		{"flag that is never set", "done := false; for !done { if db, err = open(); err == nil { use(db) } }; return", true},
	})
}

// TestInLoopOfLiteral looks at the function that the call stands in only: who runs it is another question.
func TestInLoopOfLiteral(t *testing.T) {
	funcs := load(t, "func f() { for cond() { go func() { open() }() } }")
	if repeat.InLoop(callOf(t, funcs, "open")) {
		t.Error("a literal is in the loop around it")
	}
	again := load(t, "func g() { open() }\nfunc f() { for cond() { defer g() } }")
	if !repeat.InLoop(callOf(t, again, "g")) {
		t.Error("a defer statement in a loop is not")
	}
}

// TestForOne finds calls that run in the rounds for one element only.
func TestForOne(t *testing.T) {
	for _, test := range []loopTest{
		{"each", "for range names { open() }; return", false},
		{"one name", "for _, n := range names { if n == \"primary\" { open() } }; return", true},
		{"constant first", "for _, n := range names { if \"primary\" == n { open() } }; return", true},
		{"other names", "for _, n := range names { if n == \"primary\" { continue }; open() }; return", false},
		{"not that name", "for _, n := range names { if n != \"primary\" { open() } }; return", false},
		{"switch", "for _, n := range names { switch n { case \"a\": work(); case \"b\": open() } }; return", true},
		{"default", "for _, n := range names { switch n { case \"a\": work(); default: open() } }; return", false},
		{"number", "for i := range names { if i == 0 { open() } }; return", true},
		{"range of numbers", "for i := range names { if i > 2 { open() } }; return", false},
		{"another name", "for i, n := range names { if n == names[i/2] { open() } }; return", false},
		{"nil", "for range names { if db == nil { open() } }; return", false},
		{"flag", "for range names { if cond() == true { open() } }; return", false},
		{"select", "a, b := make(chan int), make(chan int); for { select { case <-a: open(); case <-b: } }", false},
		{"deeper", "for _, n := range names { if n == \"a\" { if cond() { open() } } }; return", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			funcs := load(t, "func f(names []string) (db *DB, err error) {\n"+test.body+"\n}")
			if got := repeat.ForOne(callOf(t, funcs, "open")); got != test.want {
				t.Errorf("for one: %v, want %v\n%s", got, test.want, test.body)
			}
		})
	}
}
