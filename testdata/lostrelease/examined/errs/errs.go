// Package errs: wrapped, joined and typed errors, ok results, out parameters and cleanup closures.
package errs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type OpError struct {
	Op  string
	Err error
}

func (e *OpError) Error() string { return e.Op + ": " + e.Err.Error() }

func (e *OpError) Unwrap() error { return e.Err }

var ErrUnavailable = errors.New("database unavailable")

// wrap gives nil for nil.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return &OpError{op, err}
}

func open(ctx context.Context, pool *pgxpool.Pool) (pgx.Rows, error) {
	rows, err := pool.Query(ctx, "select 1")
	return rows, wrap("open", err)
}

func okR601Wrapped(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := open(ctx, pool)
	if err != nil {
		return false, fmt.Errorf("R601: %w", err)
	}
	defer rows.Close()
	return rows.Next(), nil
}

func badR601Wrapped(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := open(ctx, pool) // want "rows is not closed"
	if err != nil {
		return false, fmt.Errorf("R601: %w", err)
	}
	return rows.Next(), nil
}

// err is wrapped before it is tested.
func okS601WrapBeforeTest(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, "select 1")
	err = wrap("query", err)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

// Custom error type returned for one case only.
func okS602CustomType(ctx context.Context, db *sql.DB) (bool, *OpError) {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return false, &OpError{"query", err}
	}
	defer rows.Close()
	return rows.Next(), nil
}

// What is wrong here is the leak, not the typed nil.
func badS602CustomType(ctx context.Context, db *sql.DB) (bool, *OpError) {
	rows, err := db.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, &OpError{"query", err}
	}
	var n int
	if !rows.Next() {
		return false, &OpError{"next", ErrUnavailable}
	}
	if err := rows.Scan(&n); err != nil {
		return false, &OpError{"scan", err}
	}
	rows.Close()
	return n > 0, nil
}

// ok result: the holder is there iff ok.
func tryLock(ctx context.Context, pool *pgxpool.Pool, key int64) (*pgxpool.Conn, bool) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, false
	}
	var ok bool
	if err := c.QueryRow(ctx, "select pg_try_advisory_lock($1)", key).Scan(&ok); err != nil || !ok {
		c.Release()
		return nil, false
	}
	return c, true
}

func okA601OkResult(ctx context.Context, pool *pgxpool.Pool) error {
	c, ok := tryLock(ctx, pool, 1)
	if !ok {
		return ErrUnavailable
	}
	defer c.Release()
	_, err := c.Exec(ctx, "select 1")
	return err
}

func badA601OkResult(ctx context.Context, pool *pgxpool.Pool) error {
	c, ok := tryLock(ctx, pool, 1) // want "c is not released"
	if !ok {
		return ErrUnavailable
	}
	if _, err := c.Exec(ctx, "select 1"); err != nil {
		return err
	}
	c.Release()
	return nil
}

// sanketplus/go-mysql-lock#9: lock not obtained.
func badA602LockNotObtained(ctx context.Context, pool *pgxpool.Pool, key int64) (*pgxpool.Conn, error) {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	var ok bool
	if err := c.QueryRow(ctx, "select pg_try_advisory_lock($1)", key).Scan(&ok); err != nil {
		c.Release()
		return nil, err
	}
	if !ok {
		return nil, ErrUnavailable
	}
	return c, nil
}

func okA602LockNotObtained(ctx context.Context, pool *pgxpool.Pool, key int64) (*pgxpool.Conn, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	var ok bool
	err = c.QueryRow(ctx, "select pg_try_advisory_lock($1)", key).Scan(&ok)
	if err == nil && !ok {
		err = ErrUnavailable
	}
	if err != nil {
		c.Release()
		return nil, err
	}
	return c, nil
}

// out parameter
func openInto(ctx context.Context, db *sql.DB, dst **sql.Rows) error {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return err
	}
	*dst = rows
	return nil
}

func okS603OutParam(ctx context.Context, db *sql.DB) (bool, error) {
	var rows *sql.Rows
	if err := openInto(ctx, db, &rows); err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

func badS603OutParam(ctx context.Context, db *sql.DB) (bool, error) {
	var rows *sql.Rows
	if err := openInto(ctx, db, &rows); err != nil { // want "rows is not closed"
		return false, err
	}
	return rows.Next(), nil
}

// cleanup closure
func withRows(ctx context.Context, db *sql.DB) (*sql.Rows, func(), error) {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return nil, func() {}, err
	}
	return rows, func() {
		if err := rows.Close(); err != nil {
			log.Print(err)
		}
	}, nil
}

func okS604Cleanup(ctx context.Context, db *sql.DB) (bool, error) {
	rows, cleanup, err := withRows(ctx, db)
	if err != nil {
		return false, err
	}
	defer cleanup()
	return rows.Next(), nil
}

func badS604CleanupIgnored(ctx context.Context, db *sql.DB) (bool, error) {
	rows, _, err := withRows(ctx, db) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

func okS605CleanupIgnoredButClosed(ctx context.Context, db *sql.DB) (bool, error) {
	rows, _, err := withRows(ctx, db)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

// cleanup before the error check: harmless, never nil
func okS606CleanupFirst(ctx context.Context, db *sql.DB) (bool, error) {
	rows, cleanup, err := withRows(ctx, db)
	defer cleanup()
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// setup returns only a func: the connection is inside the closure.
func lockAll(ctx context.Context, pool *pgxpool.Pool) (unlock func(), err error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "select pg_advisory_lock(1)"); err != nil {
		c.Release()
		return nil, err
	}
	return func() {
		_, _ = c.Exec(ctx, "select pg_advisory_unlock(1)")
		c.Release()
	}, nil
}

func okA603Unlock(ctx context.Context, pool *pgxpool.Pool) error {
	unlock, err := lockAll(ctx, pool)
	if err != nil {
		return err
	}
	defer unlock()
	_, err = pool.Exec(ctx, "select 1")
	return err
}

func badA603Unlock(ctx context.Context, pool *pgxpool.Pool) error {
	unlock, err := lockAll(ctx, pool) // want "unlock is not called"
	if err != nil {
		return err
	}
	if _, err = pool.Exec(ctx, "select 1"); err != nil {
		return err
	}
	unlock()
	return nil
}

func badA604UnlockDropped(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := lockAll(ctx, pool); err != nil { // want "result of lockAll is never called"
		return err
	}
	_, err := pool.Exec(ctx, "select 1")
	return err
}
