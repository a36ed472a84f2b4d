// Package iterators: rows behind iter.Seq and in the bodies of range-over-func loops.
package iterators

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var errStop = errors.New("stop")

// okNames queries when the loop begins and closes when it ends, however it ends.
func okNames(ctx context.Context, pool *pgxpool.Pool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		rows, err := pool.Query(ctx, listNames)
		if err != nil {
			yield("", err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				yield("", err)
				return
			}
			if !yield(name, nil) {
				return
			}
		}
	}
}

// badNames does not close when the loop ends early.
func badNames(ctx context.Context, pool *pgxpool.Pool) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
		if err != nil {
			yield("", err)
			return
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				yield("", err)
				return
			}
			if !yield(name, nil) {
				return
			}
		}
	}
}

// okOpenFirst queries at once and closes in the iterator.
func okOpenFirst(ctx context.Context, db *sql.DB) (iter.Seq[string], error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return nil, err
	}
	return func(yield func(string) bool) {
		defer rows.Close()
		for rows.Next() {
			var name string
			if rows.Scan(&name) != nil || !yield(name) {
				return
			}
		}
	}, nil
}

// okConsumer leaves the loop early; the iterator has a defer.
func okConsumer(ctx context.Context, pool *pgxpool.Pool, want string) (bool, error) {
	for name, err := range okNames(ctx, pool) {
		if err != nil {
			return false, err
		}
		if name == want {
			return true, nil
		}
	}
	return false, nil
}

// okQueryInBody queries in the body of a range-over-func loop.
func okQueryInBody(ctx context.Context, pool *pgxpool.Pool, tables map[string]bool) (n int, err error) {
	for table := range maps.Keys(tables) {
		rows, err := pool.Query(ctx, "select 1 from "+pgx.Identifier{table}.Sanitize())
		if err != nil {
			return n, err
		}
		found := rows.Next()
		rows.Close()
		if found {
			n++
		}
	}
	return n, nil
}

// badQueryInBody returns out of the body with the rows open.
func badQueryInBody(ctx context.Context, pool *pgxpool.Pool, tables []string) (string, error) {
	for _, table := range slices.Backward(tables) {
		rows, err := pool.Query(ctx, "select 1 from "+pgx.Identifier{table}.Sanitize()) // want "rows is n(ot|ever) closed"
		if err != nil {
			return "", err
		}
		if rows.Next() {
			return table, nil
		}
	}
	return "", errStop
}

// okHeldAroundLoop holds a connection around a range-over-func loop that may return.
func okHeldAroundLoop(ctx context.Context, pool *pgxpool.Pool, queries iter.Seq[string]) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for q := range queries {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// badHeldAroundLoop releases behind the loop only.
func badHeldAroundLoop(ctx context.Context, pool *pgxpool.Pool, queries iter.Seq[string]) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	for q := range queries {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	conn.Release()
	return nil
}

// okBreakAndRelease leaves the loop by break and releases behind it.
func okBreakAndRelease(ctx context.Context, pool *pgxpool.Pool, queries iter.Seq[string]) (err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	for q := range queries {
		if _, err = conn.Exec(ctx, q); err != nil {
			break
		}
	}
	conn.Release()
	return err
}

// okAllRows wraps rows that somebody else closes.
func okAllRows(rows pgx.Rows) iter.Seq[pgx.CollectableRow] {
	return func(yield func(pgx.CollectableRow) bool) {
		for rows.Next() {
			if !yield(rows) {
				return
			}
		}
	}
}

// okUsesAllRows is that somebody.
func okUsesAllRows(ctx context.Context, pool *pgxpool.Pool) (name string, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for row := range okAllRows(rows) {
		if err := row.Scan(&name); err != nil {
			return "", err
		}
		if name != "" {
			break
		}
	}
	return name, rows.Err()
}
