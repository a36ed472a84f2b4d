package summary

import (
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// packageFacts is what importers of packages that are on no disk are told: by "pkg.F" or "pkg.T.M".
type packageFacts struct {
	funcs   map[string]*fact.Func    // those without a fact are left out
	latents map[string][]fact.Latent // by package
}

// factsOfAll analyzes packages of one file each, by their folder below testdata/lostrelease/overlaid, each an import path of the
// others. They exist for these tests only.
func factsOfAll(t *testing.T, cfg Config, sources map[string]string) packageFacts {
	t.Helper()
	dir, err := filepath.Abs("../../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	overlay, patterns := map[string][]byte{}, []string{}
	for folder, src := range sources {
		overlay[filepath.Join(dir, "lostrelease", "overlaid", folder, "overlaid.go")] = []byte(src)
		patterns = append(patterns, "./lostrelease/overlaid/"+folder)
	}
	slices.Sort(patterns)
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir, Overlay: overlay}, patterns...)
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal("cannot load: ", err)
	}
	a := New(cfg)
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	facts := packageFacts{map[string]*fact.Func{}, map[string][]fact.Latent{}}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		pkg := act.Package.Types
		for _, obj := range act.Package.TypesInfo.Defs {
			fn, ok := obj.(*types.Func)
			if f := new(fact.Func); ok && act.ObjectFact(fn, f) {
				facts.funcs[pkg.Name()+"."+functionOf(fn)] = f
			}
		}
		if f := new(fact.Package); act.PackageFact(pkg, f) {
			facts.latents[pkg.Name()] = f.Latents
		}
	}
	return facts
}

// functionOf is the name of a function, with that of its receiver.
func functionOf(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	if named, ok := types.Unalias(program.Pointee(recv.Type())).(*types.Named); ok {
		return named.Obj().Name() + "." + fn.Name()
	}
	return fn.Name()
}

// lenders is a package of helpers that hold a connection while they run what they are given.
const lenders = `package lenders

import (
	"context"
	"database/sql"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func WithTx(ctx context.Context, db *sql.DB, run func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := run(tx); err != nil {
		return err
	}
	return tx.Commit()
}

type Store struct{ Pool *pgxpool.Pool }

func (s *Store) WithTx(ctx context.Context, run func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.Pool, run)
}

func (s *Store) Wrapped(ctx context.Context, run func() error) error {
	return s.WithTx(ctx, func(pgx.Tx) error { return run() })
}

type Worker interface {
	Work(ctx context.Context) error
	Name() string
}

func Guard(ctx context.Context, w Worker, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return w.Work(ctx)
}

func Each(ctx context.Context, db *sql.DB) iter.Seq[int] {
	return func(yield func(int) bool) {
		rows, err := db.QueryContext(ctx, "select id from items")
		if err != nil {
			return
		}
		defer rows.Close()
		for rows.Next() {
			var id int
			if rows.Scan(&id) != nil || !yield(id) {
				return
			}
		}
	}
}

func After(ctx context.Context, db *sql.DB, run func(), id int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	run()
	return nil
}

func Elsewhere(ctx context.Context, db *sql.DB, run func()) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	go run()
	return tx.Commit()
}

func (s *Store) Elsewhere(ctx context.Context, run func()) error {
	return s.WithTx(ctx, func(pgx.Tx) error {
		go run()
		return nil
	})
}

func Both(db *sql.DB) error {
	rows, err := db.Query("select 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = db.Exec("update items set n = 1")
	return err
}

func OnTx(tx *sql.Tx, run func()) error {
	rows, err := tx.Query("select 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	run()
	return rows.Err()
}
`

// borrowers uses the lenders from another package.
const borrowers = `package borrowers

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"example.com/poolvet/testdata/lostrelease/overlaid/lenders"
)

func Through(ctx context.Context, run func(*sql.Tx) error, db *sql.DB) error {
	return lenders.WithTx(ctx, db, run)
}

func Plain(ctx context.Context, db *sql.DB) error {
	return lenders.WithTx(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.Exec("update items set n = 1")
		return err
	})
}

func Deep(ctx context.Context, db *sql.DB) error {
	rows, err := db.Query("select 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	return Nested(ctx, db)
}

func Nested(ctx context.Context, db *sql.DB) error {
	return lenders.WithTx(ctx, db, func(*sql.Tx) error {
		_, err := db.Exec("update items set n = 1")
		return err
	})
}

func Tree(ctx context.Context, db *sql.DB, n int) error {
	rows, err := db.Query("select 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := Tree(ctx, db, n-1); err != nil {
			return err
		}
	}
	return rows.Err()
}

func Across(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := lenders.Both(db); err != nil {
		return err
	}
	return tx.Commit()
}

func Fetch(ctx context.Context, s *lenders.Store) error {
	return s.WithTx(ctx, func(pgx.Tx) error {
		return ask()
	})
}

func ask() error {
	_, err := http.Get("http://shop.example")
	return err
}

func Ask() error { return ask() }

func Nap(db *sql.DB) { time.Sleep(5 * time.Millisecond) }

func Naps(db *sql.DB) {
	for range 100 {
		time.Sleep(5 * time.Millisecond)
	}
}

func Later(db *sql.DB) { go ask() }

func Listen(ch chan int) { <-ch }

func Poll(ch chan int) {
	select {
	case <-ch:
	default:
	}
}

type Notifier interface{ Notify(id int) error }

type Shop struct {
	db       *sql.DB
	notifier Notifier
}

func (s *Shop) Order() error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := s.notifier.Notify(1); err != nil {
		return err
	}
	return tx.Commit()
}
`

