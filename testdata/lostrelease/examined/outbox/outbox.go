// Package outbox: workers, batches, copies and listeners.
package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Msg struct {
	ID   int64
	Body []byte
}

type Publisher interface {
	Publish(ctx context.Context, m Msg) error
}

type Worker struct {
	pool *pgxpool.Pool
	pub  Publisher
}

func (w *Worker) badT701Drain(ctx context.Context) (int, error) {
	tx, err := w.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return 0, fmt.Errorf("begin: %w", err)
	}
	rows, err := tx.Query(ctx, "select id, body from outbox for update skip locked limit 100")
	if err != nil {
		_ = tx.Rollback(ctx)
		return 0, err
	}
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Msg])
	if err != nil {
		_ = tx.Rollback(ctx)
		return 0, err
	}
	if len(ms) == 0 {
		return 0, nil
	}
	for _, m := range ms {
		if err := w.pub.Publish(ctx, m); err != nil {
			_ = tx.Rollback(ctx)
			return 0, err
		}
	}
	return len(ms), tx.Commit(ctx)
}

func (w *Worker) okT701Drain(ctx context.Context) (int, error) {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			slog.Error("rollback", "err", err)
		}
	}()
	rows, _ := tx.Query(ctx, "select id, body from outbox for update skip locked limit 100")
	ms, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Msg])
	if err != nil {
		return 0, err
	}
	if len(ms) == 0 {
		return 0, nil
	}
	b := &pgx.Batch{}
	for _, m := range ms {
		if err := w.pub.Publish(ctx, m); err != nil {
			return 0, err
		}
		b.Queue("delete from outbox where id=$1", m.ID)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return 0, err
	}
	return len(ms), tx.Commit(ctx)
}

func (w *Worker) okT702Run(ctx context.Context) error {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			if _, err := w.okT701Drain(ctx); err != nil {
				slog.Error("drain", "err", err)
			}
		}
	}
}

// The loop recovers panics of a handler and goes on; the transaction of that round is lost.
func (w *Worker) badT703LoopRecovers(ctx context.Context, h func(pgx.Tx)) {
	for ctx.Err() == nil {
		func() {
			defer func() {
				if p := recover(); p != nil {
					slog.Error("panic", "p", p, "stack", debug.Stack())
				}
			}()
			tx, err := w.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
			if err != nil {
				slog.Error("begin", "err", err)
				return
			}
			h(tx)
			if err := tx.Commit(ctx); err != nil {
				slog.Error("commit", "err", err)
			}
		}()
	}
}

func (w *Worker) okT703LoopRecovers(ctx context.Context, h func(pgx.Tx)) {
	for ctx.Err() == nil {
		func() {
			defer func() {
				if p := recover(); p != nil {
					slog.Error("panic", "p", p, "stack", debug.Stack())
				}
			}()
			tx, err := w.pool.Begin(ctx)
			if err != nil {
				slog.Error("begin", "err", err)
				return
			}
			defer tx.Rollback(ctx)
			h(tx)
			if err := tx.Commit(ctx); err != nil {
				slog.Error("commit", "err", err)
			}
		}()
	}
}

// Batch pipelines.
func badB701QueryOfBatch(ctx context.Context, pool *pgxpool.Pool, ids []int64) ([]Msg, error) {
	b := &pgx.Batch{}
	for _, id := range ids {
		b.Queue("select id, body from outbox where id=$1", id)
	}
	br := pool.SendBatch(ctx, b) // want "br is not closed"
	var out []Msg
	for range ids {
		rows, err := br.Query()
		if err != nil {
			br.Close()
			return nil, err
		}
		ms, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Msg])
		if err != nil {
			return nil, err
		}
		out = append(out, ms...)
	}
	return out, br.Close()
}

func okB701QueryOfBatch(ctx context.Context, pool *pgxpool.Pool, ids []int64) (_ []Msg, err error) {
	b := &pgx.Batch{}
	for _, id := range ids {
		b.Queue("select id, body from outbox where id=$1", id)
	}
	br := pool.SendBatch(ctx, b)
	defer func() { err = errors.Join(err, br.Close()) }()
	var out []Msg
	for range ids {
		rows, err := br.Query()
		if err != nil {
			return nil, err
		}
		ms, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Msg])
		if err != nil {
			return nil, err
		}
		out = append(out, ms...)
	}
	return out, nil
}

// jackc/pgx#2497: rows closed but not the BatchResults.
func badB702RowsClosedBatchNot(ctx context.Context, pool *pgxpool.Pool) error {
	b := &pgx.Batch{}
	b.Queue("select 1")
	br := pool.SendBatch(ctx, b) // want "br is never closed"
	rows, err := br.Query()
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

func okB702QueuedCallbacks(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	b := &pgx.Batch{}
	b.Queue("select 1").QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	err = pool.SendBatch(ctx, b).Close()
	return n, err
}

// Batch.BeginTx (5.12): Close does not give the connection back, the Tx does.
func badB703BeginTx(ctx context.Context, pool *pgxpool.Pool) error {
	b := &pgx.Batch{}
	b.BeginTx(pgx.TxOptions{})
	b.Queue("select 1")
	br := pool.SendBatch(ctx, b) // want "br\\.Tx\\(\\) is never committed or rolled back"
	return br.Close()
}

func okB703BeginTx(ctx context.Context, pool *pgxpool.Pool) error {
	b := &pgx.Batch{}
	b.BeginTx(pgx.TxOptions{})
	b.Queue("select 1")
	br := pool.SendBatch(ctx, b)
	tx := br.Tx()
	if err := br.Close(); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func badB704HelperReads(ctx context.Context, pool *pgxpool.Pool, b *pgx.Batch) error {
	return execAll(pool.SendBatch(ctx, b), b.Len()) // want "result of pool\\.SendBatch is never closed"
}

func execAll(br pgx.BatchResults, n int) error {
	for i := 0; i < n; i++ {
		if _, err := br.Exec(); err != nil {
			return fmt.Errorf("statement %d: %w", i, err)
		}
	}
	return nil
}

func okB704HelperReads(ctx context.Context, pool *pgxpool.Pool, b *pgx.Batch) (err error) {
	br := pool.SendBatch(ctx, b)
	defer func() {
		if cerr := br.Close(); err == nil {
			err = cerr
		}
	}()
	return execAll(br, b.Len())
}

func badB705Chunked(ctx context.Context, pool *pgxpool.Pool, chunks [][]Msg) error {
	for _, c := range chunks {
		b := &pgx.Batch{}
		for _, m := range c {
			b.Queue("insert into t values($1)", m.ID)
		}
		br := pool.SendBatch(ctx, b) // want "br is closed only"
		defer br.Close()
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	return nil
}

func okB705Chunked(ctx context.Context, pool *pgxpool.Pool, chunks [][]Msg) error {
	for _, c := range chunks {
		b := &pgx.Batch{}
		for _, m := range c {
			b.Queue("insert into t values($1)", m.ID)
		}
		br := pool.SendBatch(ctx, b)
		_, err := br.Exec()
		if cerr := br.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// The row of a batch needs its Scan, but only Close of the batch gives the connection back.
func badB706RowOfBatch(ctx context.Context, pool *pgxpool.Pool, b *pgx.Batch) (n int, err error) {
	err = pool.SendBatch(ctx, b).QueryRow().Scan(&n) // want "result of pool\\.SendBatch is never closed"
	return n, err
}
