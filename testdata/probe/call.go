package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// texts is the statements. A large result keeps the server busy until somebody reads it, which is how open rows show there.
// Values refuses the number of json, failing fails at its last row.
var texts = map[string]string{
	"large":   "select repeat('x', 10000) as x from generate_series(1, LARGE)",
	"json":    `select cast('["' || repeat('x', 10000) || '", 1e999]' as json) as x from generate_series(1, LARGE)`,
	"failing": "select repeat('x', 10000 + 0 / (LARGE - g)) as x from generate_series(1, LARGE) as g",
	"twice":   "select repeat('x', 10000) from generate_series(1, LARGE); select repeat('x', 10000) from generate_series(1, LARGE)",
	"small":   "select 'x' as x",
	"insert":  "insert into poolvet_probe (x) values ('x')",
	"broken":  "select from where",
	"divides": "select 1 / 0 as x", // can be prepared
	"copyout": "copy poolvet_probe to stdout",
	"copyin":  "copy poolvet_probe from stdin",
}

// enlarge makes the large results larger than what is buffered between the server and a client.
func enlarge(host string) {
	rows := "600" // TCP
	if strings.HasPrefix(host, "/") {
		rows = "80" // a socket of Unix
	}
	for name, text := range texts {
		texts[name] = strings.ReplaceAll(text, "LARGE", rows)
	}
}

// line is a row of the results, for what scans into structs.
type line struct {
	X string `db:"x"`
}

// target is a function and what else decides on its arguments.
type target struct {
	name   string // of the method, or the full name of the function
	typ    reflect.Type
	handle int // which argument is the value of the chain; -1: none
	value  any
	fails  bool // the arguments are such that the call returns an error
}

// call calls a function with arguments made for it. The error is the last result, if that is one, or a panic.
func (b *bench) call(fn reflect.Value, t *target) ([]reflect.Value, error) {
	return do(fn, b.arguments(fn, t))
}

// arguments makes what call calls a function with.
func (b *bench) arguments(fn reflect.Value, t *target) []reflect.Value {
	if !fn.IsValid() {
		panic("no such method")
	}
	t.typ = fn.Type()
	var args []reflect.Value
	for i := range t.typ.NumIn() {
		if t.typ.IsVariadic() && i == t.typ.NumIn()-1 {
			break // nothing there
		}
		args = append(args, b.argument(t, i))
	}
	return append(args, b.variadic(t)...)
}

// do calls a function. A panic is an error, as that of the functions called Must… is.
func do(fn reflect.Value, args []reflect.Value) (results []reflect.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	results = fn.Call(args)
	if n := len(results); n > 0 {
		if e, ok := results[n-1].Interface().(error); ok && e != nil {
			err = e
		}
	}
	return results, err
}

// variadic returns what Scan and its like need.
func (b *bench) variadic(t *target) []reflect.Value {
	switch t.name {
	case "Scan":
		if t.fails {
			return []reflect.Value{reflect.ValueOf(new(int))}
		}
		return []reflect.Value{reflect.ValueOf(new(string))}
	}
	return nil
}

// argument returns the value for parameter i.
func (b *bench) argument(t *target, i int) reflect.Value {
	want := t.typ.In(i)
	if i == t.handle {
		return reflect.ValueOf(t.value)
	}
	if v, ok := b.byType(t, want); ok {
		return reflect.ValueOf(v)
	}
	switch want.Kind() {
	case reflect.String:
		return reflect.ValueOf(b.text(t, i)).Convert(want)
	case reflect.Func:
		return b.callback(t, want)
	case reflect.Interface:
		if want == reflect.TypeFor[error]() {
			return reflect.ValueOf(errors.New("probe"))
		}
		return b.anything(t, i)
	}
	if v := b.ofLibrary(t, want); v != nil {
		return reflect.ValueOf(v)
	}
	return reflect.Zero(want) // options, formats, limits
}

