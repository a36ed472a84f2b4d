package probe

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type slowRow struct{ pgx.Row }

func (r slowRow) Scan(d ...any) error { return r.Row.Scan(d...) }

type sl struct{ p *pgxpool.Pool }

func (s sl) QueryRow(ctx context.Context, q string) pgx.Row { return slowRow{s.p.QueryRow(ctx, q)} }

func okR01(ctx context.Context, p *pgxpool.Pool) (n int, err error) {
	row := sl{p}.QueryRow(ctx, "x")
	err = row.Scan(&n)
	return n, err
}

func okR02(ctx context.Context, p *pgxpool.Pool) (n int, err error) {
	err = sl{p}.QueryRow(ctx, "x").Scan(&n)
	return n, err
}

var ErrDone = errors.New("done")

type it struct{ rows *sql.Rows }

func (i *it) Next() (string, error) {
	if !i.rows.Next() {
		if err := i.rows.Err(); err != nil {
			return "", err
		}
		return "", ErrDone
	}
	var s string
	err := i.rows.Scan(&s)
	return s, err
}

func (i *it) Stop() { i.rows.Close() }

func read(ctx context.Context, db *sql.DB) (*it, error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return nil, err
	}
	return &it{rows}, nil
}

// exhausted: Next gave ErrDone
func okS11(ctx context.Context, db *sql.DB) (out []string, err error) {
	i, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	for {
		s, err := i.Next()
		if errors.Is(err, ErrDone) {
			return out, nil
		}
		if err != nil {
			i.Stop()
			return nil, err
		}
		out = append(out, s)
	}
}

// wrapper's own bool Next: drained without Stop
type bi struct{ rows *sql.Rows }

func (b *bi) Next() bool { return b.rows.Next() }

func (b *bi) Close() error { return b.rows.Close() }

func (b *bi) Scan(d ...any) error {
	return b.rows.Scan(d...)
}

func readB(ctx context.Context, db *sql.DB) (*bi, error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return nil, err
	}
	return &bi{rows}, nil
}

func okS12(ctx context.Context, db *sql.DB) (n int, err error) {
	b, err := readB(ctx, db)
	if err != nil {
		return 0, err
	}
	for b.Next() {
		n++
	}
	return n, nil
}

// AfterFunc takes the connection
func okA11(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, c.Release)
	return c.Conn(), nil
}

func okA12(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	time.AfterFunc(time.Second, func() { c.Release() })
	return nil
}

func okA13(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	var once sync.Once
	release := func() { once.Do(c.Release) }
	defer release()
	if _, err := c.Exec(ctx, "x"); err != nil {
		release()
		return err
	}
	return nil
}

func okA14(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	release := sync.OnceFunc(c.Release)
	defer release()
	_, err = c.Exec(ctx, "x")
	return err
}

func badA14(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	release := sync.OnceFunc(c.Release)
	if _, err = c.Exec(ctx, "x"); err != nil {
		return err
	}
	release()
	return nil
}

func okA15(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	var done atomic.Bool
	defer func() {
		if done.CompareAndSwap(false, true) {
			c.Release()
		}
	}()
	_, err = c.Exec(ctx, "x")
	return err
}

func okA16(ctx context.Context, pool *pgxpool.Pool) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return
	}
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, os.Interrupt)
	<-sig
	c.Release()
	os.Exit(0)
}

func okA17(ctx context.Context, pool *pgxpool.Pool) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		runtime.Goexit()
	}
	defer c.Release()
	if _, err := c.Exec(ctx, "x"); err != nil {
		runtime.Goexit()
	}
}

// slices.Collect over a Seq that borrows
func lines(rows pgx.Rows) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rows.Next() {
			var s string
			if rows.Scan(&s) != nil || !yield(s) {
				return
			}
		}
	}
}

func okR13(ctx context.Context, p *pgxpool.Pool) ([]string, error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	out := slices.Collect(lines(rows))
	return out, rows.Err()
}

func linesC(rows pgx.Rows) iter.Seq[string] {
	return func(yield func(string) bool) {
		defer rows.Close()
		for rows.Next() {
			var s string
			if rows.Scan(&s) != nil || !yield(s) {
				return
			}
		}
	}
}

func okR14(ctx context.Context, p *pgxpool.Pool) ([]string, error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	return slices.Collect(linesC(rows)), nil
}

func okR15(ctx context.Context, p *pgxpool.Pool) (n int, err error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return 0, err
	}
	for s := range linesC(rows) {
		if s == "" {
			break
		}
		n++
	}
	return n, nil
}

func badR15(ctx context.Context, p *pgxpool.Pool, skip bool) (n int, err error) {
	rows, err := p.Query(ctx, "x") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	seq := linesC(rows)
	if skip {
		return 0, nil
	}
	for range seq {
		n++
	}
	return n, nil
}
