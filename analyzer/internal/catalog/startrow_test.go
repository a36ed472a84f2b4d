package catalog

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"strings"
	"testing"
)

// TestStartRow decodes rows of what starts goroutines and waits for them.
func TestStartRow(t *testing.T) {
	const path = "example.com/app/bg"
	for in, want := range map[string]Row{
		`{"func": "example.com/app/bg.Safe", "kind": "start"}`: {
			Func: "Safe", Kind: Start,
		},
		`{"func": "example.com/app/bg.All", "kind": "start", "arg": 2, "each": true, "bounded": true}`: {
			Func: "All", Kind: Start, Arg: 2, Each: true, Bounded: true,
		},
		`{"func": "(*example.com/app/bg.Group).Go", "kind": "start", "bound": "SetMax", "note": "ours"}`: {
			Recv: "*Group", Func: "Go", Kind: Start, Bound: "SetMax", Note: "ours",
		},
		`{"func": "(example.com/app/bg.Crew[T]).Run", "kind": "start", "arg": 1, "bound-by-maker": true}`: {
			Recv: "Crew", Func: "Run", Kind: Start, Arg: 1, BoundByMaker: true,
		},
		`{"func": "(*example.com/app/bg.Group).Wait", "kind": "join"}`: {
			Recv: "*Group", Func: "Wait", Kind: Join,
		},
	} {
		got, err := userRow(t, in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if want.Path, want.user = path, true; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", in, got, want)
		}
	}
}

// userRow decodes a row as a user writes it.
func userRow(t *testing.T, in string) (Row, error) {
	t.Helper()
	var u UserRow
	if err := json.Unmarshal([]byte(in), &u); err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	return u.Row()
}

// TestStartRowErrors gives rows that mean nothing; the error names the key and what it may be.
func TestStartRowErrors(t *testing.T) {
	const (
		start  = `{"func": "p/q.F", "kind": "start", `
		method = `{"func": "(*p/q.T).F", "kind": "start", `
		join   = `{"func": "(*p/q.T).F", "kind": "join", `
	)
	for in, want := range map[string]string{
		start + `"arg": -1}`:                                       `arg: -1: arguments count from 0`,
		start + `"each": true}`:                                    `arg: 0 is the collection if each is set`,
		start + `"bound": "SetLimit"}`:                             `bound: needs a receiver; write bounded: true`,
		start + `"bound-by-maker": true}`:                          `bound-by-maker: needs a receiver; write bounded: true`,
		method + `"bound": "(*p/q.T).SetLimit"}`:                   `bound: "(*p/q.T).SetLimit": the name of a method`,
		method + `"bound": "SetLimit", "bound-by-maker": true}`:    `bound-by-maker: bound names what bounds them already`,
		method + `"bound": "SetLimit", "bounded": true}`:           `bounded: is for what bounds them itself`,
		method + `"bound-by-maker": true, "bounded": true}`:        `bounded: is for what bounds them itself`,
		method + `"resource": "rows"}`:                             `resource: start has none; it says nothing of connections`,
		method + `"type": "*p/q.T"}`:                               `type: start has none`,
		method + `"result": 1}`:                                    `result: start has none`,
		method + `"out-arg": 1}`:                                   `out-arg: start has none`,
		method + `"handle": 1}`:                                    `handle: start has none`,
		method + `"holds": "slot"}`:                                `holds: start has none`,
		method + `"freed": ["Close"]}`:                             `freed: start has none`,
		method + `"ctx": true}`:                                    `ctx: start has none`,
		method + `"alias": true}`:                                  `alias: start has none`,
		method + `"transient": true}`:                              `transient: start has none`,
		method + `"blocks": true}`:                                 `blocks: start has none`,
		method + `"callback": true}`:                               `callback: start has none`,
		method + `"nothing-on-error": true}`:                       `nothing-on-error: start has none`,
		method + `"frees-receiver": true}`:                         `frees-receiver: start has none`,
		join + `"holds": "slot"}`:                                  `holds: join has none`,
		join + `"arg": 1}`:                                         `arg: only consume and start have one`,
		join + `"each": true}`:                                     `each: only start has one`,
		join + `"bound": "SetLimit"}`:                              `bound: only start has one`,
		join + `"bound-by-maker": true}`:                           `bound-by-maker: only start has one`,
		join + `"bounded": true}`:                                  `bounded: only start has one`,
		`{"func": "p/q.F", "kind": "neutral", "bounded": true}`:    `bounded: only start has one`,
		`{"func": "p/q.F", "kind": "neutral", "each": true}`:       `each: only start has one`,
		`{"func": "p/q.F", "kind": "spawn"}`:                       `kind: unknown "spawn" (known: neutral, construct, acquire, release, consume, start, join`,
		`{"func": "(*p/q.*T).F", "kind": "start"}`:                 `func: malformed`,
		`{"func": "p/q.F", "kind": "start", "resource": "thread"}`: `resource: unknown "thread"`,
	} {
		row, err := userRow(t, in)
		if err == nil {
			t.Errorf("%s: no error, row %v", in, &row)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\ngot  %v\nwant %s", in, err, want)
		}
	}
}

