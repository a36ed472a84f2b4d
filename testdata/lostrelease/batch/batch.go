// Package batch: a batch holds its connection until it is closed, not until its results are read.
package batch

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const insert = "insert into points (x, y) values ($1, $2)"

// Point is a row.
type Point struct{ X, Y float64 }

func queue(points []Point) *pgx.Batch {
	b := &pgx.Batch{}
	for _, p := range points {
		b.Queue(insert, p.X, p.Y)
	}
	return b
}

// okDeferred is the usual form.
func okDeferred(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	br := pool.SendBatch(ctx, queue(points))
	defer br.Close()
	for i := range points {
		if _, err := br.Exec(); err != nil {
			return fmt.Errorf("point %d: %w", i, err)
		}
	}
	return nil
}

// okCloseReturns gets all errors from Close.
func okCloseReturns(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	return pool.SendBatch(ctx, queue(points)).Close()
}

// okCloseInClosure joins the errors.
func okCloseInClosure(ctx context.Context, pool *pgxpool.Pool, points []Point) (err error) {
	br := pool.SendBatch(ctx, queue(points))
	defer func() { err = errors.Join(err, br.Close()) }()
	for range points {
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	return nil
}

// okRowsOfBatch: Close of the batch closes the rows read from it.
func okRowsOfBatch(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	b := &pgx.Batch{}
	b.Queue("select x from points")
	br := pool.SendBatch(ctx, b)
	defer br.Close()
	rows, err := br.Query()
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		n++
	}
	return n, nil
}

// okRowOfBatch: so it does with an unscanned row.
func okRowOfBatch(ctx context.Context, pool *pgxpool.Pool, skip bool) (x float64, err error) {
	b := &pgx.Batch{}
	b.Queue("select x from points limit 1")
	br := pool.SendBatch(ctx, b)
	row := br.QueryRow()
	if skip {
		return 0, br.Close()
	}
	err = row.Scan(&x)
	return x, errors.Join(err, br.Close())
}

// okCallbacks: rows given to a callback of a queued query are closed for it.
func okCallbacks(ctx context.Context, pool *pgxpool.Pool) (first float64, err error) {
	b := &pgx.Batch{}
	b.Queue("select x from points").Query(func(rows pgx.Rows) error {
		if rows.Next() {
			return rows.Scan(&first)
		}
		return rows.Err()
	})
	b.Queue("select count(*) from points").QueryRow(func(row pgx.Row) error {
		var n int
		return row.Scan(&n)
	})
	err = pool.SendBatch(ctx, b).Close()
	return first, err
}

// okBatchTx: a batch that begins a transaction is freed by that transaction.
func okBatchTx(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	b := &pgx.Batch{}
	b.BeginTx(pgx.TxOptions{})
	for _, p := range points {
		b.Queue(insert, p.X, p.Y)
	}
	br := pool.SendBatch(ctx, b)
	tx := br.Tx()
	defer tx.Rollback(ctx)
	if err := br.Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okReturned leaves it to the caller.
func okReturned(ctx context.Context, pool *pgxpool.Pool, points []Point) pgx.BatchResults {
	return pool.SendBatch(ctx, queue(points))
}

// badDropped sends and forgets.
func badDropped(ctx context.Context, pool *pgxpool.Pool, points []Point) {
	pool.SendBatch(ctx, queue(points)) // want "discarded|never closed"
}

// badAllRead reads every result: the connection waits for Close.
func badAllRead(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	br := pool.SendBatch(ctx, queue(points)) // want "br is never closed"
	for range points {
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	return nil
}

// badEarlyReturn closes on success only.
func badEarlyReturn(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	br := pool.SendBatch(ctx, queue(points)) // want "br is not closed"
	for i := range points {
		if _, err := br.Exec(); err != nil {
			return fmt.Errorf("point %d: %w", i, err)
		}
	}
	return br.Close()
}

// badRowsClosedBatchNot closes the rows of the batch: that never frees the connection.
func badRowsClosedBatchNot(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	b := &pgx.Batch{}
	b.Queue("select x from points")
	br := pool.SendBatch(ctx, b) // want "br is never closed"
	rows, err := br.Query()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badRowScannedBatchNot scans the row of the batch: nor does that.
func badRowScannedBatchNot(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	b := &pgx.Batch{}
	b.Queue("select count(*) from points")
	br := pool.SendBatch(ctx, b) // want "br is never closed"
	err = br.QueryRow().Scan(&n)
	return n, err
}

// badReturnedForgotten is a caller of okReturned.
func badReturnedForgotten(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	br := okReturned(ctx, pool, points) // want "br is never closed"
	_, err := br.Exec()
	return err
}

// badBatchTxClosedOnly closes the batch; since it began a transaction, only that frees the connection.
func badBatchTxClosedOnly(ctx context.Context, pool *pgxpool.Pool, points []Point) error {
	b := &pgx.Batch{}
	b.BeginTx(pgx.TxOptions{})
	for _, p := range points {
		b.Queue(insert, p.X, p.Y)
	}
	br := pool.SendBatch(ctx, b) // want "br"
	return br.Close()
}
