package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// shapes is a program with interfaces of its own over the libraries.
const shapes = `package app

import (
	"context"
	"database/sql"

	pgx4 "github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type Pgx interface {
	Acquire(ctx context.Context) (*pgxpool.Conn, error)
	AcquireAllIdle(ctx context.Context) []*pgxpool.Conn
	AcquireFunc(ctx context.Context, run func(c *pgxpool.Conn) error) error
	Begin(ctx context.Context) (pgx.Tx, error)
	BeginTx(ctx context.Context, opts pgx.TxOptions) (pgx.Tx, error)
	CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, src pgx.CopyFromSource) (int64, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Hijack() *pgx.Conn
	Ping(ctx context.Context) error
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

type Batch interface {
	Query() (pgx.Rows, error)
	QueryRow() pgx.Row
}

type Pgx4 interface {
	Query(ctx context.Context, sql string, args ...any) (pgx4.Rows, error)
	BeginFunc(ctx context.Context, f func(pgx4.Tx) error) error
}

type SQL interface {
	Begin() (*sql.Tx, error)
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
	Conn(ctx context.Context) (*sql.Conn, error)
	Exec(query string, args ...any) (sql.Result, error)
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	Query(query string, args ...any) (*sql.Rows, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

type Sqlx interface {
	QueryxContext(ctx context.Context, query string, args ...any) (*sqlx.Rows, error)
	MustBegin() *sqlx.Tx
}

// Wrapped has the names of pgx and the types of database/sql.
type Wrapped interface {
	Begin(ctx context.Context) (*sql.Tx, error)
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

type Others interface {
	Begin(ctx context.Context) pgx.Tx
	Find(ctx context.Context) (pgx.Rows, error)
	Query(ctx context.Context, sql string) (string, error)
	QueryRow(sql string) pgx.Row
}

type TxFunc func(pgx4.Tx) error

type Named interface {
	BeginFunc(ctx context.Context, f TxFunc) error
}

type Outer interface{ Pgx }

type Generic[R any] interface {
	Query(ctx context.Context, sql string, args ...any) (R, error)
}

type Repo struct{}

func (*Repo) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) { return nil, nil }

func Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) { return nil, nil }

var (
	Instance  Generic[pgx.Rows]
	Anonymous interface {
		Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	}
)
`

type importerFunc func(path string) *types.Package

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path), nil }

