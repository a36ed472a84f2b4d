package catalog

import (
	"go/types"
	"testing"
)

// TestContextCarries tells functions that add to a context from those that give it an end.
func TestContextCarries(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		want              bool
	}{
		{"context", "", "WithValue", true},
		{"context", "", "WithCancel", true},
		{"context", "", "WithCancelCause", true},
		{"context", "", "WithTimeout", false},
		{"context", "", "WithDeadlineCause", false},
		{"context", "", "WithoutCancel", false},
		{"os/signal", "", "NotifyContext", true},
		{"golang.org/x/sync/errgroup", "", "WithContext", true},
		{"google.golang.org/grpc/metadata", "", "NewOutgoingContext", true},
		{"net/http", "Request", "Context", false},
	} {
		if got := ContextCarries(method(t, test.path, test.typ, test.method)); got != test.want {
			t.Errorf("%s.%s.%s: %t", test.path, test.typ, test.method, got)
		}
	}
	if ContextCarries(nil) {
		t.Error("a function value carries")
	}
}

// TestHandleContexts finds the methods that put a context into a handle in the real libraries.
func TestHandleContexts(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		sets, may         bool
	}{
		{gormPath, "DB", "WithContext", true, true},
		{gormPath, "DB", "Session", false, true},
		{gormPath, "DB", "Where", false, false},
		{xormPath, "Engine", "Context", true, true},
		{xormPath, "Session", "Context", true, true},
		{xormPath, "Engine", "Where", false, false},
	} {
		fn := method(t, test.path, test.typ, test.method)
		if SetsHandleContext(fn) != test.sets || MaySetContext(fn) != test.may {
			t.Errorf("%s.%s.%s: sets %t, may %t", test.path, test.typ, test.method, SetsHandleContext(fn), MaySetContext(fn))
		}
	}
	if !RunsOn(method(t, squirrel.Path, "SelectBuilder", "RunWith")) || RunsOn(method(t, squirrel.Path, "SelectBuilder", "Where")) {
		t.Error("squirrel's RunWith")
	}
}

// TestBoundsWaits finds the field of gorm's configuration.
func TestBoundsWaits(t *testing.T) {
	owner := library(t, gormPath).Scope().Lookup("Config").(*types.TypeName)
	st := owner.Type().Underlying().(*types.Struct)
	var names []string
	for f := range st.Fields() {
		if BoundsWaits(f, owner) {
			names = append(names, f.Name())
		}
	}
	if len(names) != 1 {
		t.Errorf("%v bound all waits of gorm", names)
	}
}

// TestWaits knows the one library that gives up by itself, and that probes and calls on a held connection are another matter.
func TestWaits(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		waits, probe      bool
	}{
		{"database/sql", "DB", "Query", true, false},
		{"database/sql", "DB", "Prepare", true, false},
		{"database/sql", "DB", "PingContext", true, true},
		{"database/sql", "Tx", "Query", false, false},
		{"database/sql", "DB", "Close", false, false},
		{pgxpool5.Path, "Pool", "AcquireAllIdle", false, false},
		{goPGPath, "DB", "Query", false, false},
	} {
		row := Default().Func(method(t, test.path, test.typ, test.method))
		if row == nil || row.Waits() != test.waits || row.Probe() != test.probe {
			t.Errorf("%s.%s.%s: %+v", test.path, test.typ, test.method, row)
		}
	}
}

// TestChangesSchema tells statements that change the schema from those that do not.
func TestChangesSchema(t *testing.T) {
	for sql, want := range map[string]bool{
		"create table t (n int)":                          true,
		"\n\t-- users\n\tCREATE UNIQUE INDEX i ON t (n)":  true,
		"/* a\nb */ alter table t add n int":              true,
		"create or replace function f() returns int as x": true,
		"drop table t":                  true,
		"create temp table t (n int)":   false,
		"select 1":                      false,
		"insert into t values ('drop')": false,
		"altered":                       false,
		"":                              false,
	} {
		if ChangesSchema(sql) != want {
			t.Errorf("%q: %t", sql, !want)
		}
	}
}

const contextSources = `package app
import "context"
type Stream interface { Context() context.Context; Send(int) error }
type Other struct{}
func (Other) Context() string { return "" }
type Named struct{}
func (*Named) Context(name string) context.Context { return nil }
type Pool interface { BeginTx(context.Context) error }
type Savepoints interface { Begin(context.Context) error }
type Plain interface { Begin() error }
var (
	C context.Context
	S Stream
	O Other
	N *Named
	P Pool
	V Savepoints
	B Plain
	I int
)
func Migrate() {}
func createTables() {}
func CreateTable(name string) {}
func tables() {}
type Migrator struct{}
func (*Migrator) Up() {}
type Store struct{}
func (*Store) Up() {}
`

// TestCallersContext finds contexts in parameters.
func TestCallersContext(t *testing.T) {
	app := checkProgram(t, contextSources)
	for name, want := range map[string]string{"C": "", "S": ".Context()"} {
		if got, ok := CallersContext(app.Scope().Lookup(name).Type()); !ok || got != want {
			t.Errorf("%s: %q, %t", name, got, ok)
		}
	}
	for _, name := range []string{"O", "N", "I"} {
		if got, ok := CallersContext(app.Scope().Lookup(name).Type()); ok {
			t.Errorf("%s: %q", name, got)
		}
	}
	request := types.NewPointer(library(t, "net/http").Scope().Lookup("Request").Type())
	if got, ok := CallersContext(request); !ok || got != ".Context()" {
		t.Errorf("a request: %q, %t", got, ok)
	}
	gin := types.NewPointer(library(t, "github.com/gin-gonic/gin").Scope().Lookup("Context").Type())
	if got, ok := CallersContext(gin); !ok || got != ".Request.Context()" {
		t.Errorf("gin: %q, %t", got, ok)
	}
}

// TestOnlyPool tells interfaces of pools from those that a transaction has too.
func TestOnlyPool(t *testing.T) {
	app := checkProgram(t, contextSources)
	for name, want := range map[string]bool{"P": true, "B": true, "V": false, "S": false} {
		if got := OnlyPool(app.Scope().Lookup(name).Type()); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestMigrates knows migrations by their names.
func TestMigrates(t *testing.T) {
	app := checkProgram(t, contextSources)
	for name, want := range map[string]bool{"Migrate": true, "createTables": true, "CreateTable": true, "tables": false} {
		if got := Migrates(app.Scope().Lookup(name).(*types.Func)); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for name, want := range map[string]bool{"Migrator": true, "Store": false} {
		up := findMethod(app.Scope().Lookup(name).Type(), "Up", app)
		if got := Migrates(up); got != want {
			t.Errorf("%s.Up: %t", name, got)
		}
	}
}

// TestPauses tells functions that wait from those that only work.
func TestPauses(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		want              bool
	}{
		{"time", "", "Sleep", true},
		{"time", "", "After", true},
		{"time", "", "NewTimer", true},
		{"time", "", "Now", false},
		{"time", "", "Since", false},
		{"sync", "WaitGroup", "Wait", true},
		{"golang.org/x/time/rate", "Limiter", "Wait", true},
		{"fmt", "", "Sprint", false},
	} {
		if got := Default().Pauses(method(t, test.path, test.typ, test.method)); got != test.want {
			t.Errorf("%s.%s.%s: %t", test.path, test.typ, test.method, got)
		}
	}
	if !Default().Pauses(nil) {
		t.Error("a function value may wait")
	}
}
