package errs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sync.Once: cached connection for the process.
type Cached struct {
	once sync.Once
	c    *pgxpool.Conn
	err  error
	pool *pgxpool.Pool
}

func (k *Cached) okA605Once(ctx context.Context) (*pgxpool.Conn, error) {
	k.once.Do(func() { k.c, k.err = k.pool.Acquire(ctx) })
	return k.c, k.err
}

func (k *Cached) Close() {
	if k.c != nil {
		k.c.Release()
	}
}

var bufs = sync.Pool{New: func() any { return new([]string) }}

func okS607SyncPoolBuffer(ctx context.Context, db *sql.DB) (int, error) {
	buf := bufs.Get().(*[]string)
	defer bufs.Put(buf)
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return 0, err
		}
		*buf = append(*buf, s)
	}
	return len(*buf), rows.Err()
}

// package-level sentinel and errors.Is / As chains
func badR602IsNoRows(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	rows, err := pool.Query(ctx, "select name from t") // want "rows is not closed"
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	var s string
	rows.Next()
	err = rows.Scan(&s)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return s, nil
}

func okR602ErrorsAs(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	var op *OpError
	rows, err := open(ctx, pool)
	if errors.As(err, &op) {
		return "", op.Err
	}
	if err != nil {
		return "", err
	}
	return pgx.CollectOneRow(rows, pgx.RowTo[string])
}

// errors accumulate in one variable
func okR603Accumulated(ctx context.Context, pool *pgxpool.Pool) (out []int, errs error) {
	for i := range 3 {
		rows, err := pool.Query(ctx, "select $1::int", i)
		if err != nil {
			errs = errors.Join(errs, err)
			continue
		}
		v, err := pgx.CollectRows(rows, pgx.RowTo[int])
		errs = errors.Join(errs, err)
		out = append(out, v...)
	}
	return out, errs
}

func badR603Accumulated(ctx context.Context, pool *pgxpool.Pool) (out []int, errs error) {
	for i := range 3 {
		rows, err := pool.Query(ctx, "select $1::int", i) // want "rows is not closed"
		if err != nil {
			errs = errors.Join(errs, err)
			continue
		}
		var v int
		if rows.Next() {
			errs = errors.Join(errs, rows.Scan(&v))
		}
		out = append(out, v)
	}
	return out, errs
}

// A result struct with an error inside.
type QueryResult struct {
	Rows *sql.Rows
	Err  error
}

func run(ctx context.Context, db *sql.DB, q string) QueryResult {
	r, err := db.QueryContext(ctx, q)
	if err != nil {
		return QueryResult{Err: err}
	}
	return QueryResult{Rows: r}
}

func okS608ResultStruct(ctx context.Context, db *sql.DB) (bool, error) {
	res := run(ctx, db, "select 1")
	if res.Err != nil {
		return false, res.Err
	}
	defer res.Rows.Close()
	return res.Rows.Next(), nil
}

func badS608ResultStruct(ctx context.Context, db *sql.DB) (bool, error) {
	res := run(ctx, db, "select 1") // want "res is not closed"
	if res.Err != nil {
		return false, res.Err
	}
	return res.Rows.Next(), nil
}

// Two resources, one error variable.
func badA606Second(ctx context.Context, pool *pgxpool.Pool) (err error) {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx)
	defer c.Release()
	return tx.Commit(ctx)
}

func okA606Second(ctx context.Context, pool *pgxpool.Pool) (err error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// errCleanup pattern: list of undo funcs, run on error.
func okA607Undo(ctx context.Context, pool *pgxpool.Pool) (a, b *pgxpool.Conn, err error) {
	var undo []func()
	defer func() {
		if err != nil {
			for _, u := range undo {
				u()
			}
		}
	}()
	if a, err = pool.Acquire(ctx); err != nil {
		return nil, nil, err
	}
	undo = append(undo, a.Release)
	if b, err = pool.Acquire(ctx); err != nil {
		return nil, nil, err
	}
	return a, b, nil
}

// Return of naked results.
func okS609Naked(ctx context.Context, db *sql.DB) (rows *sql.Rows, err error) {
	rows, err = db.QueryContext(ctx, "select 1")
	if err != nil {
		err = fmt.Errorf("naked: %w", err)
		return
	}
	if !rows.Next() {
		err = errors.Join(sql.ErrNoRows, rows.Close())
		rows = nil
	}
	return
}

func badS609NilReturned(ctx context.Context, db *sql.DB) (rows *sql.Rows, err error) {
	rows, err = db.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		err = fmt.Errorf("naked: %w", err)
		return
	}
	if cols, cerr := rows.Columns(); cerr != nil || len(cols) != 1 {
		return nil, fmt.Errorf("columns %v: %w", cols, cerr)
	}
	return
}
