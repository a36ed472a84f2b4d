package catalog

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// TestFunc finds rows by the object of a call.
func TestFunc(t *testing.T) {
	for _, test := range []struct{ path, typ, method, want string }{
		{"database/sql", "", "Open", "database/sql.Open"},
		{"database/sql", "DB", "Query", "(*database/sql.DB).Query"},
		{"database/sql", "IsolationLevel", "String", ""},
		{"fmt", "", "Println", ""},
		{"github.com/jackc/pgx/v5/pgxpool", "Pool", "Query", "(*github.com/jackc/pgx/v5/pgxpool.Pool).Query"},
		{"github.com/jackc/pgx/v5", "", "CollectRows", "github.com/jackc/pgx/v5.CollectRows"},
		{"github.com/jackc/pgx/v5", "Rows", "Close", "(github.com/jackc/pgx/v5.Rows).Close"},
		{"github.com/jackc/pgx/v4", "Tx", "BeginFunc", "(github.com/jackc/pgx/v4.Tx).BeginFunc"},

		// Promoted methods are those of the type that declares them.
		{"github.com/jmoiron/sqlx", "DB", "Query", "(*database/sql.DB).Query"},
		{"github.com/jmoiron/sqlx", "DB", "Queryx", "(*github.com/jmoiron/sqlx.DB).Queryx"},
		{"github.com/jmoiron/sqlx", "Tx", "Commit", "(*database/sql.Tx).Commit"},
		{"github.com/jmoiron/sqlx", "Rows", "Close", "(*database/sql.Rows).Close"},
		{"github.com/jmoiron/sqlx", "Conn", "Close", "(*database/sql.Conn).Close"},
		{"github.com/jmoiron/sqlx", "Ext", "Queryx", "(github.com/jmoiron/sqlx.Queryer).Queryx"},
		{"github.com/Masterminds/squirrel", "Runner", "Query", "(github.com/Masterminds/squirrel.Queryer).Query"},
		{"github.com/georgysavva/scany/v2/pgxscan", "RowsAdapter", "Next", "(github.com/jackc/pgx/v5.Rows).Next"},

		{"github.com/jackc/puddle/v2", "Pool", "Acquire", "(*github.com/jackc/puddle/v2.Pool).Acquire"},
	} {
		got := ""
		if r := Default().Func(method(t, test.path, test.typ, test.method)); r != nil {
			got = r.Name()
		}
		if got != test.want {
			t.Errorf("%s.%s.%s: got row %q, want %q", test.path, test.typ, test.method, got, test.want)
		}
	}
}

// TestFuncOfInstance finds the rows of a generic type by the methods of an instance of it.
func TestFuncOfInstance(t *testing.T) {
	pool, err := types.Instantiate(nil, library(t, "github.com/jackc/puddle/v2").Scope().Lookup("Pool").Type(), []types.Type{types.Typ[types.Int]}, true)
	if err != nil {
		t.Fatal(err)
	}
	acquire := findMethod(pool, "Acquire", nil)
	if r := Default().Func(acquire); r == nil || r.Func != "Acquire" {
		t.Errorf("%s has row %v", acquire.FullName(), r)
	}
	if class := Default().Type(acquire.Signature().Results().At(0).Type()); class == nil || class.Resource != Conn {
		t.Errorf("the result of %s has class %v", acquire.FullName(), class)
	}
}

// TestFuncOddObjects passes objects that no row can name, and a package under other paths.
func TestFuncOddObjects(t *testing.T) {
	c := Default()
	if r := c.Func(nil); r != nil {
		t.Errorf("nil has row %v", r)
	}
	if r := c.Func(findMethod(types.Universe.Lookup("error").Type(), "Error", nil)); r != nil {
		t.Errorf("error.Error has row %v", r)
	}
	signature := func(recv *types.Var) *types.Signature { return types.NewSignatureType(recv, nil, nil, nil, nil, false) }
	literal := types.NewInterfaceType([]*types.Func{types.NewFunc(token.NoPos, library(t, "database/sql"), "Close", signature(nil))}, nil)
	if r := c.Func(literal.Method(0)); r != nil {
		t.Errorf("a method of an interface literal has row %v", r)
	}
	for _, path := range []string{"example.com/app/vendor/github.com/jmoiron/sqlx", "vendor/github.com/jmoiron/sqlx", "github.com/jmoiron/sqlx [github.com/jmoiron/sqlx.test]"} {
		pkg := types.NewPackage(path, "sqlx")
		db := types.NewNamed(types.NewTypeName(token.NoPos, pkg, "DB", nil), types.NewStruct(nil, nil), nil)
		fn := types.NewFunc(token.NoPos, pkg, "Queryx", signature(types.NewVar(token.NoPos, pkg, "", types.NewPointer(db))))
		if r := c.Func(fn); r == nil || r.Name() != "(*github.com/jmoiron/sqlx.DB).Queryx" {
			t.Errorf("%s has row %v", fn.FullName(), r)
		}
		if !c.IsLibrary(path) {
			t.Errorf("%s is no library", path)
		}
		if class := c.Type(types.NewPointer(db)); class == nil || class.Resource != Pool {
			t.Errorf("*DB of %s has class %v", path, class)
		}
	}
}

// TestWith adds a user's rows: they win over those of the libraries, and do not change the catalog they are added to.
func TestWith(t *testing.T) {
	own := Row{Path: "database/sql", Recv: "*DB", Func: "Query", Kind: Neutral, Note: "mine"}
	store := Row{
		Path: "example.com/app/db", Recv: "*Store", Func: "Rows",
		Kind: Acquire, Resource: Rows, Type: pgxRows, Holds: Slot, Freed: pgxRowsFreed, NothingOnErr: true,
	}
	c, err := Default().With([]Row{own, store})
	if err != nil {
		t.Fatal(err)
	}
	query := method(t, "database/sql", "DB", "Query")
	if r := c.Func(query); r == nil || r.Note != "mine" {
		t.Errorf("the user's row lost: %v", r)
	}
	if r := Default().Func(query); r.Kind != Acquire {
		t.Errorf("the default catalog has changed: %v", r)
	}
	if c.IsLibrary("example.com/app/db") {
		t.Error("a user's package is a library")
	}
	if paths := c.Paths(); !slices.Contains(paths, "example.com/app/db") || !slices.IsSorted(paths) {
		t.Errorf("paths: %v", paths)
	}
	if c.funcs[store.Name()] == nil {
		t.Errorf("no row %s", store.Name())
	}
	if _, err := c.With([]Row{store}); err == nil || !strings.Contains(err.Error(), "two rows") {
		t.Errorf("the same row again: %v", err)
	}
	if _, err := Default().With([]Row{{Path: "p", Recv: "*T", Func: "Get", Kind: Acquire, Resource: Conn, Type: "*p.C"}}); err == nil || !strings.Contains(err.Error(), "no consume row") {
		t.Errorf("nothing frees it: %v", err)
	}
}

// TestString prints rows as readable effects.
func TestString(t *testing.T) {
	for name, want := range map[string]string{
		"(*database/sql.DB).QueryContext":     "(*database/sql.DB).QueryContext: acquire rows slot, freed by Close Next=false Err=err ctx, blocks, nothing on error",
		"(github.com/jackc/pgx/v5.Rows).Scan": "(github.com/jackc/pgx/v5.Rows).Scan: release rows slot-if-pool, freed by Scan=err",
		"github.com/jackc/pgx/v5.CollectRows": "github.com/jackc/pgx/v5.CollectRows: consume rows, runs a callback",
	} {
		if got := Default().funcs[name].String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
