package summary

import (
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// builders is a package of helpers that build pools, limit them, or run what they are given. It exists for these tests only:
// the programs below testdata are about findings.
const builders = `package overlaid

import (
	"context"
	"database/sql"
	"net/http"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func Open(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) }

func OpenTwice(ctx context.Context, dsn string) error {
	if _, err := Open(dsn); err != nil {
		return err
	}
	_, err := pgxpool.New(ctx, dsn)
	return err
}

func Dial(ctx context.Context, dsn string) (*pgx.Conn, error) { return pgx.Connect(ctx, dsn) }

func Embedded() (*sql.DB, error) { return sql.Open("sqlite3", ":memory:") }

func Wrap(db *pgxpool.Pool) *pgxpool.Pool { return db }

var shared *sql.DB

func Shared(dsn string) (*sql.DB, error) {
	if shared == nil {
		db, err := Open(dsn)
		if err != nil {
			return nil, err
		}
		shared = db
	}
	return shared, nil
}

var once sync.Once

func Once(dsn string) *sql.DB {
	once.Do(func() { shared, _ = Open(dsn) })
	return shared
}

func Handler(w http.ResponseWriter, r *http.Request) { Open("x") }

func Limit(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
}

func LimitTen(db *sql.DB) { db.SetMaxOpenConns(10) }

func LimitOf(m int, db *sql.DB) { Limit(db, m) }

func LimitAtMost(db *sql.DB, n int) { db.SetMaxOpenConns(min(n, 20)) }

func Configured(ctx context.Context, n int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("host=db")
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = n
	return pgxpool.NewWithConfig(ctx, cfg)
}

type Config struct{ MaxOpen, MaxIdle, Retries int }

func (c Config) Open(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err == nil {
		db.SetMaxOpenConns(c.MaxOpen)
		db.SetMaxIdleConns(c.MaxIdle)
	}
	return db, err
}

func Ten() int { return 10 }

func TenOr(n int) int {
	if n > 0 {
		return n
	}
	return 10
}

func Run(name string, do func()) { do() }

func RunEach(names []string, do func(string), done func()) {
	for _, n := range names {
		do(n)
	}
	done()
}

func RunEachDeep(names []string, do func(string)) { RunEach(names, do, func() {}) }

func RunAgain(n int, do func()) {
	for range n {
		Run("again", do)
	}
}

func RunOnce(do func()) { once.Do(func() { do() }) }

var kept []func()

func Keep(do func()) { kept = append(kept, do) }
`

// overlaid is what importers of a package that is on no disk are told.
type overlaid struct {
	funcs  map[string]*fact.Func
	fields map[string]string // "Config.MaxOpen"
}

func overlaidFacts(t *testing.T, src string) overlaid {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir,
		Overlay: map[string][]byte{filepath.Join(dir, "lostrelease", "overlaid", "overlaid.go"): []byte(src)},
	}, "./lostrelease/overlaid")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal("cannot load: ", err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{New(Config{})}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	facts := overlaid{map[string]*fact.Func{}, map[string]string{}}
	for _, act := range graph.Roots {
		scope := act.Package.Types.Scope()
		for _, name := range scope.Names() {
			switch obj := scope.Lookup(name).(type) {
			case *types.Func:
				f := new(fact.Func)
				act.ObjectFact(obj, f) // it stays empty if there is none
				facts.funcs[name] = f
			case *types.TypeName:
				st, ok := obj.Type().Underlying().(*types.Struct)
				for i := 0; ok && i < st.NumFields(); i++ {
					if f := new(fact.Field); act.ObjectFact(st.Field(i), f) {
						facts.fields[name+"."+st.Field(i).Name()] = f.String()
					}
				}
			}
		}
	}
	return facts
}

// TestBuildFacts compares what importers are told of builders with what these do.
func TestBuildFacts(t *testing.T) {
	const owned = "owns pool: held at r0 when r0 not nil and r1 nil"
	facts := overlaidFacts(t, builders)
	for name, want := range map[string]string{
		"Open":      owned + "; builds sql.Open",
		"OpenTwice": "builds sql.Open; builds pgxpool.New",
		"Dial":      "owns conn: held at r0 when r0 not nil and r1 nil; builds pgx.Connect",
		"Embedded":  owned, // no server counts it
		"Wrap":      "",
		"Shared":    "", // what it builds it keeps
		"Once":      "",
		"Handler":   "", // it is reported there

		"Limit":       "p0 pool: held; sets max open of p0; sets max idle of p0; p1 is max open; p1 is max idle",
		"LimitTen":    "p0 pool: held; sets max open of p0",
		"LimitOf":     "p1 pool: held; sets max open of p1; sets max idle of p1; p0 is max open; p0 is max idle",
		"LimitAtMost": "p0 pool: held; sets max open of p0", // p1 is no limit: it is bounded
		"Configured":  owned + "; builds pgxpool.NewWithConfig; p1 is max open",

		"Run":         "p1 func: released; runs p1",
		"RunEach":     "p2 func: released; runs p1; runs p2",
		"RunEachDeep": "runs p1",
		"RunOnce":     "p0 func: released",
		"Keep":        "p0 func: escaped",
	} {
		if got := facts.funcs[name].String(); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if want := map[string]string{"Config.MaxOpen": "is max open", "Config.MaxIdle": "is max idle"}; !maps.Equal(facts.fields, want) {
		t.Errorf("fields: got %v, want %v", facts.fields, want)
	}
}

// TestSilentFacts looks at what the readable form of a fact leaves out.
func TestSilentFacts(t *testing.T) {
	facts := overlaidFacts(t, builders)
	if l := facts.funcs["Ten"].Limits; l == nil || len(l.Constant) != 1 || l.Constant[0] != 10 {
		t.Errorf("Ten: %+v", l)
	}
	if l := facts.funcs["TenOr"].Limits; l != nil && len(l.Constant) > 0 {
		t.Errorf("TenOr always returns %d", l.Constant)
	}
	for name, want := range map[string][]fact.ParamRun{
		"Run":         {{Param: 1}},
		"RunEach":     {{Param: 1, Loop: true}, {Param: 2}},
		"RunEachDeep": {{Param: 1, Loop: true}},
		"RunAgain":    {{Param: 1, Loop: true, Count: 1}},
		"RunOnce":     nil,
	} {
		if got := facts.funcs[name].Runs; !slices.Equal(got, want) {
			t.Errorf("%s: runs %+v, want %+v", name, got, want)
		}
	}
	for name, want := range map[string][]fact.ParamDSN{
		"Open":      {{Param: 0, Parses: false}},                           // database/sql sends the keys to the server
		"OpenTwice": {{Param: 1, Parses: false}, {Param: 1, Parses: true}}, // by Open, and by pgxpool
		"Dial":      {{Param: 1, Parses: false}},
	} {
		var got []fact.ParamDSN
		if l := facts.funcs[name].Limits; l != nil {
			got = l.DSNs
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: connection strings %+v, want %+v", name, got, want)
		}
	}
	if b := facts.funcs["OpenTwice"].Builds; len(b) != 2 || !slices.Equal(b[0].Chain, []string{"Open"}) || b[0].At != "overlaid.go:13" || len(b[1].Chain) != 0 {
		t.Errorf("OpenTwice builds %+v", b)
	}
}
