package catalog

import (
	"strings"
	"testing"
)

// TestCheck gives rows that do not fit the real libraries.
func TestCheck(t *testing.T) {
	query := Row{Path: "database/sql", Recv: "*DB", Func: "Query", Kind: Acquire, Resource: Rows, Type: sqlRows, Freed: sqlRowsFreed}
	with := func(change func(*Row)) Row {
		r := query
		change(&r)
		return r
	}
	for _, test := range []struct {
		want string
		row  Row
	}{
		{"", query},
		{"no package example.com/gone", with(func(r *Row) { r.Path = "example.com/gone" })},
		{"has no type Pool", with(func(r *Row) { r.Recv = "*Pool" })},
		{"has no method Ask", with(func(r *Row) { r.Func = "Ask" })},
		{"has no function Query", with(func(r *Row) { r.Recv = "" })},
		{`declared otherwise (did you mean "(*database/sql.DB).Query"?)`, with(func(r *Row) { r.Recv = "DB" })},
		{`declared otherwise (did you mean "(*database/sql.DB).Query"?)`, with(func(r *Row) { r.Path = "github.com/jmoiron/sqlx" })},
		{`(did you mean "(*database/sql.DB).QueryContext"?)`, with(func(r *Row) { r.Func = "QueryContex" })},
		{`(did you mean "(*database/sql.DB).Query"?)`, with(func(r *Row) { r.Recv = "*Db" })},
		{`(did you mean "database/sql.Open"?)`, with(func(r *Row) { r.Recv, r.Func = "", "Opn" })},
		{`matches nothing: ErrNoRows is a variable`, with(func(r *Row) { r.Recv, r.Func = "", "ErrNoRows" })},
		{`freed: *database/sql.Rows has no method Clos (did you mean "Close"?)`, with(func(r *Row) { r.Freed = []Event{{"Clos", Always}} })},
		{"the function returns *database/sql.Rows", with(func(r *Row) { r.Type = sqlRow })},
		{"the function returns error", with(func(r *Row) { r.Result = 1 })},
		{"result: 2, but the function has 2", with(func(r *Row) { r.Result = 2 })},
		{"out-arg: 3, but the function has 2", with(func(r *Row) { r.Result, r.OutArg = -1, 3 })},
		{"the function returns *database/sql.DB", with(func(r *Row) { r.Result = -1 })},
		{"handle: 3, but the function has 2", with(func(r *Row) { r.Handle = 3 })},
		{"has no method Release", with(func(r *Row) { r.Freed = released })},
		{"Close=false, but the method returns no single bool", with(func(r *Row) { r.Freed = []Event{{"Close", OnFalse}} })},
		{"Next=err, but the method returns no error", with(func(r *Row) { r.Freed = []Event{{"Next", OnError}} })},
		{"ctx: the first parameter is no context.Context", with(func(r *Row) { r.CtxFrees = true })},
		{"no consume row", with(func(r *Row) { r.Freed = nil })},
		{"", Row{Path: "github.com/jmoiron/sqlx", Func: "ConnectContext", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 2, DSN: 3, Freed: closed, NothingOnErr: true}},
		{"", Row{Path: "gorm.io/driver/postgres", Func: "Open", DSN: 1}},
		{"driver: argument 1 is a context.Context, no string", Row{
			Path: "github.com/jmoiron/sqlx", Func: "ConnectContext", Kind: Construct, Resource: Pool, Type: sqlxDB, Driver: 1, DSN: 3, Freed: closed,
		}},
		{"dsn: argument 1 is a gorm.io/driver/postgres.Config, no string", Row{Path: "gorm.io/driver/postgres", Func: "New", DSN: 1}},
		{"dsn: 3, but the function has 2", Row{Path: "database/sql", Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, DSN: 3, Freed: closed}},
		{"dsn: argument 1 is the driver", Row{Path: "database/sql", Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, Driver: 1, DSN: 1, Freed: closed}},
		{"driver: -1: arguments count from 1", Row{Path: "database/sql", Func: "Open", Kind: Construct, Resource: Pool, Type: sqlDB, Driver: -1, Freed: closed}},
		{"dsn: -1: arguments count from 1", with(func(r *Row) { r.DSN = -1 })},
		{"driver: only construct has one", with(func(r *Row) { r.Driver = 1 })},
		{"nothing-on-error: the last result is no error", Row{
			Path: "database/sql", Func: "OpenDB", Kind: Construct, Resource: Pool, Type: sqlDB, Freed: closed, NothingOnErr: true,
		}},
		{"arg: 2, but the function has 2", Row{Path: "database/sql", Func: "Open", Kind: Consume, Resource: Rows, Arg: 2}},
		{"Close=false, but the method returns no single bool", Row{
			Path: "database/sql", Recv: "*Rows", Func: "Close", Kind: Release, Resource: Rows, Freed: []Event{{"Close", OnFalse}},
		}},
		{"type: *database/sql.Rows is not in the signature", Row{
			Path: "database/sql", Recv: "*DB", Func: "Exec", Resource: Conn, Type: sqlRows, Transient: true,
		}},
	} {
		errs := Check([]Row{test.row}, lookup(t))
		switch {
		case test.want == "" && len(errs) > 0:
			t.Errorf("%v: %v", &test.row, errs)
		case test.want != "" && (len(errs) != 1 || !strings.Contains(errs[0].Error(), test.want)):
			t.Errorf("%v: got %v, want %s", &test.row, errs, test.want)
		}
	}
}
