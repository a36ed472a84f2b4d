package catalog

import (
	"go/types"
	"strings"
	"testing"
)

// rowNamed returns the built-in row of a function.
func rowNamed(t *testing.T, name string) *Row {
	t.Helper()
	r := Default().funcs[name]
	if r == nil {
		t.Fatalf("no row %s", name)
	}
	return r
}

// TestBuilds sorts the functions that make something: what opens server connections that no pool counts, what works on a pool
// that it is given, and how a message names it.
func TestBuilds(t *testing.T) {
	const pgx5, pool5 = "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgxpool"
	for _, test := range []struct {
		name          string
		builds, wraps bool
		short         string
	}{
		{"database/sql.Open", true, false, "sql.Open"},
		{"database/sql.OpenDB", true, false, "sql.OpenDB"},
		{pool5 + ".New", true, false, "pgxpool.New"},
		{pool5 + ".NewWithConfig", true, false, "pgxpool.NewWithConfig"},
		{"github.com/jackc/pgx/v4/pgxpool.Connect", true, false, "pgxpool.Connect"},
		{"github.com/jmoiron/sqlx.MustConnect", true, false, "sqlx.MustConnect"},
		{"gorm.io/gorm.Open", true, false, "gorm.Open"},
		{"github.com/go-pg/pg/v10.Connect", true, false, "pg.Connect"},
		{"entgo.io/ent/dialect/sql.Open", true, false, "sql.Open"},
		{"xorm.io/xorm.NewEngine", true, false, "xorm.NewEngine"},
		{"(*xorm.io/xorm.Engine).NewDB", true, false, "Engine.NewDB"},
		{pgx5 + "/stdlib.OpenDB", true, false, "stdlib.OpenDB"},
		{pgx5 + "/stdlib.OpenDBFromPool", true, true, "stdlib.OpenDBFromPool"},

		{pgx5 + ".Connect", true, false, "pgx.Connect"},
		{pgx5 + "/pgconn.Connect", true, false, "pgconn.Connect"},
		{"github.com/lib/pq.NewListener", true, false, "pq.NewListener"},
		{"github.com/lib/pq.Open", true, false, "pq.Open"},
		{pgx5 + "/pgconn.Construct", false, false, "pgconn.Construct"}, // of a connection that is there

		{"github.com/jackc/puddle/v2.NewPool", false, false, "puddle.NewPool"}, // of anything
		{"(*" + pool5 + ".Pool).Acquire", false, false, "Pool.Acquire"},
		{"(*database/sql.DB).Conn", false, false, "DB.Conn"},
		{"(*database/sql.DB).Query", false, false, "DB.Query"},
		{"github.com/jmoiron/sqlx.NewDb", false, false, "sqlx.NewDb"},
		{"gorm.io/driver/postgres.Open", false, false, "postgres.Open"},
		{pgx5 + "/stdlib.GetPoolConnector", false, false, "stdlib.GetPoolConnector"},
		{"(" + pgx5 + ".Rows).Close", false, false, "Rows.Close"},
	} {
		r := rowNamed(t, test.name)
		if r.Builds() != test.builds || r.Wraps() != test.wraps || r.Short() != test.short {
			t.Errorf("%s: builds %t, wraps %t, %q; want %t, %t, %q", test.name, r.Builds(), r.Wraps(), r.Short(), test.builds, test.wraps, test.short)
		}
	}
}

// TestBuildersOpenServerConnections holds all rows to what building means.
func TestBuildersOpenServerConnections(t *testing.T) {
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			if r.Builds() && r.Resource != Pool && r.Resource != Listener && r.Resource != Conn {
				t.Errorf("%s builds a %s, for which there is no word", r.Name(), r.Resource)
			}
			if !r.Builds() && r.Kind == Construct && l.Path != puddle2.Path {
				t.Errorf("%s constructs and does not build", r.Name())
			}
			if r.Builds() && r.Type == "" {
				t.Errorf("%s builds, and has no type", r.Name())
			}
		}
	}
}