// checkProgram type-checks a source file against the real libraries.
func checkProgram(t *testing.T, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "app.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Importer: importerFunc(lookup(t))}
	pkg, err := config.Check("example.com/app", fset, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// TestShape knows the methods of a user's interfaces by name and types.
func TestShape(t *testing.T) {
	const (
		pool5 = "(*github.com/jackc/pgx/v5/pgxpool.Pool)."
		pool4 = "(*github.com/jackc/pgx/v4/pgxpool.Pool)."
		batch = "(github.com/jackc/pgx/v5.BatchResults)."
		std   = "(*database/sql.DB)."
		sqlx  = "(*github.com/jmoiron/sqlx.DB)."
	)
	app := checkProgram(t, shapes)
	for _, test := range []struct {
		typ, method, like string
		holds             Holds
	}{
		{"Pgx", "Acquire", pool5 + "Acquire", SlotIfPool},
		{"Pgx", "AcquireAllIdle", pool5 + "AcquireAllIdle", SlotIfPool},
		{"Pgx", "AcquireFunc", pool5 + "AcquireFunc", SlotIfPool},
		{"Pgx", "Begin", pool5 + "Begin", SlotIfPool},
		{"Pgx", "BeginTx", pool5 + "BeginTx", SlotIfPool},
		{"Pgx", "CopyFrom", pool5 + "CopyFrom", SlotIfPool},
		{"Pgx", "Exec", pool5 + "Exec", SlotIfPool},
		{"Pgx", "Hijack", "", 0}, // only one type has it
		{"Pgx", "Ping", "", 0},   // nothing of a library in it
		{"Pgx", "Query", pool5 + "Query", SlotIfPool},
		{"Pgx", "QueryRow", pool5 + "QueryRow", SlotIfPool},
		{"Pgx", "SendBatch", pool5 + "SendBatch", SlotIfPool},

		{"Batch", "Query", batch + "Query", Parent},
		{"Batch", "QueryRow", batch + "QueryRow", Parent},

		{"Pgx4", "Query", pool4 + "Query", SlotIfPool},
		{"Pgx4", "BeginFunc", pool4 + "BeginFunc", SlotIfPool},
		{"Named", "BeginFunc", pool4 + "BeginFunc", SlotIfPool},

		{"SQL", "Begin", std + "Begin", SlotIfPool},
		{"SQL", "BeginTx", std + "BeginTx", SlotIfPool},
		{"SQL", "Conn", std + "Conn", SlotIfPool},
		{"SQL", "Exec", std + "Exec", SlotIfPool},
		{"SQL", "PrepareContext", std + "PrepareContext", Nothing},
		{"SQL", "Query", std + "Query", SlotIfPool},
		{"SQL", "QueryContext", std + "QueryContext", SlotIfPool},
		{"SQL", "QueryRowContext", std + "QueryRowContext", SlotIfPool},

		{"Sqlx", "QueryxContext", sqlx + "QueryxContext", SlotIfPool},
		{"Sqlx", "MustBegin", sqlx + "MustBegin", SlotIfPool},

		{"Wrapped", "Begin", std + "BeginTx", SlotIfPool},
		{"Wrapped", "Exec", std + "ExecContext", SlotIfPool},
		{"Wrapped", "Query", std + "QueryContext", SlotIfPool},

		{"Others", "Begin", "", 0},    // no error
		{"Others", "Find", "", 0},     // a name of its own
		{"Others", "Query", "", 0},    // another result
		{"Others", "QueryRow", "", 0}, // neither a context nor a batch's

		{"Outer", "Query", pool5 + "Query", SlotIfPool},
		{"Repo", "Query", pool5 + "Query", SlotIfPool},
		{"Instance", "Query", pool5 + "Query", SlotIfPool},
		{"Anonymous", "Query", pool5 + "Query", SlotIfPool},
	} {
		m := findMethod(app.Scope().Lookup(test.typ).Type(), test.method, app)
		row := Default().Shape(m)
		switch {
		case row == nil && test.like != "":
			t.Errorf("%s.%s is like nothing, want %s", test.typ, test.method, test.like)
		case row == nil:
			// as it should be
		case row.Note != "by its shape "+test.like || row.Holds != test.holds:
			t.Errorf("%s.%s: %s, %s; want %s, %s", test.typ, test.method, row.Note, row.Holds, test.like, test.holds)
		}
	}
	if row := Default().Shape(app.Scope().Lookup("Query").(*types.Func)); row != nil {
		t.Errorf("a function is like %v", row)
	}
	if row := Default().Shape(method(t, "database/sql", "DB", "Query")); row != nil {
		t.Errorf("a method with a row is like %v", row)
	}
}

// TestShapeRow gives the method its own name and the library's effect.
func TestShapeRow(t *testing.T) {
	app := checkProgram(t, shapes)
	for typ, want := range map[string]string{
		"Wrapped":   "(example.com/app.Wrapped).Query: acquire rows slot-if-pool, freed by Close Next=false Err=err ctx, blocks, nothing on error",
		"Repo":      "(*example.com/app.Repo).Query: acquire rows slot-if-pool, freed by Close Next=false Scan=err Values=err Err=err, blocks, nothing on error",
		"Anonymous": "(example.com/app.interface).Query: acquire rows slot-if-pool, freed by Close Next=false Scan=err Values=err Err=err, blocks, nothing on error",
	} {
		if got := Default().Shape(findMethod(app.Scope().Lookup(typ).Type(), "Query", app)).String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestShapeOfUserRow knows the interface over a user's own wrapper, whose parameters no row tells.
func TestShapeOfUserRow(t *testing.T) {
	c, err := Default().With([]Row{{
		Path: "example.com/app/db", Recv: "*Store", Func: "Find",
		Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Slot, Freed: pgxRowsFreed, NothingOnErr: true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	app := checkProgram(t, shapes)
	if row := c.Shape(findMethod(app.Scope().Lookup("Others").Type(), "Find", app)); row == nil || row.Holds != SlotIfPool {
		t.Errorf("Find is like %v", row)
	}
}

// TestContextFirst compares what shapes assume of the parameters of each row with the real ones.
func TestContextFirst(t *testing.T) {
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			if r.Recv == "" || r.Type == "" || r.FreesReceiver {
				continue // no shape
			}
			fn, err := findFunc(library(t, l.Path), r)
			if err != nil {
				continue // TestRowsResolve reports it
			}
			if r.contextFirst() != takesContext(fn.Signature()) {
				t.Errorf("%s: takes a context first: %t, shapes assume the opposite; if the methods of the library take none, write NoCtx in it, "+
					"else see contextFirst", r.Name(), takesContext(fn.Signature()))
			}
			if r.Kind != Neutral && r.NothingOnErr != returnsError(fn.Signature()) {
				t.Errorf("%s: returns an error: %t, and its row has NothingOnErr: %t", r.Name(), returnsError(fn.Signature()), r.NothingOnErr)
			}
		}
	}
}
