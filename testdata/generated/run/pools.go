package run

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"net"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"example.com/poolvet/testdata/generated/postgres"
)

// pools is what the functions of one library run with.
type pools interface {
	run(context.Context, Case, input) error
	inUse() int
	reclaim() // what is leaked, if that can be
	close()
	recorder() *recorder
}

// dsn makes the client ask the server for each statement anew, so that no run depends on those before.
const dsn = "host=memory user=u dbname=d sslmode=disable default_query_exec_mode=describe_exec " +
	"statement_cache_capacity=0 description_cache_capacity=0"

// server is the connection string of a real server to use instead, if it is set.
var server string

// connect makes a configuration reach the server in memory, unless there is a real one.
func connect(cfg *pgx.ConnConfig, r *recorder) {
	if server != "" {
		return
	}
	cfg.DialFunc = func(context.Context, string, string) (net.Conn, error) { return postgres.Dial(r), nil }
	cfg.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
}

// pgxPools is two pools of pgxpool. It is their tracer too.
type pgxPools struct {
	rec           recorder
	pool, replica *pgxpool.Pool
}

func newPGX(size int) (*pgxPools, error) {
	p := new(pgxPools)
	for _, pool := range []**pgxpool.Pool{&p.pool, &p.replica} {
		cfg, err := pgxpool.ParseConfig(cmp.Or(server, dsn))
		if err != nil {
			return nil, err
		}
		connect(cfg.ConnConfig, &p.rec)
		cfg.MaxConns = int32(size)
		cfg.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false } // it would depend on time
		cfg.ConnConfig.Tracer = p
		of := new(*pgxpool.Pool)
		cfg.PrepareConn = func(context.Context, *pgx.Conn) (bool, error) {
			if !p.rec.want(*of) {
				return true, errAcquire
			}
			return true, nil
		}
		*pool, err = pgxpool.NewWithConfig(context.Background(), cfg)
		if err != nil {
			return nil, err
		}
		*of = *pool
	}
	return p, nil
}

func (p *pgxPools) run(ctx context.Context, c Case, in input) error {
	return c.PGX(ctx, p.pool, p.replica, in.a, in.b, in.c, in.d, in.e, in.f, in.n, in.k, in.m)
}

func (p *pgxPools) inUse() int {
	return int(p.pool.Stat().AcquiredConns() + p.replica.Stat().AcquiredConns())
}

func (p *pgxPools) close() {
	p.pool.Close()
	p.replica.Close()
}

// reclaim destroys what is leaked. No exported way leads to it.
func (p *pgxPools) reclaim() {
	for _, pool := range []*pgxpool.Pool{p.pool, p.replica} {
		all := reflect.ValueOf(pool).Elem().FieldByName("p").Elem().FieldByName("allResources")
		var leaked []reflect.Value
		for i := range all.Len() {
			if resource := all.Index(i); !resource.IsNil() && resource.Elem().FieldByName("status").Uint() == acquired {
				leaked = append(leaked, reflect.NewAt(resource.Type().Elem(), resource.UnsafePointer()))
			}
		}
		for _, resource := range leaked {
			resource.MethodByName("Destroy").Call(nil)
		}
	}
}

const acquired = 2 // of a resource of puddle

func (p *pgxPools) recorder() *recorder { return &p.rec }

func (p *pgxPools) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	return ctx
}

func (p *pgxPools) TraceAcquireEnd(_ context.Context, pool *pgxpool.Pool, data pgxpool.TraceAcquireEndData) {
	if data.Err == nil {
		p.rec.got(pool, data.Conn)
	}
}

func (p *pgxPools) TraceRelease(_ *pgxpool.Pool, data pgxpool.TraceReleaseData) {
	conn := data.Conn
	p.rec.put(conn, conn.IsClosed() || conn.PgConn().IsBusy() || conn.PgConn().TxStatus() != 'I')
}

func (*pgxPools) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}
func (*pgxPools) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// sqlPools is two pools of database/sql.
type sqlPools struct {
	rec         recorder
	db, replica *sql.DB
}

func newSQL(size int) (*sqlPools, error) {
	p := new(sqlPools)
	for _, db := range []**sql.DB{&p.db, &p.replica} {
		cfg, err := pgx.ParseConfig(cmp.Or(server, dsn))
		if err != nil {
			return nil, err
		}
		connect(cfg, &p.rec)
		c := &connector{Connector: stdlib.GetConnector(*cfg, stdlib.OptionShouldPing(func(context.Context, stdlib.ShouldPingParams) bool { return false })), rec: &p.rec}
		*db = sql.OpenDB(c)
		(*db).SetMaxOpenConns(size)
	}
	return p, nil
}

func (p *sqlPools) run(ctx context.Context, c Case, in input) error {
	return c.SQL(ctx, p.db, p.replica, in.a, in.b, in.c, in.d, in.e, in.f, in.n, in.k, in.m)
}

func (p *sqlPools) inUse() int { return p.db.Stats().InUse + p.replica.Stats().InUse }

// reclaim cannot reach it: the pools are replaced.
func (p *sqlPools) reclaim() {}

func (p *sqlPools) close() {
	p.db.Close()
	p.replica.Close()
}

func (p *sqlPools) recorder() *recorder { return &p.rec }

// connector sees the connections that a pool opens.
type connector struct {
	driver.Connector
	rec     *recorder
	refuses bool // the connection that is asked for cannot be had
}

func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.refuses || !c.rec.want(c) {
		c.refuses = false
		return nil, errAcquire
	}
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	traced := &tracedConn{Conn: conn.(*stdlib.Conn), from: c}
	c.rec.got(c, traced)
	return traced, nil
}

// tracedConn sees that it is handed out and comes back.
type tracedConn struct {
	*stdlib.Conn
	from *connector
}

// ResetSession is called when an idle connection is handed out. If none can be had, all that are idle are broken, until database/sql
// tries to open one.
func (c *tracedConn) ResetSession(ctx context.Context) error {
	if err := c.Conn.ResetSession(ctx); err != nil {
		return err // it is not handed out, and another one is tried
	}
	if c.from.refuses || !c.from.rec.want(c.from) {
		c.from.refuses = true
		return driver.ErrBadConn
	}
	c.from.rec.got(c.from, c)
	return nil
}

// IsValid is called when a connection comes back.
func (c *tracedConn) IsValid() bool {
	c.from.rec.put(c, false)
	return true
}

func (c *tracedConn) Close() error {
	c.from.rec.put(c, false)
	return c.Conn.Close()
}