// spawnSource is a package that starts goroutines in all the ways that a row can describe.
const spawnSource = `package bg

import "context"

type Group struct{}

func (g *Group) Go(f func() error)  {}
func (g *Group) SetMax(n int)       {}
func (g *Group) SetName(s string)   {}
func (g *Group) Reset()             {}
func (g *Group) Wait()              {}

type Crew[T any] struct{}

func NewCrew[T any](n int) (*Crew[T], error) { return nil, nil }

func (c *Crew[T]) Run(name string, f func(T)) {}

type Runner interface{ Run(f func()) }

type runner struct{}

func (r runner) Run(f func()) {}

func NewRunner(n uint8) Runner { return nil }

type Loner struct{}

func NewLoner(name string) *Loner { return nil }

func (l *Loner) Do(f func()) {}

type Job func()

func Safe(f Job)                                                 {}
func Several(fs ...func())                                       {}
func Slice(fs []func())                                          {}
func Names(names ...string)                                     {}
func Named(name string)                                          {}
func Nothing()                                                   {}
func Any[F ~func()](f F)                                         {}
func All[T any](ctx context.Context, items []T, f func(T))       {}
func AllOf[S ~[]T, T any](items S, f func(T))                    {}
func Times(n int, f func(int))                                   {}
func Array(items *[4]int, f func(int))                           {}
func Over(name string, f func())                                 {}
func Behind(ctx context.Context, f func(int), items []int)       {}
func Pointed(items *[]int, f func(int))                          {}
`

// spawnPackage is the package of spawnSource.
func spawnPackage(t *testing.T) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "bg.go", spawnSource, 0)
	if err != nil {
		t.Fatal(err)
	}
	context := library(t, "context")
	config := types.Config{Importer: importer(func(string) (*types.Package, error) { return context, nil })}
	pkg, err := config.Check("example.com/app/bg", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

type importer func(string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// TestCheckStart compares rows with the functions they speak of.
func TestCheckStart(t *testing.T) {
	pkg := spawnPackage(t)
	for _, test := range []struct {
		want string
		row  Row
	}{
		{"", Row{Recv: "*Group", Func: "Go", Bound: "SetMax"}},
		{"", Row{Recv: "*Crew", Func: "Run", Arg: 1, BoundByMaker: true}},
		{"", Row{Recv: "Runner", Func: "Run", BoundByMaker: true}},
		{"", Row{Recv: "runner", Func: "Run", BoundByMaker: true}},
		{"", Row{Recv: "*Loner", Func: "Do", Bounded: true}},
		{"", Row{Func: "Safe"}},
		{"", Row{Func: "Several"}},
		{"", Row{Func: "Any"}},
		{"", Row{Func: "All", Arg: 2, Each: true}},
		{"", Row{Func: "AllOf", Arg: 1, Each: true}},
		{"", Row{Func: "Times", Arg: 1, Each: true}},
		{"", Row{Func: "Array", Arg: 1, Each: true}},
		{"", Row{Recv: "*Group", Func: "Wait", Kind: Join}},
		{"has no function Unsafe", Row{Func: "Unsafe"}},
		{"has no method Stop", Row{Recv: "*Group", Func: "Stop", Kind: Join}},
		{`declared otherwise (did you mean "(*example.com/app/bg.Group).Go"?)`, Row{Recv: "Group", Func: "Go"}},
		{"arg: 0, but the function has 0", Row{Func: "Nothing"}},
		{"arg: 1, but the function has 1", Row{Func: "Safe", Arg: 1}},
		{"arg: argument 0 is a string, no function", Row{Func: "Named"}},
		{"arg: argument 0 is a []func(), no function", Row{Func: "Slice"}},
		{"arg: argument 0 is a string, no function", Row{Func: "Names"}},
		{"each: argument 0 is a string, no collection", Row{Func: "Over", Arg: 1, Each: true}},
		{"each: argument 0 is a *[]int, no collection", Row{Func: "Pointed", Arg: 1, Each: true}},
		{"each: no collection stands before argument 1", Row{Func: "Behind", Arg: 1, Each: true}},
		{"bound: *example.com/app/bg.Group has no method SetLimit", Row{Recv: "*Group", Func: "Go", Bound: "SetLimit"}},
		{"bound: the first argument of SetName is no number", Row{Recv: "*Group", Func: "Go", Bound: "SetName"}},
		{"bound: the first argument of Reset is no number", Row{Recv: "*Group", Func: "Go", Bound: "Reset"}},
		{"bound-by-maker: no function of package example.com/app/bg makes a Loner of a number", Row{Recv: "*Loner", Func: "Do", BoundByMaker: true}},
		{"bound-by-maker: no function of package example.com/app/bg makes a Group of a number", Row{Recv: "*Group", Func: "Go", BoundByMaker: true}},
	} {
		test.row.Path = "example.com/app/bg"
		if test.row.Kind == Neutral {
			test.row.Kind = Start
		}
		errs := Check([]Row{test.row}, func(string) *types.Package { return pkg })
		switch {
		case test.want == "" && len(errs) > 0:
			t.Errorf("%v: %v", &test.row, errs)
		case test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Error(), test.want)):
			t.Errorf("%v: got %v, want %s", &test.row, errs, test.want)
		}
	}
}

