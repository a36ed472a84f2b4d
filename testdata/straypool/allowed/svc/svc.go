// Package svc is outside of the allowed package: each construction is reported, however it is spelled and however often it runs.
// A constructor that is taken as a value is reported where it is named.
package svc

import (
	"context"
	mydb "database/sql"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-pg/pg/v10"
	pgconn4 "github.com/jackc/pgconn"
	pgx4 "github.com/jackc/pgx/v4"
	pgxpool4 "github.com/jackc/pgx/v4/pgxpool"
	std4 "github.com/jackc/pgx/v4/stdlib"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	pool5 "github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

const dsn = "postgres://svc@db/app"

func badAlias() (*mydb.DB, error) { return mydb.Open("pgx", dsn) } // want "builds a pool outside the packages"

func badNew(ctx context.Context) (*pool5.Pool, error) {
	return pool5.New(ctx, dsn) // want "builds a pool outside the packages"
}

func badNewWithConfig(ctx context.Context, cfg *pool5.Config) (*pool5.Pool, error) {
	return pool5.NewWithConfig(ctx, cfg) // want "builds a pool outside the packages"
}

func badConnect(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect builds a connection of its own outside the packages`
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func badConnectWithOptions(ctx context.Context) (*pgx.Conn, error) {
	return pgx.ConnectWithOptions(ctx, dsn, pgx.ParseConfigOptions{}) // want `pgx\.ConnectWithOptions builds a connection of its own outside the packages`
}

func badPgconn(ctx context.Context) (*pgconn.PgConn, error) {
	return pgconn.Connect(ctx, dsn) // want `pgconn\.Connect builds a connection of its own outside the packages`
}

func badPgconnConfig(ctx context.Context, cfg *pgconn.Config) (*pgconn.PgConn, error) {
	return pgconn.ConnectConfig(ctx, cfg) // want `pgconn\.ConnectConfig builds a connection of its own outside the packages`
}

func badOldPool(ctx context.Context) (*pgxpool4.Pool, error) {
	return pgxpool4.Connect(ctx, dsn) // want "builds a pool outside the packages"
}

func badOldConn(ctx context.Context) (*pgx4.Conn, error) {
	return pgx4.Connect(ctx, dsn) // want "builds a connection of its own outside the packages"
}

func badOldPgconn(ctx context.Context) (*pgconn4.PgConn, error) {
	return pgconn4.Connect(ctx, dsn) // want "builds a connection of its own outside the packages"
}

func badOldStdlib(cfg pgx4.ConnConfig) *mydb.DB {
	return std4.OpenDB(cfg) // want "builds a pool outside the packages"
}

func badOpenDB(cfg pgx.ConnConfig) *mydb.DB {
	return stdlib.OpenDB(cfg) // want `stdlib\.OpenDB builds a pool outside the packages`
}

func badOpenDBFromPool(pool *pool5.Pool) *mydb.DB {
	return stdlib.OpenDBFromPool(pool) // want `stdlib\.OpenDBFromPool builds a pool outside the packages`
}

func badConnector() (*mydb.DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return mydb.OpenDB(c), nil // want "builds a pool outside the packages"
}

func badSqlx() (*sqlx.DB, error) {
	return sqlx.Open("pgx", dsn) // want `sqlx\.Open builds a pool outside the packages`
}

func badSqlxConnect() (*sqlx.DB, error) {
	return sqlx.Connect("pgx", dsn) // want `sqlx\.Connect builds a pool outside the packages`
}

func badSqlxContext(ctx context.Context) (*sqlx.DB, error) {
	return sqlx.ConnectContext(ctx, "pgx", dsn) // want `sqlx\.ConnectContext builds a pool outside the packages`
}

func badSqlxMustConnect() *sqlx.DB {
	return sqlx.MustConnect("pgx", dsn) // want `sqlx\.MustConnect builds a pool outside the packages`
}

func badSqlxMustOpen() *sqlx.DB {
	return sqlx.MustOpen("pgx", dsn) // want `sqlx\.MustOpen builds a pool outside the packages`
}

func badGorm() (*gorm.DB, error) {
	return gorm.Open(postgres.Open(dsn)) // want `gorm\.Open builds a pool outside the packages`
}

func badBun() *bun.DB {
	return bun.NewDB(mydb.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New()) // want "builds a pool outside the packages"
}

func badEnt() (*entsql.Driver, error) {
	return entsql.Open("postgres", dsn) // want `sql\.Open builds a pool outside the packages`
}

func badXorm() (*xorm.Engine, error) {
	return xorm.NewEngine("postgres", dsn) // want `xorm\.NewEngine builds a pool outside the packages`
}

func badXormParams() (*xorm.Engine, error) {
	return xorm.NewEngineWithParams("postgres", dsn, nil) // want `xorm\.NewEngineWithParams builds a pool outside the packages`
}

func badGoPg() *pg.DB {
	return pg.Connect(&pg.Options{Addr: "db:5432"}) // want `pg\.Connect builds a pool outside the packages`
}

func badListener() *pq.Listener {
	return pq.NewListener(dsn, time.Second, time.Minute, nil) // want `pq\.NewListener builds a listener's connection outside the packages`
}

func badUnknownDriver(driver string) (*mydb.DB, error) {
	return mydb.Open(driver, dsn) // want "builds a pool outside the packages"
}

// badOnce is a correct singleton, at the wrong place.
func badOnce() (*mydb.DB, error) {
	if kept == nil {
		var err error
		if kept, err = mydb.Open("pgx", dsn); err != nil { // want "builds a pool outside the packages"
			return nil, err
		}
	}
	return kept, nil
}

var kept *mydb.DB

// okAsks the allowed package.
func okAsks(ctx context.Context) (*pool5.Pool, error) { return db.Pool(ctx, dsn) }

// okShared uses what the allowed package keeps.
func okShared() *sqlx.DB { return db.Shared() }

// okAllowedValue names a function of the allowed package.
func okAllowedValue(ctx context.Context) (*pgx.Conn, error) {
	connect := db.Conn
	return connect(ctx, dsn)
}

// okFile has no server.
func okFile(path string) (*mydb.DB, error) { return mydb.Open("sqlite3", path) }

// okHandles are made over what exists.
func okHandles(raw *mydb.DB) (*sqlx.DB, *bun.DB, *entsql.Driver, *gorm.DB, error) {
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: raw}))
	return sqlx.NewDb(raw, "pgx"), bun.NewDB(raw, pgdialect.New()), entsql.OpenDB("postgres", raw), g, err
}

// okAcquire takes a connection of a pool.
func okAcquire(ctx context.Context, pool *pool5.Pool, raw *mydb.DB) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	c, err := raw.Conn(ctx)
	if err != nil {
		return err
	}
	return c.Close()
}

// okParse reads a configuration.
func okParse() (*pool5.Config, error) { return pool5.ParseConfig(dsn) }

// cabinet has methods with the names of constructors.
type cabinet struct{ open bool }

func (c *cabinet) Open(string, string) (*cabinet, error) { c.open = true; return c, nil }
func (c *cabinet) Connect(context.Context, string) error { return nil }

// okSameNames calls them.
func okSameNames(ctx context.Context) error {
	sql := new(cabinet)
	if _, err := sql.Open("pgx", dsn); err != nil {
		return err
	}
	pgx := sql
	return pgx.Connect(ctx, dsn)
}

// okShadowedPackage calls a local function that has the name of a package's function.
func okShadowedPackage() int {
	Open := func(a, b string) int { return len(a) + len(b) }
	return Open("pgx", dsn)
}