// byType returns arguments of the types that many functions have.
func (b *bench) byType(t *target, want reflect.Type) (any, bool) {
	switch want {
	case reflect.TypeFor[context.Context]():
		if t.fails && b.failsByCtx(t) {
			ctx, cancel := context.WithCancel(b.ctx)
			cancel()
			return ctx, true
		}
		return b.ctx, true
	case reflect.TypeFor[pgx.TxOptions]():
		if t.fails {
			return pgx.TxOptions{IsoLevel: "unheard of"}, true
		}
	case reflect.TypeFor[*sql.TxOptions]():
		if t.fails {
			return &sql.TxOptions{Isolation: 99}, true
		}
	case reflect.TypeFor[pgx.Identifier]():
		return pgx.Identifier{"poolvet_probe"}, true
	case reflect.TypeFor[[]string]():
		if t.name == "LoadTypes" {
			return []string{"poolvet_probe"}, true
		}
		return []string{"x"}, true
	case reflect.TypeFor[pgx.CopyFromSource]():
		return &copySource{b: b}, true
	case reflect.TypeFor[io.Reader]():
		return strings.NewReader("x\n"), true
	case reflect.TypeFor[io.Writer]():
		return io.Discard, true
	case reflect.TypeFor[time.Duration]():
		return time.Minute, true
	case reflect.TypeFor[int]():
		return 2, true
	case reflect.TypeFor[map[string]any]():
		return map[string]any{}, true
	case reflect.TypeFor[[]any]():
		return []any{new(string)}, true
	case reflect.TypeFor[pq.Dialer]():
		return dialer{}, true
	case reflect.TypeFor[chan<- *pq.Notification]():
		return make(chan<- *pq.Notification), true
	case reflect.TypeFor[pq.EventCallbackType]():
		return pq.EventCallbackType(nil), true
	case reflect.TypeFor[driver.Connector]():
		return stdlib.GetConnector(*must(pgx.ParseConfig(b.dsn()))), true
	}
	return nil, false
}

// failsByCtx reports whether only its context can make the call fail.
func (b *bench) failsByCtx(t *target) bool {
	for want := range t.typ.Ins() {
		switch want {
		case reflect.TypeFor[pgx.TxOptions](), reflect.TypeFor[*sql.TxOptions](),
			reflect.TypeFor[*pgx.ConnConfig](), reflect.TypeFor[*pgconn.Config]():
			return false
		}
	}
	return b.SQL != "broken" && b.SQL != "divides" && b.DSN == 0
}

// text returns a string argument: a connection string, a driver, a name or a statement.
func (b *bench) text(t *target, i int) string {
	switch {
	case i == b.DSN-1:
		return b.dataSource(t.fails)
	case i == b.Driver-1 && t.fails && strings.HasSuffix(t.name, "Open"):
		return "no such driver" // nothing else makes it fail
	case i == b.Driver-1:
		return "pgx"
	}
	switch t.name {
	case "Deallocate", "ExecPrepared":
		return "named"
	case "LoadType":
		return "poolvet_probe"
	case "github.com/jmoiron/sqlx.NewDb":
		return "pgx"
	case "github.com/jmoiron/sqlx.LoadFile", "github.com/jmoiron/sqlx.LoadFileContext":
		return b.srv.file
	}
	for j := i + 1; j < t.typ.NumIn(); j++ {
		if t.typ.In(j).Kind() == reflect.String {
			return "named" // the name of a statement, and its text follows
		}
	}
	return texts[b.SQL]
}

// dataSource returns the connection string, or one that leads to no database and that pgxpool does not even parse.
func (b *bench) dataSource(fails bool) string {
	switch {
	case fails && strings.HasPrefix(b.Func, poolPath):
		return b.dsn("pool_max_conns=0")
	case fails:
		return b.dsn("dbname=no_such_database")
	}
	return b.dsn()
}

const poolPath = "github.com/jackc/pgx/v5/pgxpool."

// anything returns the argument of an interface type: a place to scan to, or the parameters of a named query.
func (b *bench) anything(t *target, i int) reflect.Value {
	name := t.name[strings.LastIndexByte(t.name, '.')+1:]
	scans := name == "StructScan" || strings.HasPrefix(name, "Get") || strings.HasPrefix(name, "Select")
	for j := range i {
		if scans && t.typ.In(j).Kind() == reflect.Interface && j != t.handle && t.typ.In(j).NumMethod() == 0 {
			scans = false // that was the place
		}
	}
	switch {
	case strings.HasPrefix(name, "Stmt"), strings.HasPrefix(name, "NamedStmt"): // of a transaction
		return reflect.ValueOf(must(b.db.Prepare(texts["small"])))
	case !scans:
		return reflect.ValueOf(map[string]any{})
	case name == "StructScan" && t.fails:
		return reflect.ValueOf(new(int))
	case name == "StructScan" && t.handle >= 0: // the function takes all rows
		return reflect.ValueOf(new([]line))
	case name == "StructScan":
		return reflect.ValueOf(new(line))
	case strings.HasPrefix(name, "Select"):
		return reflect.ValueOf(new([]string))
	}
	return reflect.ValueOf(new(string))
}

