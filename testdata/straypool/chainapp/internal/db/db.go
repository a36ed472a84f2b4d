// Package db has the constructors of the program. They are right: it depends on who calls them, and how often.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Config says where the database is.
type Config struct {
	URL string
	Max int32
}

// New builds a pool.
func New(ctx context.Context, c Config) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	cfg.MaxConns = c.Max
	return pgxpool.NewWithConfig(ctx, cfg)
}

// MustNew panics when New fails.
func MustNew(ctx context.Context, c Config) *pgxpool.Pool { return Must(New(ctx, c)) }

// Must is generic and builds nothing itself.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Exec builds a pool, executes and closes it.
func Exec(ctx context.Context, c Config, query string, args ...any) error {
	pool, err := New(ctx, c)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, query, args...)
	return err
}

// With calls fn with a connection of its own.
func With[T any](ctx context.Context, url string, fn func(context.Context, *pgx.Conn) (T, error)) (v T, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return v, err
	}
	defer conn.Close(ctx)
	return fn(ctx, conn)
}

// On calls fn with what it is given.
func On[T any](ctx context.Context, pool *pgxpool.Pool, fn func(context.Context, *pgxpool.Conn) (T, error)) (v T, err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return v, err
	}
	defer conn.Release()
	return fn(ctx, conn)
}

var shared = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("pgx", "postgres://app@db/app") })

// Shared returns the pool of the process.
func Shared() (*sql.DB, error) { return shared() }

// Open returns a new pool each time, though its name is as short.
func Open() (*sql.DB, error) { return sql.Open("pgx", "postgres://app@db/app") }
