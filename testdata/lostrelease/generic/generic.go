// Package generic: type parameters for the handle, the result and the work.
package generic

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

// Handle is a constraint that pools, connections and transactions satisfy.
type Handle interface {
	*pgxpool.Pool | *pgxpool.Conn | *pgxpool.Tx
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Querier is one by methods only.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// okList is generic in its handle and its result.
func okList[D Querier, T any](ctx context.Context, db D, q string, scan func(pgx.CollectableRow) (T, error)) ([]T, error) {
	rows, err := db.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// okFirst closes.
func okFirst[D Querier, T any](ctx context.Context, db D, q string) (v T, err error) {
	rows, err := db.Query(ctx, q)
	if err != nil {
		return v, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&v)
	}
	return v, err
}

// badFirst does not.
func badFirst[D Querier, T any](ctx context.Context, db D, q string) (v T, err error) {
	rows, err := db.Query(ctx, q) // want "rows is n(ot|ever) closed"
	if err != nil {
		return v, err
	}
	if rows.Next() {
		err = rows.Scan(&v)
	}
	return v, err
}

// okUse instantiates both.
func okUse(ctx context.Context, pool *pgxpool.Pool, tx pgx.Tx) (int, error) {
	names, err := okList(ctx, pool, listNames, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	n, err := okFirst[pgx.Tx, int](ctx, tx, "select count(*) from users")
	if err != nil {
		return 0, err
	}
	m, err := badFirst[*pgxpool.Pool, int](ctx, pool, "select 1")
	return n + m + len(names), err
}

// okOpen hands rows on.
func okOpen[D Querier](ctx context.Context, db D, q string) (pgx.Rows, error) {
	return db.Query(ctx, q)
}

// okOpened closes what okOpen opened.
func okOpened(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := okOpen(ctx, pool, listNames)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// badOpened does not.
func badOpened(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := okOpen(ctx, pool, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// Closer is what closing needs.
type Closer interface{ Close() error }

// drop closes anything.
func drop[C Closer](c C) { _ = c.Close() }

// okDropped closes through a type parameter.
func okDropped(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer drop(rows)
	return rows.Next(), rows.Err()
}

// Repo is a generic type.
type Repo[T any] struct {
	pool *pgxpool.Pool
	from string
}

// okAll is a method of it.
func (r *Repo[T]) okAll(ctx context.Context) ([]T, error) {
	rows, err := r.pool.Query(ctx, "select * from "+r.from)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := pgx.RowToStructByName[T](rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// badOne is another.
func (r *Repo[T]) badOne(ctx context.Context) (v T, err error) {
	rows, err := r.pool.Query(ctx, "select * from "+r.from) // want "rows is n(ot|ever) closed"
	if err != nil {
		return v, err
	}
	if !rows.Next() {
		return v, pgx.ErrNoRows
	}
	return pgx.RowToStructByName[T](rows)
}

// inTx gives the result of the work back.
func inTx[T any](ctx context.Context, pool *pgxpool.Pool, work func(pgx.Tx) (T, error)) (out T, err error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return out, err
	}
	defer tx.Rollback(ctx)
	if out, err = work(tx); err != nil {
		return out, err
	}
	return out, tx.Commit(ctx)
}

// okInTx uses it.
func okInTx(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	return inTx(ctx, pool, func(tx pgx.Tx) (int64, error) {
		tag, err := tx.Exec(ctx, "delete from sessions")
		return tag.RowsAffected(), err
	})
}

// badInTx forgets the rollback.
func badInTx[T any](ctx context.Context, pool *pgxpool.Pool, work func(pgx.Tx) (T, error)) (out T, err error) {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return out, err
	}
	if out, err = work(tx); err != nil {
		return out, err
	}
	return out, tx.Commit(ctx)
}

// Cursor is a generic wrapper of rows.
type Cursor[T any] struct {
	rows pgx.Rows
	scan func(pgx.CollectableRow) (T, error)
}

// Close closes.
func (c *Cursor[T]) Close() { c.rows.Close() }

// Next reads.
func (c *Cursor[T]) Next() (v T, ok bool, err error) {
	if !c.rows.Next() {
		return v, false, c.rows.Err()
	}
	v, err = c.scan(c.rows)
	return v, err == nil, err
}

// okCursor opens one.
func okCursor[T any](ctx context.Context, pool *pgxpool.Pool, q string, scan func(pgx.CollectableRow) (T, error)) (*Cursor[T], error) {
	rows, err := pool.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Cursor[T]{rows: rows, scan: scan}, nil
}

// okCursorClosed closes it.
func okCursorClosed(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	c, err := okCursor(ctx, pool, listNames, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	defer c.Close()
	name, _, err := c.Next()
	return name, err
}

// badCursorForgotten does not.
func badCursorForgotten(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	c, err := okCursor(ctx, pool, listNames, pgx.RowTo[string]) // want "c is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	name, _, err := c.Next()
	return name, err
}

// okUnion has a constraint with a union of handles.
func okUnion[H Handle](ctx context.Context, h H) (n int, err error) {
	rows, err := h.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}
