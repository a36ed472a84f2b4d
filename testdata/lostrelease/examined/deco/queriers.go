package deco

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Querier decorator as a value of an interface.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

type slowLog struct {
	next Querier
	over time.Duration
}

func (s slowLog) Exec(ctx context.Context, q string, a ...any) (pgconn.CommandTag, error) {
	return s.next.Exec(ctx, q, a...)
}

func (s slowLog) QueryRow(ctx context.Context, q string, a ...any) pgx.Row {
	return slowRow{s.next.QueryRow(ctx, q, a...), time.Now()}
}

func (s slowLog) Query(ctx context.Context, q string, a ...any) (pgx.Rows, error) {
	t := time.Now()
	rows, err := s.next.Query(ctx, q, a...)
	if d := time.Since(t); d > s.over {
		slog.Warn("slow", "sql", q)
	}
	return rows, err
}

type slowRow struct {
	pgx.Row
	start time.Time
}

func (r slowRow) Scan(dest ...any) error {
	err := r.Row.Scan(dest...)
	if errors.Is(err, pgx.ErrNoRows) {
		return sql.ErrNoRows
	}
	return err
}

func Instrument(q Querier) Querier { return slowLog{q, time.Second} }

func okR405Decorated(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	q := Instrument(pool)
	err = q.QueryRow(ctx, "select 1").Scan(&n)
	if err != nil {
		return 0, err
	}
	rows, err := q.Query(ctx, "select 2")
	if err != nil {
		return 0, err
	}
	return pgx.CollectOneRow(rows, pgx.RowTo[int])
}

func badR405Decorated(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := Instrument(pool).Query(ctx, "select 2") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

func badR406DecoratedRow(ctx context.Context, pool *pgxpool.Pool, want bool) (n int, err error) {
	row := slowLog{next: pool}.QueryRow(ctx, "select 1") // want "row is not scanned"
	if want {
		err = row.Scan(&n)
	}
	return n, err
}

// functional options
type Option func(*config)

type config struct {
	opts  pgx.TxOptions
	tries int
	after func()
}

func ReadOnly() Option { return func(c *config) { c.opts.AccessMode = pgx.ReadOnly } }

func Tries(n int) Option {
	return func(c *config) { c.tries = n }
}

func (p *Pool) okT504Do(ctx context.Context, fn func(pgx.Tx) error, opts ...Option) error {
	c := config{tries: 1}
	for _, o := range opts {
		o(&c)
	}
	var err error
	for range c.tries {
		if err = pgx.BeginTxFunc(ctx, p.Pool, c.opts, fn); err == nil {
			break
		}
	}
	return err
}

func (p *Pool) badT504Do(ctx context.Context, fn func(pgx.Tx) error, opts ...Option) error {
	c := config{tries: 1}
	for _, o := range opts {
		o(&c)
	}
	var err error
	for range c.tries {
		var tx pgx.Tx
		tx, err = p.Pool.BeginTx(ctx, c.opts) // want "tx is neither committed nor rolled back"
		if err != nil {
			continue
		}
		if err = fn(tx); err != nil {
			continue
		}
		return tx.Commit(ctx)
	}
	return err
}
