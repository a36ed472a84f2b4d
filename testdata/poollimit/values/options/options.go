// Package options passes the limits in functional options.
package options

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
)

type options struct {
	maxConns int32
	idle     time.Duration
	rows     int
	log      *slog.Logger
}

// Option changes one setting.
type Option func(*options)

// WithMaxConns limits the pool.
func WithMaxConns(n int32) Option { return func(o *options) { o.maxConns = n } }

// WithFetchSize is the number of rows of one fetch.
func WithFetchSize(n int) Option { return func(o *options) { o.rows = n } }

// WithLogger logs.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// Connect builds a pool.
func Connect(ctx context.Context, url string, opts ...Option) (*pgxpool.Pool, error) {
	o := options{maxConns: 10, rows: 100, log: slog.Default()}
	for _, opt := range opts {
		opt(&o)
	}
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = o.maxConns
	cfg.MaxConnIdleTime = o.idle
	o.log.Info("connect", "max", o.maxConns, "rows", o.rows)
	return pgxpool.NewWithConfig(ctx, cfg)
}

func okNone(ctx context.Context, url string) (*pgxpool.Pool, error) { return Connect(ctx, url) }

func okSmall(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return Connect(ctx, url, WithMaxConns(12), WithLogger(slog.Default()))
}

// okFetchSize has a large number that isn't the limit.
func okFetchSize(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return Connect(ctx, url, WithFetchSize(5000))
}

func badLarge(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return Connect(ctx, url,
		WithLogger(slog.Default()),
		WithMaxConns(500), // want "limit 500 is more than a server"
	)
}

// badSlice collects the options first.
func badSlice(ctx context.Context, url string, debug bool) (*pgxpool.Pool, error) {
	opts := []Option{WithMaxConns(250)} // want "limit 250 is more than a server"
	if debug {
		opts = append(opts, WithLogger(slog.Default()))
	}
	return Connect(ctx, url, opts...)
}

// okFromEnvironment adds the option only when it's wanted.
func okFromEnvironment(ctx context.Context, url string) (*pgxpool.Pool, error) {
	var opts []Option
	if n, err := strconv.ParseInt(os.Getenv("POOL"), 10, 32); err == nil {
		opts = append(opts, WithMaxConns(int32(n)))
	}
	return Connect(ctx, url, opts...)
}

// A step is an option that works on the pool and may fail.
type step func(*sql.DB) error

func openConns(n int) step {
	return func(db *sql.DB) error {
		if n < 1 {
			return errors.New("no limit")
		}
		db.SetMaxOpenConns(n)
		return nil
	}
}

func idleConns(n int) step {
	return func(db *sql.DB) error {
		db.SetMaxIdleConns(n)
		return nil
	}
}

func run(db *sql.DB, steps ...step) (*sql.DB, error) {
	for _, s := range steps {
		if err := s(db); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

func okSteps(url string) (*sql.DB, error) {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return nil, err
	}
	return run(db, openConns(10), idleConns(5))
}

func badSteps(db *sql.DB) (*sql.DB, error) {
	return run(db, openConns(150), idleConns(5)) // want "limit 150 is more than a server"
}

// Setter is an option with a method.
type Setter interface{ set(*pgxpool.Config) }

// MaxConns is an option of this kind.
type MaxConns int32

func (m MaxConns) set(cfg *pgxpool.Config) { cfg.MaxConns = int32(m) }

func with(cfg *pgxpool.Config, setters ...Setter) *pgxpool.Config {
	for _, s := range setters {
		s.set(cfg)
	}
	return cfg
}

func okSetter(cfg *pgxpool.Config) *pgxpool.Config { return with(cfg, MaxConns(10)) }

// Builder is a chain of calls.
type Builder struct {
	url string
	max int
}

// MaxOpen limits the pool.
func (b *Builder) MaxOpen(n int) *Builder {
	b.max = n
	return b
}

// Build opens it.
func (b *Builder) Build() (*sql.DB, error) {
	db, err := sql.Open("postgres", b.url)
	if err != nil {
		return nil, err
	}
	if b.max == 0 {
		b.max = 10
	}
	db.SetMaxOpenConns(b.max)
	return db, nil
}

func okBuilder(url string) (*sql.DB, error) { return (&Builder{url: url}).MaxOpen(10).Build() }

// okBuilderZero means the builder's own default.
func okBuilderZero(url string) (*sql.DB, error) { return (&Builder{url: url}).MaxOpen(0).Build() }

func badBuilder(url string) (*sql.DB, error) {
	return (&Builder{url: url}).MaxOpen(333).Build() // want "limit 333 is more than a server"
}
