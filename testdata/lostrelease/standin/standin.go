// Package standin puts rows into a struct of its own, which stands for them in another package.
package standin

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/standin/reader"
)

// wrapper gives Close a result.
type wrapper struct{ rows pgx.Rows }

func (w *wrapper) Err() error             { return w.rows.Err() }
func (w *wrapper) Next() bool             { return w.rows.Next() }
func (w *wrapper) Scan(dest ...any) error { return w.rows.Scan(dest...) }
func (w *wrapper) Close() error {
	w.rows.Close()
	return nil
}

// embedding gets most methods from what it embeds.
type embedding struct{ pgx.Rows }

func (e embedding) Close() error {
	e.Rows.Close()
	return nil
}

// eager reads all at the first Next.
type eager struct {
	rows pgx.Rows
	left int
}

func (e *eager) Err() error             { return e.rows.Err() }
func (e *eager) Scan(dest ...any) error { return nil }
func (e *eager) Close() error           { return nil }
func (e *eager) Next() bool {
	for e.rows.Next() {
		e.left++
	}
	return false
}

const all = "select id from orders"

func badReadsOne(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all) // want `rows is not closed on all paths`
	if err != nil {
		return 0, err
	}
	return reader.One(&wrapper{rows})
}

func badReadsOneEmbedded(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all) // want `rows is not closed on all paths`
	if err != nil {
		return 0, err
	}
	return reader.One(embedding{rows})
}

func badVariable(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all) // want `rows is not closed on all paths`
	if err != nil {
		return 0, err
	}
	w := &wrapper{rows: rows}
	id, err := reader.One(w)
	if err != nil || id == 0 {
		return 0, err
	}
	return id, w.Close()
}

// A Scan that fails closes the rows of pgx, and One fails for no other reason.
func okFailedScanCloses(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return 0, err
	}
	w := &wrapper{rows: rows}
	id, err := reader.One(w)
	if err != nil {
		return 0, err
	}
	return id, w.Close()
}

func okDeferred(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	return reader.One(&wrapper{rows})
}

func okReadsAll(ctx context.Context, pool *pgxpool.Pool) ([]int64, error) {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return nil, err
	}
	return reader.All(&wrapper{rows})
}

func okCloses(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return err
	}
	return reader.Done(embedding{rows})
}

func okKept(ctx context.Context, pool *pgxpool.Pool) (*reader.Kept, error) {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return nil, err
	}
	return reader.Keep(&wrapper{rows}), nil
}

func okKeptAndClosed(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return err
	}
	return reader.Keep(&wrapper{rows}).Close()
}

// What eager does is not what rows do.
func okEager(ctx context.Context, pool *pgxpool.Pool) (int64, error) {
	rows, err := pool.Query(ctx, all)
	if err != nil {
		return 0, err
	}
	return reader.One(&eager{rows: rows})
}