// TestStarters compares the libraries' starters with the real libraries, as the rows that a user would write.
func TestStarters(t *testing.T) {
	pkgs, found := entryPackages(t), 0
	for name, s := range starters {
		path, recv, fn, err := splitFunc(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if pkgs[path] == nil || findIn(pkgs[path], recv, fn) == nil {
			continue // a library or version that the test module does not need
		}
		if fn == "Invoke" {
			continue // it is given an argument of the function that its maker was given
		}
		found++
		row := Row{Path: path, Recv: recv, Func: fn, Kind: Start, Arg: s.Arg, Each: s.Each, Bound: s.Setter}
		if err := validateRow(&row); err != nil {
			t.Error(err)
		} else if err := checkStart(&row, findIn(pkgs[path], recv, fn)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if found < 20 {
		t.Errorf("%d starters in reach: go.mod is not understood", found)
	}
}

// TestWithStart adds a user's rows to the catalog: they say what starts and waits, and nothing else.
func TestWithStart(t *testing.T) {
	pkg := spawnPackage(t)
	const path = "example.com/app/bg"
	c, err := Default().With([]Row{
		{Path: path, Recv: "*Group", Func: "Go", Kind: Start, Bound: "SetMax"},
		{Path: path, Recv: "*Group", Func: "Wait", Kind: Join},
		{Path: path, Recv: "Runner", Func: "Run", Kind: Start, BoundByMaker: true},
		{Path: "golang.org/x/sync/errgroup", Recv: "*Group", Func: "Go", Kind: Start, Bounded: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	started, wait, run := findIn(pkg, "Group", "Go"), findIn(pkg, "Group", "Wait"), findIn(pkg, "Runner", "Run")
	if s := c.StarterOf(started); s == nil || *s != (Starter{Setter: "SetMax"}) {
		t.Errorf("Group.Go: %+v", s)
	}
	if s := c.StarterOf(run); s == nil || *s != (Starter{Maker: true}) {
		t.Errorf("Runner.Run: %+v", s)
	}
	if !c.Joins(wait) || c.Joins(started) || c.StarterOf(wait) != nil {
		t.Error("Wait starts, or Go waits")
	}
	if !c.Spawns(started) || !c.Spawns(wait) || c.Spawns(findIn(pkg, "Group", "SetMax")) {
		t.Error("the rows are not known as such")
	}
	if c.Func(started) != nil || c.Func(wait) != nil || c.Shape(run) != nil {
		t.Error("a row of a goroutine says something of connections")
	}
	errgroup := findIn(entryPackages(t)["golang.org/x/sync/errgroup"], "*Group", "Go")
	if s := c.StarterOf(errgroup); s == nil || !s.Bounded {
		t.Errorf("the user's row lost: %+v", s)
	}
	if s := Default().StarterOf(errgroup); s == nil || s.Bounded || Default().Spawns(errgroup) {
		t.Errorf("the default catalog has changed: %+v", s)
	}
	if Default().StarterOf(started) != nil || Default().Joins(wait) || c.Joins(nil) || c.Spawns(nil) {
		t.Error("functions without rows start something")
	}
	if paths := c.Paths(); !strings.Contains(strings.Join(paths, " "), path) {
		t.Errorf("paths: %v", paths)
	}
}