// TestPackageName compares the guess with the real name of each library's package.
func TestPackageName(t *testing.T) {
	for _, l := range Default().Libraries() {
		if got, want := packageName(l.Path), library(t, l.Path).Name(); got != want {
			t.Errorf("%s: got %s, want %s", l.Path, got, want)
		}
	}
	for path, want := range map[string]string{"example.com/app/v3": "app", "example.com/v2ray": "v2ray", "v2": "v2"} {
		if got := packageName(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// TestEmbedded tells databases in the process from servers, by the driver and by the package.
func TestEmbedded(t *testing.T) {
	for name, want := range map[string]bool{
		"sqlite": true, "sqlite3": true, "sqlite3_with_hooks": true, "duckdb": true, "sqlmock": true, "sqlmock_db_1": true, "txdb": true, "ramsql": true,
		"pgx": false, "pgx/v5": false, "postgres": false, "mysql": false, "sqlserver": false, "pq": false, "": false,
	} {
		if got := EmbeddedDriver(name); got != want {
			t.Errorf("driver %q: %t", name, got)
		}
	}
	for path, want := range map[string]bool{
		"gorm.io/driver/sqlite": true, "github.com/glebarez/sqlite": true, "github.com/DATA-DOG/go-sqlmock": true, "github.com/marcboeker/go-duckdb/v2": true,
		"gorm.io/driver/postgres": false, "gorm.io/driver/mysql": false, "github.com/lib/pq": false,
	} {
		if got := EmbeddedPackage(path); got != want {
			t.Errorf("package %s: %t", path, got)
		}
	}
}

// TestTakesHandle looks at all fields of the real settings of gorm: those whose type is a connection pool take one.
func TestTakesHandle(t *testing.T) {
	taken := map[string]bool{}
	for _, test := range []struct{ path, typ string }{
		{gormPath, "Config"}, {gormPath, "Session"}, {gormPath, "Statement"}, {gormPostgres.Path, "Config"},
		{"database/sql", "TxOptions"}, {"github.com/jackc/pgx/v5/pgxpool", "Config"}, {"github.com/go-pg/pg/v10", "Options"},
	} {
		owner := library(t, test.path).Scope().Lookup(test.typ).(*types.TypeName)
		for f := range owner.Type().Underlying().(*types.Struct).Fields() {
			if !TakesHandle(f, owner) {
				continue
			}
			taken[test.path+"."+test.typ+"."+f.Name()] = true
			if name := typeName(f.Type()); name != "gorm.io/gorm.ConnPool" {
				t.Errorf("%s.%s.%s is a %s", test.path, test.typ, f.Name(), name)
			}
		}
	}
	for _, want := range []string{gormPath + ".Config.ConnPool", gormPostgres.Path + ".Config.Conn"} {
		if !taken[want] {
			t.Errorf("%s takes no pool", want)
		}
		delete(taken, want)
	}
	for name := range taken {
		t.Errorf("%s takes a pool", name)
	}
	if e := types.Universe.Lookup("error").(*types.TypeName); TakesHandle(types.NewField(0, nil, "Conn", e.Type(), false), e) {
		t.Error("an error takes a pool")
	}
}

// TestShortIsReadable keeps paths and markers of types out of messages.
func TestShortIsReadable(t *testing.T) {
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			if s := l.Rows[i].Short(); strings.ContainsAny(s, "/*[]() ") || strings.Count(s, ".") != 1 {
				t.Errorf("%s: %q", l.Rows[i].Name(), s)
			}
		}
	}
}

// TestFamily puts handles that may be of one pool together, and keeps all others apart.
func TestFamily(t *testing.T) {
	for path, family := range families() {
		if !Default().IsLibrary(path) || !Default().IsLibrary(family) {
			t.Errorf("%s or %s is no library", path, family)
		}
		if Family(family) != family {
			t.Errorf("%s is of %s, which is of %s", path, family, Family(family))
		}
	}
	for path, want := range map[string]string{
		"github.com/jmoiron/sqlx":                        "database/sql",
		"database/sql":                                   "database/sql",
		"github.com/jackc/pgx/v5/stdlib":                 "database/sql",
		"github.com/gocraft/dbr/v2":                      "database/sql",
		"entgo.io/ent/dialect/sql":                       "database/sql",
		"github.com/jackc/pgx/v5":                        "github.com/jackc/pgx/v5/pgxpool",
		"github.com/georgysavva/scany/v2/pgxscan":        "github.com/jackc/pgx/v5/pgxpool",
		"github.com/jackc/pgx/v4":                        "github.com/jackc/pgx/v4/pgxpool",
		"gorm.io/driver/postgres":                        "gorm.io/gorm",
		"github.com/go-pg/pg/v10/orm":                    "github.com/go-pg/pg/v10",
		"xorm.io/xorm/core":                              "xorm.io/xorm",
		"github.com/jackc/puddle/v2":                     "github.com/jackc/puddle/v2",
		"example.com/app/db":                             "example.com/app/db",
		"example.com/app/vendor/github.com/jmoiron/sqlx": "database/sql",
		"github.com/jmoiron/sqlx [example.com/app.test]": "database/sql",
		"": "",
	} {
		if got := Family(path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// ownPools is the libraries that embed or return handles of another one and have pools of their own all the same, with the reason.
var ownPools = map[string]string{
	bun.Path:  "a *bun.DB is made of a *sql.DB, and most programs use no other handle",
	gorm.Path: "the *sql.DB that it hands out is for limits",
	xorm.Path: "its core is a library too",
}

// TestFamiliesAreComplete finds libraries whose handles embed those of another one and that do not say whose pools these are.
func TestFamiliesAreComplete(t *testing.T) {
	for _, l := range Default().Libraries() {
		for outer, inner := range l.Embeds {
			path, _ := splitType(strings.TrimPrefix(inner, "*"))
			class := Default().types[inner]
			if class == nil || class.Resource != Pool && class.Resource != Tx && class.Resource != Conn {
				continue // no handle
			}
			if Family(path) != Family(l.Path) && ownPools[Family(l.Path)] == "" {
				t.Errorf("%s: %s embeds a handle of %s; write Family: the Path of that library, or a reason in ownPools", l.Path, outer, path)
			}
		}
	}
}
