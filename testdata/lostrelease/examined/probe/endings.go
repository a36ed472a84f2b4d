package probe

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// log.Panic / os.Exit / log.Fatalln / panics without recover
func okR49(ctx context.Context, p *pgxpool.Pool) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		log.Fatalln(err)
	}
	var s string
	if !rows.Next() {
		panic("no rows")
	}
	if err := rows.Scan(&s); err != nil {
		log.Panicf("scan: %v", err)
	}
	if s == "" {
		os.Exit(3)
	}
	rows.Close()
}

// closures as fields: options with hooks
type task struct {
	run     func(ctx context.Context) error
	cleanup func()
}

func okA50(ctx context.Context, p *pgxpool.Pool) (*task, error) {
	c, err := p.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &task{run: func(ctx context.Context) error { _, err := c.Exec(ctx, "x"); return err }, cleanup: c.Release}, nil
}

func okA51(ctx context.Context, p *pgxpool.Pool) error {
	t, err := okA50(ctx, p)
	if err != nil {
		return err
	}
	defer t.cleanup()
	return t.run(ctx)
}

// named function type with method
type releaseFunc func()

func (f releaseFunc) Close() error { f(); return nil }

func lock(ctx context.Context, p *pgxpool.Pool) (io.Closer, error) {
	c, err := p.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return releaseFunc(c.Release), nil
}

func okA52(ctx context.Context, p *pgxpool.Pool) error {
	l, err := lock(ctx, p)
	if err != nil {
		return err
	}
	defer l.Close()
	return nil
}

func badA52(ctx context.Context, p *pgxpool.Pool) error {
	l, err := lock(ctx, p) // want "l is not called"
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return l.Close()
}

// wait group and shared rows closed by last
func okR53(ctx context.Context, p *pgxpool.Pool) error {
	c, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_, _ = c.Exec(ctx, "x")
	}()
	go func() {
		wg.Wait()
		c.Release()
	}()
	return nil
}

// pgx.Rows nil-safe closers
func closeIf(rows pgx.Rows) {
	if rows != nil {
		rows.Close()
	}
}

func okR54(ctx context.Context, p *pgxpool.Pool) (bool, error) {
	rows, err := p.Query(ctx, "x")
	defer closeIf(rows)
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

func okR55(ctx context.Context, p *pgxpool.Pool) (bool, error) {
	rows, err := p.Query(ctx, "x")
	defer rows.Close() // non-nil on error in pgx
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// helper that closes only on error
func must1(rows pgx.Rows) (string, error) {
	if !rows.Next() {
		return "", pgx.ErrNoRows
	}
	var s string
	if err := rows.Scan(&s); err != nil {
		return "", err
	}
	if s == "" {
		rows.Close()
		return "", errors.New("empty")
	}
	return s, nil
}

func badR56(ctx context.Context, p *pgxpool.Pool) (string, error) {
	rows, err := p.Query(ctx, "x") // want "rows is not closed"
	if err != nil {
		return "", err
	}
	return must1(rows)
}

func okR56(ctx context.Context, p *pgxpool.Pool) (string, error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return "", err
	}
	s, err := must1(rows)
	if err != nil {
		return "", err
	}
	rows.Close()
	return s, nil
}

// advisory lock with unlock in a struct
type Lock struct {
	c   *pgxpool.Conn
	key int64
}

func TryLock(ctx context.Context, p *pgxpool.Pool, key int64) (*Lock, bool, error) {
	c, err := p.Acquire(ctx)
	if err != nil {
		return nil, false, err
	}
	var ok bool
	if err := c.QueryRow(ctx, "select pg_try_advisory_lock($1)", key).Scan(&ok); err != nil {
		c.Release()
		return nil, false, err
	}
	if !ok {
		c.Release()
		return nil, false, nil
	}
	return &Lock{c, key}, true, nil
}

func (l *Lock) Unlock(ctx context.Context) error {
	defer l.c.Release()
	_, err := l.c.Exec(ctx, "select pg_advisory_unlock($1)", l.key)
	return err
}

func okA57(ctx context.Context, p *pgxpool.Pool) error {
	l, ok, err := TryLock(ctx, p, 1)
	if err != nil || !ok {
		return err
	}
	defer l.Unlock(ctx)
	return nil
}

func badA57(ctx context.Context, p *pgxpool.Pool, work func() error) error {
	l, ok, err := TryLock(ctx, p, 1) // want "l is not closed"
	if err != nil {
		return err
	}
	if !ok {
		return nil
	}
	if err := work(); err != nil {
		return err
	}
	return l.Unlock(ctx)
}

// lock nil check instead of ok
func okA58(ctx context.Context, p *pgxpool.Pool, work func() error) error {
	l, _, err := TryLock(ctx, p, 1)
	if err != nil {
		return err
	}
	if l == nil {
		return nil
	}
	err = work()
	return errors.Join(err, l.Unlock(ctx))
}
