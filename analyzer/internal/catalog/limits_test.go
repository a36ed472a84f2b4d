package catalog

import (
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// fits reports whether a type can have the value of a setting: a count of connections or a time.
func fits(s Setting, t types.Type) bool {
	switch s {
	case MaxOpen, MaxIdle, MinOpen:
		b, ok := t.(*types.Basic)
		return ok && b.Info()&types.IsInteger != 0
	case Lifetime, IdleTime:
		return t.String() == "time.Duration"
	}
	return false
}

// TestSetters compares the methods that set a limit with those of *sql.DB.
func TestSetters(t *testing.T) {
	for name, s := range setters {
		fn := method(t, "database/sql", "DB", name)
		if params := fn.Signature().Params(); params.Len() != 1 || !fits(s, params.At(0).Type()) {
			t.Errorf("%s takes %s, no %s", name, params, s)
		}
		if got := SettingOfMethod(fn); got != s {
			t.Errorf("%s sets %s, want %s", name, got, s)
		}
	}
	for m := range library(t, "database/sql").Scope().Lookup("DB").Type().(*types.Named).Methods() {
		if strings.HasPrefix(m.Name(), "SetMax") || strings.HasPrefix(m.Name(), "SetConn") {
			if SettingOfMethod(m) == NoSetting {
				t.Errorf("%s is a limit that is not known", m.Name())
			}
		}
	}
}

// TestSettingOfMethod knows the setters wherever they are passed on, and takes no wrapper of the program for one.
func TestSettingOfMethod(t *testing.T) {
	for _, test := range []struct {
		path, typ, name string
		want            Setting
	}{
		{"github.com/jmoiron/sqlx", "DB", "SetMaxOpenConns", MaxOpen}, // promoted
		{xorm.Path, "Engine", "SetMaxOpenConns", MaxOpen},
		{xorm.Path, "Engine", "SetMaxIdleConns", MaxIdle},
		{xorm.Path, "Engine", "SetConnMaxLifetime", Lifetime},
		{xorm.Path, "EngineGroup", "SetMaxOpenConns", MaxOpen},
		{xorm.Path, "EngineInterface", "SetMaxOpenConns", MaxOpen},
		{"database/sql", "DB", "Ping", NoSetting},
		{"database/sql", "DB", "Stats", NoSetting},
	} {
		obj, _, _ := types.LookupFieldOrMethod(library(t, test.path).Scope().Lookup(test.typ).Type(), true, nil, test.name)
		fn, _ := obj.(*types.Func)
		if got := SettingOfMethod(fn); got != test.want {
			t.Errorf("%s.%s.%s: sets %s, want %s", test.path, test.typ, test.name, got, test.want)
		}
	}
	app := checkProgram(t, `package app
import "database/sql"
type Limiter interface { SetMaxOpenConns(n int) }
type Odd interface { SetMaxOpenConns(n int) error }
type Two interface { SetMaxOpenConns(n, m int) }
type Wrapper struct { db *sql.DB }
func (w Wrapper) SetMaxOpenConns(n int) { w.db.SetMaxOpenConns(n / 2) }
type Embedding struct { *sql.DB }
func SetMaxOpenConns(n int) {}
`)
	for typ, want := range map[string]Setting{"Limiter": MaxOpen, "Odd": NoSetting, "Two": NoSetting, "Wrapper": NoSetting, "Embedding": MaxOpen, "": NoSetting} {
		if got := SettingOfMethod(findIn(app, typ, "SetMaxOpenConns")); got != want {
			t.Errorf("%s: sets %s, want %s", typ, got, want)
		}
	}
}

// TestFields compares the fields that set a limit with the real configurations, and finds limits that have no row.
func TestFields(t *testing.T) {
	limit := regexp.MustCompile(`^(Max|Min).*(Conn|Idle)|PoolSize|Idle.*Timeout`)
	no := map[string]bool{"MaxConnLifetimeJitter": true}
	seen := map[string]bool{}
	for _, name := range []string{"github.com/jackc/pgx/v5/pgxpool.Config", "github.com/jackc/pgx/v4/pgxpool.Config", "github.com/go-pg/pg/v10.Options"} {
		path, typ := splitType(name)
		owner := library(t, path).Scope().Lookup(typ).(*types.TypeName)
		for f := range owner.Type().Underlying().(*types.Struct).Fields() {
			s, known := fields[name+"."+f.Name()]
			seen[name+"."+f.Name()] = true
			switch {
			case !known && limit.MatchString(f.Name()) && !no[f.Name()]:
				t.Errorf("%s.%s is a limit that is not known", name, f.Name())
			case known && !fits(s, f.Type()):
				t.Errorf("%s.%s is a %s, no %s", name, f.Name(), f.Type(), s)
			}
			if got := SettingOfField(owner, f); got != s {
				t.Errorf("%s.%s sets %s, want %s", name, f.Name(), got, s)
			}
			if got, want := Filled(owner, f), f.Name() == "MaxConns" && OfPgxpool(owner); got != want {
				t.Errorf("%s.%s is filled in: %t", name, f.Name(), got)
			}
		}
		if got, want := OfPgxpool(owner), strings.Contains(name, "pgxpool"); got != want {
			t.Errorf("%s is of pgxpool: %t", name, got)
		}
	}
	for name := range fields {
		if !seen[name] {
			t.Errorf("there is no field %s", name)
		}
	}
	if e := types.Universe.Lookup("error").(*types.TypeName); SettingOfField(e, types.NewField(0, nil, "MaxConns", e.Type(), false)) != NoSetting || OfPgxpool(e) {
		t.Error("an error has limits")
	}
}

// TestDefault says what limit each pool has that nobody limits.
func TestDefault(t *testing.T) {
	wants := map[string]DefaultLimit{
		"github.com/jackc/pgx/v5/pgxpool.New":             ByCPU,
		"github.com/jackc/pgx/v5/pgxpool.NewWithConfig":   ByCPU,
		"github.com/jackc/pgx/v4/pgxpool.Connect":         ByCPU,
		"github.com/jackc/pgx/v4/pgxpool.ConnectConfig":   ByCPU,
		"github.com/go-pg/pg/v10.Connect":                 ByCPU,
		"github.com/jackc/pgx/v5/stdlib.OpenDBFromPool":   OfHandle,
		"github.com/jackc/puddle/v2.NewPool":              UnknownLimit,
		"github.com/lib/pq.NewListener":                   UnknownLimit,
		"github.com/jackc/pgx/v5.Connect":                 UnknownLimit,
		"(*github.com/jackc/pgx/v5/pgxpool.Pool).Acquire": UnknownLimit,
		"database/sql.Open":                               Unlimited,
		"github.com/jackc/pgx/v5/stdlib.OpenDB":           Unlimited,
		"github.com/jmoiron/sqlx.Connect":                 Unlimited,
		"gorm.io/gorm.Open":                               Unlimited,
		"xorm.io/xorm.NewEngine":                          Unlimited,
		"entgo.io/ent/dialect/sql.Open":                   Unlimited,
		"(*database/sql.DB).SetMaxOpenConns":              UnknownLimit,
		"github.com/jackc/pgx/v5/pgxpool.ParseConfig":     UnknownLimit,
		"github.com/lib/pq.NewConnector":                  UnknownLimit,
		"github.com/jmoiron/sqlx.NewDb":                   UnknownLimit,
	}
	for name, want := range wants {
		if got := rowNamed(t, name).Default(); got != want {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
	own, err := Default().With([]Row{{Path: "example.com/app/db", Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed}})
	if err != nil {
		t.Fatal(err)
	}
	if got := own.funcs["example.com/app/db.Open"].Default(); got != UnknownLimit {
		t.Errorf("a user's constructor: got %d", got)
	}
}

// TestPoolKeysAreRead says who reads the keys of pgxpool from a connection string, and who sends them to the server.
func TestPoolKeysAreRead(t *testing.T) {
	for _, test := range []struct {
		name, driver    string
		parses, refuses bool
	}{
		{"github.com/jackc/pgx/v5/pgxpool.New", "", true, false},
		{"github.com/jackc/pgx/v5/pgxpool.ParseConfig", "", true, false},
		{"github.com/jackc/pgx/v4/pgxpool.Connect", "", true, false},
		{"github.com/jackc/pgx/v5/pgxpool.NewWithConfig", "", false, false}, // it is given none
		{"github.com/jackc/pgx/v5.Connect", "", false, true},
		{"github.com/jackc/pgx/v5.ParseConfig", "", false, true},
		{"github.com/jackc/pgx/v5/pgconn.Connect", "", false, true},
		{"github.com/lib/pq.NewListener", "", false, true},
		{"github.com/lib/pq.NewConnector", "", false, true},
		{"gorm.io/driver/postgres.Open", "", false, true},
		{"database/sql.Open", "pgx", false, true},
		{"database/sql.Open", "pgx/v5", false, true},
		{"database/sql.Open", "postgres", false, true},
		{"database/sql.Open", "mysql", false, false},
		{"database/sql.Open", "pgxmock", false, false},
		{"database/sql.Open", "", false, false}, // it is not known
		{"github.com/jmoiron/sqlx.ConnectContext", "pgx", false, true},
		{"database/sql.OpenDB", "pgx", false, false},
		{"(*github.com/jackc/pgx/v5/pgxpool.Pool).Query", "", false, false},
	} {
		r := rowNamed(t, test.name)
		if parses, refuses := r.ParsesPoolKeys(), r.RefusesPoolKeys(test.driver); parses != test.parses || refuses != test.refuses {
			t.Errorf("%s %q: parses %t, refuses %t; want %t, %t", test.name, test.driver, parses, refuses, test.parses, test.refuses)
		}
	}
}

// TestPoolKeys compares the keys with those that the real pgxpool takes out of a connection string.
func TestPoolKeys(t *testing.T) {
	dir, err := filepath.Abs("../../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles, Dir: dir}, "github.com/jackc/pgx/v5/pgxpool")
	if err != nil || len(pkgs) != 1 {
		t.Fatal(pkgs, err)
	}
	key := regexp.MustCompile(`"(pool_[a-z_]+)"`)
	left := maps.Clone(PoolKeys)
	for _, file := range pkgs[0].GoFiles {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(text), -1) {
			if _, known := PoolKeys[m[1]]; !known {
				t.Errorf("pgxpool reads %s", m[1])
			}
			delete(left, m[1])
		}
	}
	for name := range left {
		t.Errorf("pgxpool does not read %s", name)
	}
	for name, want := range map[string]Setting{"pool_max_conns": MaxOpen, "pool_min_conns": MinOpen, "pool_max_conn_lifetime": Lifetime, "pool_max_conn_idle_time": IdleTime} {
		if PoolKeys[name] != want {
			t.Errorf("%s sets %s, want %s", name, PoolKeys[name], want)
		}
	}
}

// TestLimitFunctions knows the few functions that matter to limits otherwise.
func TestLimitFunctions(t *testing.T) {
	for _, test := range []struct {
		path, name      string
		connector, cpus bool
	}{
		{stdlib5.Path, "GetPoolConnector", true, false},
		{stdlib5.Path, "GetConnector", false, false},
		{"runtime", "NumCPU", false, true},
		{"runtime", "GOMAXPROCS", false, true},
		{"runtime", "NumGoroutine", false, false},
	} {
		fn := method(t, test.path, "", test.name)
		if PoolConnector(fn) != test.connector || CountsCPUs(fn) != test.cpus {
			t.Errorf("%s: connector %t, CPUs %t", fn, PoolConnector(fn), CountsCPUs(fn))
		}
	}
	if PoolConnector(nil) || CountsCPUs(nil) || SettingOfMethod(nil) != NoSetting {
		t.Error("nil has to do with limits")
	}
	for name, want := range map[string]bool{"(*gorm.io/gorm.DB).DB": true, "(*database/sql.DB).Query": false, "gorm.io/driver/postgres.New": false} {
		if got := rowNamed(t, name).Gets(); got != want {
			t.Errorf("%s returns the pool: %t", name, got)
		}
	}
}
