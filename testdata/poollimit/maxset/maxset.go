// Package maxset is checked with max-conns: 15. The user has said how many connections this program may have: what is above
// is no longer advice.
package maxset

import (
	"context"
	"database/sql"
	"os"
	"strconv"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

func okFifteen(db *sql.DB) { db.SetMaxOpenConns(15) }

func badSixteen(db *sql.DB) {
	db.SetMaxOpenConns(16) // want "limit 16 is above max-conns"
}

func okConfig(cfg *pgxpool.Config) { cfg.MaxConns = 15 }

func badConfig(cfg *pgxpool.Config) {
	cfg.MaxConns = 20 // want "limit 20 is above max-conns"
}

func okString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_max_conns=15")
}

func badString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_max_conns=30") // want "pool_max_conns 30 is above max-conns"
}

func openPool(dsn string, n int) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	return db, nil
}

func okThrough(dsn string) (*sql.DB, error) { return openPool(dsn, 12) }

func badThrough(dsn string) (*sql.DB, error) {
	return openPool(dsn, 25) // want "limit 25 is above max-conns"
}

// okClamped keeps to it.
func okClamped(dsn string, n int) (*sql.DB, error) { return openPool(dsn, min(n, 15)) }

// okEnvironment is unknown. Whether it keeps to it shows at run time.
func okEnvironment(cfg *pgxpool.Config) {
	cfg.MaxConns = 10
	if n, err := strconv.ParseInt(os.Getenv("DB_MAX_CONNS"), 10, 32); err == nil {
		cfg.MaxConns = int32(n)
	}
}

func badGoPg(addr string) *pg.DB {
	return pg.Connect(&pg.Options{Addr: addr, PoolSize: 40}) // want "limit 40 is above max-conns"
}

// badUnlimited has none at all.
func badUnlimited(dsn string) (*sql.DB, error) {
	return sql.Open("pgx", dsn) // want `the pool of sql\.Open has no limit`
}

// okView has the limit of its pool.
func okView(pool *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(pool) }

// badAbove is above what a default server gives, too. It is one report.
func badAbove(db *sql.DB) {
	db.SetMaxOpenConns(200) // want "limit 200 is above max-conns"
}

// okIdle is no limit of open connections.
func okIdle(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(20)
}
