// Package shared: goroutines that share one transaction or connection. It serves one query at a time: the second gets "conn busy".
package shared

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

const touch = "update items set touched = now() where id = $1"

// U7: one transaction for all.
func badTxLoop(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	g, gctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { // want `conn busy`
			_, err := tx.Exec(gctx, touch, id)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badTxLimited: a limit does not help, two are enough.
func badTxLimited(ctx context.Context, tx pgx.Tx, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error { // want `conn busy`
			_, err := tx.Exec(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

func badConnLoop(ctx context.Context, conn *pgx.Conn, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { // want `conn busy`
			_, _ = conn.Exec(ctx, touch, id)
		})
	}
	wg.Wait()
}

func badAcquired(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `conn busy`
			defer wg.Done()
			_, _ = conn.Exec(ctx, touch, id)
		}()
	}
	wg.Wait()
	return nil
}

func save(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, touch, id)
	return err
}

func badTxHelper(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, id := range ids {
			g.Go(func() error { return save(ctx, tx, id) }) // want `conn busy`
		}
		return g.Wait()
	})
}

// badSavepoints: a savepoint is on the connection of its transaction.
func badSavepoints(ctx context.Context, tx pgx.Tx, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `conn busy`
			return pgx.BeginFunc(ctx, tx, func(sp pgx.Tx) error { return save(ctx, sp, id) })
		})
	}
	return g.Wait()
}

type unit struct {
	tx pgx.Tx
}

func (u *unit) badField(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { return save(ctx, u.tx, id) }) // want `conn busy`
	}
	return g.Wait()
}

// badWorkers: a fixed crew on one connection.
func badWorkers(ctx context.Context, tx pgx.Tx, jobs <-chan int64) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() { // want `conn busy`
			defer wg.Done()
			for id := range jobs {
				_ = save(ctx, tx, id)
			}
		}()
	}
	wg.Wait()
}

// okSingle: one goroutine has the transaction, its parent waits.
func okSingle(ctx context.Context, tx pgx.Tx, id int64) error {
	done := make(chan error, 1)
	go func() { done <- save(ctx, tx, id) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// okMutex: one at a time.
func okMutex(ctx context.Context, tx pgx.Tx, ids []int64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			_ = save(ctx, tx, id)
		})
	}
	wg.Wait()
}

// okLimitOne: one at a time.
func okLimitOne(ctx context.Context, tx pgx.Tx, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(1)
	for _, id := range ids {
		g.Go(func() error { return save(ctx, tx, id) })
	}
	return g.Wait()
}

// okOneWriter: many compute, one goroutine writes.
func okOneWriter(ctx context.Context, tx pgx.Tx, texts []string) error {
	sizes := make(chan int64)
	var wg sync.WaitGroup
	for _, text := range texts {
		wg.Go(func() { sizes <- int64(len(text)) })
	}
	go func() {
		wg.Wait()
		close(sizes)
	}()
	for size := range sizes {
		if err := save(ctx, tx, size); err != nil {
			return err
		}
	}
	return nil
}

// okJoined waits for each.
func okJoined(ctx context.Context, conn *pgx.Conn, ids []int64) {
	for _, id := range ids {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _ = conn.Exec(ctx, touch, id)
		}()
		<-done
	}
}

// okOneAndNetwork: one goroutine has the transaction, the other has none.
func okOneAndNetwork(ctx context.Context, tx pgx.Tx, fetch func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return save(ctx, tx, 1) })
	g.Go(func() error { return fetch(ctx) })
	return g.Wait()
}

// okAfterWait: the parent queries when the goroutine is over.
func okAfterWait(ctx context.Context, tx pgx.Tx) error {
	var g errgroup.Group
	g.Go(func() error { return save(ctx, tx, 1) })
	if err := g.Wait(); err != nil {
		return err
	}
	return save(ctx, tx, 2)
}