// ofLibrary returns arguments of types that few functions have, or nil.
func (b *bench) ofLibrary(t *target, want reflect.Type) any {
	switch want {
	case reflect.TypeFor[*pgx.Batch]():
		batch := &pgx.Batch{}
		for range 3 {
			batch.Queue(texts[b.SQL])
		}
		return batch
	case reflect.TypeFor[*pgconn.Batch]():
		batch := &pgconn.Batch{}
		batch.ExecParams(texts[b.SQL], nil, nil, nil, nil)
		batch.ExecParams(texts[b.SQL], nil, nil, nil, nil)
		return batch
	case reflect.TypeFor[*pgxpool.Config]():
		config := must(pgxpool.ParseConfig(b.dsn("pool_max_conns=2")))
		if t.fails {
			config.MaxConns = 0
		}
		return config
	case reflect.TypeFor[*pgx.ConnConfig]():
		return must(pgx.ParseConfig(b.dataSource(t.fails)))
	case reflect.TypeFor[pgx.ConnConfig]():
		return *must(pgx.ParseConfig(b.dataSource(t.fails)))
	case reflect.TypeFor[*pgconn.Config]():
		return must(pgconn.ParseConfig(b.dataSource(t.fails)))
	case reflect.TypeFor[*pgtype.Map]():
		return pgtype.NewMap()
	case reflect.TypeFor[*pgconn.ResultReader]():
		return b.pg.ExecParams(b.ctx, texts[b.SQL], nil, nil, nil, nil)
	case reflect.TypeFor[*pgconn.StatementDescription]():
		return must(b.pg.Prepare(b.ctx, "", texts[b.SQL], nil))
	case reflect.TypeFor[*pgconn.HijackedConn]():
		return must(must(pgconn.Connect(b.ctx, b.dsn())).Hijack())
	case reflect.TypeFor[*pgxpool.Pool]():
		return b.pool
	case reflect.TypeFor[*sql.DB]():
		return b.db
	case reflect.TypeFor[*sql.Stmt]():
		return must(b.db.Prepare(texts["small"]))
	case reflect.TypeFor[*sqlx.NamedStmt]():
		return must(sqlx.NewDb(b.db, "pgx").PrepareNamed(texts["small"]))
	case reflect.TypeFor[uint32]():
		if t.name != "Create" {
			return b.srv.largeObject()
		}
	case reflect.TypeFor[pgx.LargeObjectMode]():
		return pgx.LargeObjectModeRead
	}
	return nil
}

// callback returns a function that notes the state whenever it is called.
func (b *bench) callback(t *target, typ reflect.Type) reflect.Value {
	return reflect.MakeFunc(typ, func([]reflect.Value) []reflect.Value {
		b.seen = append(b.seen, b.state())
		var results []reflect.Value
		for out := range typ.Outs() {
			results = append(results, reflect.Zero(out))
		}
		if n := len(results); t.fails && n > 0 && typ.Out(n-1) == reflect.TypeFor[error]() {
			results[n-1] = reflect.ValueOf(errors.New("probe")).Convert(typ.Out(n - 1))
		}
		return results
	})
}

// copySource is one line for CopyFrom. It notes the state when it is asked for it.
type copySource struct {
	b    *bench
	done bool
}

func (s *copySource) Next() bool {
	first := !s.done
	s.done = true
	if first {
		s.b.seen = append(s.b.seen, s.b.state())
	}
	return first
}

func (*copySource) Values() ([]any, error) { return []any{"x"}, nil }

func (*copySource) Err() error { return nil }

// dialer connects lib/pq.
type dialer struct{}

func (dialer) Dial(network, address string) (net.Conn, error) { return net.Dial(network, address) }

func (dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	return net.DialTimeout(network, address, timeout)
}