// described is what a fact says of holding and waiting.
func described(f *fact.Func) string {
	if f == nil {
		return ""
	}
	var parts []string
	for _, l := range f.Lends {
		to := fmt.Sprintf("p%d", l.Param)
		if l.Method != "" {
			to += "." + l.Method
		}
		if l.Returned {
			to = "result's " + to
		}
		parts = append(parts, fmt.Sprintf("lends a %s of p%d to %s (%s)", l.Take.What, l.Take.Handle, to, l.Take.From))
	}
	if s := f.Slow; s != nil {
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("waits for %s %s %s", s.What, s.From, strings.Join(s.Chain, " "))))
	}
	if f.Conns > 1 {
		parts = append(parts, fmt.Sprintf("holds %d", f.Conns))
	}
	return strings.Join(parts, "; ")
}

// TestHoldFacts compares what importers are told of helpers that lend, wait and hold with what these do, across packages.
func TestHoldFacts(t *testing.T) {
	facts := factsOfAll(t, Config{}, map[string]string{"lenders": lenders, "borrowers": borrowers})
	for name, want := range map[string]string{
		"lenders.WithTx":          "lends a tx of p1 to p2 (DB.BeginTx)",
		"lenders.Store.WithTx":    "lends a tx of p0 to p2 (pgx.BeginFunc)",
		"lenders.Store.Wrapped":   "lends a tx of p0 to p2 (pgx.BeginFunc)",
		"lenders.Guard":           "lends a conn of p2 to p1.Work (DB.Conn)",
		"lenders.Each":            "lends a rows of p1 to result's p0 (DB.QueryContext)",
		"lenders.After":           "", // it is over
		"lenders.Elsewhere":       "", // another goroutine runs it
		"lenders.Store.Elsewhere": "",
		"lenders.OnTx":            "", // its caller holds it
		"lenders.Both":            "holds 2",

		"borrowers.Through": "lends a tx of p2 to p1 (DB.BeginTx)",
		"borrowers.Plain":   "",
		"borrowers.Nested":  "holds 2",
		"borrowers.Deep":    "holds 3",
		"borrowers.Tree":    fmt.Sprintf("holds %d", hold.MaxConns),
		"borrowers.Across":  "holds 3",
		"borrowers.Fetch":   "",
		"borrowers.ask":     "waits for HTTP http.Get",
		"borrowers.Ask":     "waits for HTTP http.Get ask",
		"borrowers.Nap":     "", // it is short
		"borrowers.Naps":    "waits for sleeps time.Sleep",
		"borrowers.Later":   "",
		"borrowers.Listen":  "waits for other goroutines",
		"borrowers.Poll":    "",
	} {
		if got := described(facts.funcs[name]); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if at := facts.funcs["borrowers.Ask"].Slow.At; at != "overlaid.go:"+line(borrowers, "http.Get(") {
		t.Errorf("Ask waits at %s", at)
	}
	if got := facts.latents["lenders"]; len(got) != 1 || got[0].Method != "Work" || got[0].In != "Guard" || got[0].What != catalog.Conn {
		t.Errorf("left open: %+v", got)
	}
	want := []fact.Latent{{
		Iface: "example.com/poolvet/testdata/lostrelease/overlaid/borrowers.Notifier", Method: "Notify", In: "Order",
		At: "overlaid.go:" + line(borrowers, "s.notifier.Notify"), Kind: "database/sql",
		Pool: "example.com/poolvet/testdata/lostrelease/overlaid/borrowers.Shop.db", What: catalog.Tx,
	}}
	if got := facts.latents["borrowers"]; !slices.Equal(got, want) {
		t.Errorf("left open: got %+v, want %+v", got, want)
	}
}

// line is the number of the first line of a source that has a text.
func line(src, text string) string {
	before, _, _ := strings.Cut(src, text)
	return fmt.Sprint(1 + strings.Count(before, "\n"))
}
