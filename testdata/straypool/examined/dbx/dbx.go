// Package dbx has a platform team's database helpers.
package dbx

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

// NewPool builds a pool.
func NewPool(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("dsn: %w", err)
	}
	cfg.MaxConns = 8
	return pgxpool.NewWithConfig(ctx, cfg)
}

// MustOpen opens a handle or panics.
func MustOpen(dsn string) *sql.DB {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	return db
}

// Conn opens the database that the environment names.
func Conn() *sql.DB { return MustOpen(os.Getenv("DATABASE_URL")) }

// WithConn runs fn on a fresh connection and closes it.
func WithConn(ctx context.Context, dsn string, fn func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	return fn(c)
}

// Manager opens handles.
type Manager struct{ DSN string }

// Open opens a fresh sqlx handle at each call.
func (m *Manager) Open(ctx context.Context) (*sqlx.DB, error) {
	return sqlx.ConnectContext(ctx, "postgres", m.DSN)
}

// Store owns a pool.
type Store struct{ pool *pgxpool.Pool }

// NewStore builds a store with a pool of its own.
func NewStore(ctx context.Context, dsn string) (*Store, error) {
	p, err := NewPool(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Store{pool: p}, nil
}

// StoreOver wraps an existing pool.
func StoreOver(p *pgxpool.Pool) *Store { return &Store{pool: p} }

// Count counts the rows.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "select count(*) from t").Scan(&n)
	return
}

// Close closes what is below.
func (s *Store) Close() { s.pool.Close() }

// Build is generic: it builds a pool and wraps it.
func Build[T any](ctx context.Context, dsn string, wrap func(*pgxpool.Pool) T) (T, error) {
	var zero T
	p, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return zero, err
	}
	return wrap(p), nil
}

var (
	once   sync.Once
	shared *pgxpool.Pool
	sherr  error
)

// Shared is the process pool.
func Shared(ctx context.Context) (*pgxpool.Pool, error) {
	once.Do(func() { shared, sherr = NewPool(ctx, os.Getenv("DATABASE_URL")) })
	return shared, sherr
}

// Default is the process handle.
var Default = sync.OnceValues(func() (*sql.DB, error) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(6)
	return db, nil
})

// Retry calls fn until it succeeds.
func Retry(ctx context.Context, n int, fn func() error) (err error) {
	for i := 0; i < n; i++ {
		if err = fn(); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
	return err
}
