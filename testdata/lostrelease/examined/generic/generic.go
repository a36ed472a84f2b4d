// Package generic: generic helpers around rows, rows to structs, and Must.
package generic

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func QueryAll[T any](ctx context.Context, db Querier, q string, scan func(pgx.CollectableRow) (T, error), args ...any) ([]T, error) {
	rows, err := db.Query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

func okR301QueryAll(ctx context.Context, pool *pgxpool.Pool) ([]int, error) {
	return QueryAll(ctx, pool, "select 1", pgx.RowTo[int])
}

// scan's error may be its own: it is a function of the caller.
func badR302QueryEach[T any](ctx context.Context, db Querier, q string, scan func(pgx.Rows) (T, error)) ([]T, error) {
	rows, err := db.Query(ctx, q) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func okR302QueryEach[T any](ctx context.Context, db Querier, q string, scan func(pgx.Rows) (T, error)) ([]T, error) {
	rows, err := db.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func badS301Must(db *sql.DB) bool {
	rows := Must(db.Query("select 1")) // want "rows is not closed"
	return rows.Next()
}

func okS301Must(db *sql.DB) bool {
	rows := Must(db.Query("select 1"))
	defer rows.Close()
	return rows.Next()
}

func okR303MustCollect(ctx context.Context, pool *pgxpool.Pool) []int {
	return Must(pgx.CollectRows(Must(pool.Query(ctx, "select 1")), pgx.RowTo[int]))
}

// Scanner type parameter with a pointer constraint, database/sql.
type Model[T any] interface {
	*T
	Dest() []any
}

func List[T any, P Model[T]](ctx context.Context, db *sql.DB, q string) (_ []T, err error) {
	rows, err := db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(P(&v).Dest()...); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func badS302ListModel[T any, P Model[T]](ctx context.Context, db *sql.DB, q string) (_ []T, err error) {
	rows, err := db.QueryContext(ctx, q) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	var out []T
	for rows.Next() {
		var v T
		if err := rows.Scan(P(&v).Dest()...); err != nil {
			return nil, errors.Join(err, rows.Err())
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

type Acc struct{ ID int }

func (a *Acc) Dest() []any { return []any{&a.ID} }

func okS303ListAcc(ctx context.Context, db *sql.DB) ([]Acc, error) {
	return List[Acc](ctx, db, "select id from acc")
}

// A generic owner.
type Lease[T any] struct {
	Value T
	free  func()
}

func (l *Lease[T]) Free() { l.free() }

func Borrow[T any](ctx context.Context, pool *pgxpool.Pool, load func(*pgxpool.Conn) (T, error)) (*Lease[T], error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	v, err := load(c)
	if err != nil {
		c.Release()
		return nil, err
	}
	return &Lease[T]{v, c.Release}, nil
}

func okA401Lease(ctx context.Context, pool *pgxpool.Pool) (uint32, error) {
	l, err := Borrow(ctx, pool, func(c *pgxpool.Conn) (uint32, error) { return c.Conn().PgConn().PID(), nil })
	if err != nil {
		return 0, err
	}
	defer l.Free()
	return l.Value, nil
}

func badA401Lease(ctx context.Context, pool *pgxpool.Pool) (uint32, error) {
	l, err := Borrow(ctx, pool, func(c *pgxpool.Conn) (uint32, error) { return c.Conn().PgConn().PID(), nil }) // want "l is never closed"
	if err != nil {
		return 0, err
	}
	return l.Value, nil
}

// Generic WithTx that returns a value.
func InTx[T any](ctx context.Context, pool *pgxpool.Pool, fn func(pgx.Tx) (T, error)) (out T, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		out, err = fn(tx)
		return err
	})
	return out, err
}

func okT401InTx(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	return InTx(ctx, pool, func(tx pgx.Tx) (n int, err error) {
		err = tx.QueryRow(ctx, "select 1").Scan(&n)
		return
	})
}

func badR304RowsOpenInTx(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	return InTx(ctx, pool, func(tx pgx.Tx) (bool, error) {
		rows, err := tx.Query(ctx, "select 1") // want "rows is not closed"
		if err != nil {
			return false, err
		}
		return rows.Next(), nil
	})
}

func okR304RowsOpenInTx(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	return InTx(ctx, pool, func(tx pgx.Tx) (bool, error) {
		rows, err := tx.Query(ctx, "select 1")
		if err != nil {
			return false, err
		}
		defer rows.Close()
		return rows.Next(), nil
	})
}

// Generic constraint over two holders.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

func badT402GenericBegin[B Beginner](ctx context.Context, b B, qs ...string) error {
	tx, err := b.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	for i, q := range qs {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("statement %d: %w", i, err)
		}
	}
	return tx.Commit(ctx)
}

func okT402GenericBegin[B Beginner](ctx context.Context, b B, qs ...string) error {
	tx, err := b.Begin(ctx)
	if err != nil {
		return err
	}
	for i, q := range qs {
		if _, err := tx.Exec(ctx, q); err != nil {
			return errors.Join(fmt.Errorf("statement %d: %w", i, err), tx.Rollback(ctx))
		}
	}
	return tx.Commit(ctx)
}

// Optional result type.
type Result[T any] struct {
	Val T
	Err error
}

func try[T any](v T, err error) Result[T] { return Result[T]{v, err} }

func okR305Result(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	res := try(pool.Query(ctx, "select 1"))
	if res.Err != nil {
		return false, res.Err
	}
	defer res.Val.Close()
	return res.Val.Next(), nil
}

func badR305Result(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	res := try(pool.Query(ctx, "select 1")) // want "result of pool\\.Query is not closed"
	if res.Err != nil {
		return false, res.Err
	}
	return res.Val.Next(), nil
}

// Map over a generic function value: a scan function of our own that only scans.
func collect[T any](rows *sql.Rows, f func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := f(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func okS304Collect(ctx context.Context, db *sql.DB) ([]int, error) {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return nil, err
	}
	return collect(rows, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) })
}

func collectFirst[T any](rows *sql.Rows, f func(*sql.Rows) (T, error)) (v T, err error) {
	if !rows.Next() {
		return v, sql.ErrNoRows
	}
	return f(rows)
}

func badS304CollectFirst(ctx context.Context, db *sql.DB) (int, error) {
	rows, err := db.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	return collectFirst(rows, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) })
}
