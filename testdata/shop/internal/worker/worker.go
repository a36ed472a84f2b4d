// Package worker cancels orders that nobody pays. Of several processes one does the work: the one that has the lock.
package worker

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/shop/internal/store"
)

const lockID = 5133

// Worker does the work.
type Worker struct {
	pool  *pgxpool.Pool
	store *store.Store
	log   *slog.Logger
}

// New returns a worker.
func New(pool *pgxpool.Pool, s *store.Store, log *slog.Logger) *Worker {
	return &Worker{pool: pool, store: s, log: log}
}

// Run works once a minute until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := w.round(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "worker", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// round cancels what is unpaid if this process gets the lock, which belongs to the connection.
func (w *Worker) round(ctx context.Context) error {
	conn, err := w.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	var locked bool
	if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", lockID).Scan(&locked); err != nil {
		conn.Release()
		return err
	}
	if !locked {
		return nil // another process is at work
	}
	defer conn.Release()
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", lockID); err != nil {
			w.log.WarnContext(ctx, "unlock", "err", err)
		}
	}()
	return w.cancelUnpaid(ctx)
}

func (w *Worker) cancelUnpaid(ctx context.Context) error {
	orders, err := w.store.Unpaid(ctx)
	if err != nil {
		return err
	}
	for _, id := range orders {
		if err := w.store.CancelOrder(ctx, id); err != nil {
			w.log.WarnContext(ctx, "cancel", "order", id, "err", err)
			continue
		}
		w.log.InfoContext(ctx, "cancelled", "order", id)
	}
	return nil
}
