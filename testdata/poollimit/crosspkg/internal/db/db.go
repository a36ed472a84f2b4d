// Package db opens the pools of this program. The numbers come from its importers.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Limits of the program.
const (
	DefaultMax = 10
	BatchMax   = 400
)

// Open opens a pool of at most max connections.
func Open(dsn string, max int) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	db.SetMaxOpenConns(max)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// OpenClamped never opens more than 20.
func OpenClamped(dsn string, max int) (*sql.DB, error) {
	switch {
	case max <= 0:
		max = DefaultMax
	case max > 20:
		max = 20
	}
	return Open(dsn, max)
}

// Config is the configuration of a pool.
type Config struct {
	DSN         string
	MaxOpen     int
	MaxIdle     int
	PingTimeout time.Duration
}

// Connect opens and pings.
func Connect(ctx context.Context, cfg Config) (*sql.DB, error) {
	db, err := Open(cfg.DSN, cfg.MaxOpen)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(cfg.MaxIdle)
	ctx, cancel := context.WithTimeout(ctx, cfg.PingTimeout)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Filled opens with the defaults for what is zero.
func (c Config) Filled() (*sql.DB, error) {
	if c.MaxOpen == 0 {
		c.MaxOpen = DefaultMax
	}
	return Open(c.DSN, c.MaxOpen)
}

// Option changes a pool before it is built.
type Option func(*pgxpool.Config)

// WithMaxConns limits the pool.
func WithMaxConns(n int32) Option { return func(c *pgxpool.Config) { c.MaxConns = n } }

// WithStatementTimeout limits each statement.
func WithStatementTimeout(millis int) Option {
	return func(c *pgxpool.Config) {
		c.ConnConfig.RuntimeParams["statement_timeout"] = fmt.Sprint(millis)
	}
}

// NewPool builds a pgx pool.
func NewPool(ctx context.Context, dsn string, opts ...Option) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = DefaultMax
	for _, opt := range opts {
		opt(cfg)
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Plain builds a pgx pool with what the string says.
func Plain(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return pgxpool.New(ctx, dsn) }

// Limit limits a pool of another package.
func Limit(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
}

// MaxFor is a number by role.
func MaxFor(role string) int {
	if role == "web" {
		return 20
	}
	return 4
}

// TooMany is a number that is too large.
func TooMany() int { return 512 }
