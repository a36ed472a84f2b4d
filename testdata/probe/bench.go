package main

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

// bench is one client of the server, with an application_name of its own and at most two connections in its pool.
type bench struct {
	*Script
	srv *server
	app string

	ctx context.Context // of the next call

	pool *pgxpool.Pool
	db   *sql.DB
	pg   *pgconn.PgConn // the one connection that the calls work on, where there is one and it is known

	seen []state // what callbacks have seen
}

func newBench(srv *server, app string, sc *Script) *bench {
	return &bench{Script: sc, srv: srv, app: app, ctx: context.Background()}
}

// end leaves nothing of the client on the server. What a script has left open may keep a pool from closing, so nobody waits for it.
func (b *bench) end() {
	if b.db != nil {
		b.db.SetMaxIdleConns(-1)
		go b.db.Close()
	}
	if b.pool != nil {
		go b.pool.Close()
	}
	b.srv.terminate(b.app)
}

// dsn returns the client's connection string, with more settings: "pool_max_conns=2".
func (b *bench) dsn(more ...string) string {
	dsn := b.srv.dsn
	for _, setting := range append(more, "application_name="+b.app) {
		dsn = with(dsn, setting)
	}
	return dsn
}

// with returns a connection string of either form with one more setting.
func with(dsn, setting string) string {
	switch {
	case !strings.Contains(dsn, "://"):
		return dsn + " " + setting
	case strings.Contains(dsn, "?"):
		return dsn + "&" + setting
	}
	return dsn + "?" + setting
}

// state is what the client counts and what the server shows.
type state struct {
	Count  int // connections of the pool in use
	Locked int // 1 if the client says that the connection is busy
	activity
}

func (b *bench) state() state {
	s := state{activity: b.srv.activity(b.app)}
	switch {
	case b.pool != nil:
		s.Count = int(b.pool.Stat().AcquiredConns())
	case b.db != nil:
		s.Count = b.db.Stats().InUse
	}
	if b.pg != nil && b.pg.IsBusy() {
		s.Locked = 1
	}
	return s
}

// waits returns how often the client has had to wait for a connection. pgxpool counts those waits that were given up.
func (b *bench) waits() int64 {
	if b.pool != nil {
		return b.pool.Stat().CanceledAcquireCount()
	}
	return b.db.Stats().WaitCount
}

// open makes the client of a chain: what its calls are made on.
func (b *bench) open(client string) any {
	switch client {
	case "none":
		return nil // functions without a handle
	case "pgxpool":
		b.pool = must(pgxpool.New(b.ctx, b.dsn("pool_max_conns=2")))
		return b.pool
	case "pgx":
		conn := must(pgx.Connect(b.ctx, b.dsn()))
		b.pg = conn.PgConn()
		return conn
	case "pgconn":
		b.pg = must(pgconn.Connect(b.ctx, b.dsn()))
		return b.pg
	}
	kind, driver, _ := strings.Cut(client, "/")
	b.db = must(sql.Open(drivers[driver], b.dsn()))
	b.db.SetMaxOpenConns(2)
	if kind == "sqlx" {
		return sqlx.NewDb(b.db, drivers[driver])
	}
	return b.db
}

var drivers = map[string]string{"pgx": "pgx", "pq": "postgres"}

// make walks a chain and returns what its last call returns.
func (b *bench) make(chain string) any {
	client, calls, _ := strings.Cut(chain, ".")
	v := b.open(client)
	if b.Warm {
		b.warm()
	}
	for name := range strings.FieldsFuncSeq(calls, func(r rune) bool { return r == '.' }) {
		if step := steps[name]; step != nil {
			v = step(b, v)
		} else {
			results, err := b.call(reflect.ValueOf(v).MethodByName(name), &target{name: name, handle: -1})
			if err != nil {
				panic(fmt.Errorf("%s of %s: %w", name, chain, err))
			}
			v = results[0].Interface()
		}
		b.know(v)
	}
	return v
}

// know remembers the connection behind a value.
func (b *bench) know(v any) {
	switch v := v.(type) {
	case *pgxpool.Conn:
		b.pg = v.Conn().PgConn()
	case pgx.Tx:
		b.pg = v.Conn().PgConn()
	}
}

// warm leaves two idle connections in the pool.
func (b *bench) warm() {
	first, second := must(b.pool.Acquire(b.ctx)), must(b.pool.Acquire(b.ctx))
	first.Release()
	second.Release()
}

// fill takes what is left of the pool.
func (b *bench) fill() {
	for b.state().Count < 2 {
		if b.pool != nil {
			must(b.pool.Acquire(context.Background()))
		} else {
			must(b.db.Conn(context.Background()))
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
