// Package storage has the service's own interfaces over a database, and their one implementation on pgx and database/sql.
package storage

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Rows is what a caller sees of a result.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// DB is what a caller sees of a pool.
type DB interface {
	Query(ctx context.Context, q string, args ...any) (Rows, error)
	Begin(ctx context.Context) (*Tx, error)
}

// PgxDB is a DB on a pgx pool.
type PgxDB struct {
	Pool *pgxpool.Pool
	Log  *slog.Logger
}

// pgxRows gives pgx rows the Close of the interface.
type pgxRows struct{ pgx.Rows }

// Close closes.
func (r pgxRows) Close() error {
	r.Rows.Close()
	return r.Rows.Err()
}

// Query queries.
func (db *PgxDB) Query(ctx context.Context, q string, args ...any) (Rows, error) {
	rows, err := db.Pool.Query(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("query %q: %w", q, err)
	}
	return pgxRows{rows}, nil
}

// Begin begins.
func (db *PgxDB) Begin(ctx context.Context) (*Tx, error) {
	tx, err := db.Pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Tx{Tx: tx, log: db.Log}, nil
}

// Tx runs hooks before it commits.
type Tx struct {
	pgx.Tx
	log   *slog.Logger
	hooks []func(context.Context) error
}

// BeforeCommit adds a hook.
func (tx *Tx) BeforeCommit(hook func(context.Context) error) { tx.hooks = append(tx.hooks, hook) }

// Commit runs the hooks and commits; when a hook fails the transaction is still open.
func (tx *Tx) Commit(ctx context.Context) error {
	for _, hook := range tx.hooks {
		if err := hook(ctx); err != nil {
			return fmt.Errorf("hook: %w", err)
		}
	}
	return tx.Tx.Commit(ctx)
}

// TupleIterator is an iterator with the word Stop for Close.
type TupleIterator interface {
	Next() (string, bool, error)
	Stop()
}

// Reader reads tuples.
type Reader interface {
	Read(ctx context.Context, object string) (TupleIterator, error)
}

// SQLReader is a Reader.
type SQLReader struct{ DB *sql.DB }

type sqlIterator struct {
	rows *sql.Rows
	seen int
}

// Read reads.
func (r *SQLReader) Read(ctx context.Context, object string) (TupleIterator, error) {
	rows, err := r.DB.QueryContext(ctx, "select subject from tuples where object = $1", object)
	if err != nil {
		return nil, err
	}
	return &sqlIterator{rows: rows}, nil
}

func (it *sqlIterator) Next() (s string, ok bool, err error) {
	if !it.rows.Next() {
		return "", false, it.rows.Err()
	}
	it.seen++
	err = it.rows.Scan(&s)
	return s, err == nil, err
}

func (it *sqlIterator) Stop() { _ = it.rows.Close() }

// Combined owns several iterators and stops all of them.
type Combined struct{ iters []TupleIterator }

// OkCombine takes the iterators over.
func OkCombine(iters ...TupleIterator) *Combined { return &Combined{iters: iters} }

// Next reads from the first that has more.
func (c *Combined) Next() (string, bool, error) {
	for len(c.iters) > 0 {
		s, ok, err := c.iters[0].Next()
		if ok || err != nil {
			return s, ok, err
		}
		c.iters[0].Stop()
		c.iters = c.iters[1:]
	}
	return "", false, nil
}

// Stop stops them.
func (c *Combined) Stop() {
	for _, it := range c.iters {
		it.Stop()
	}
}

// OkEmpty has no rows at all.
func OkEmpty() TupleIterator { return empty{} }

type empty struct{}

func (empty) Next() (string, bool, error) { return "", false, nil }
func (empty) Stop()                       {}
