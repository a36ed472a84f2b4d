// Package owntx: each goroutine has a transaction or a connection of its own. It takes one from the pool all the same.
package owntx

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"gorm.io/gorm"
)

const touch = "update items set touched = now() where id = $1"

func badBegin(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			tx, err := pool.Begin(ctx)
			if err != nil {
				return err
			}
			defer tx.Rollback(ctx)
			if _, err := tx.Exec(ctx, touch, id); err != nil {
				return err
			}
			return tx.Commit(ctx)
		})
	}
	return g.Wait()
}

func badBeginFunc(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, touch, id)
				return err
			})
		})
	}
	return g.Wait()
}

func badAcquire(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			conn, err := pool.Acquire(ctx)
			if err != nil {
				return
			}
			defer conn.Release()
			_, _ = conn.Exec(ctx, touch, id)
		}()
	}
	wg.Wait()
}

func badSQLTx(ctx context.Context, db *sql.DB, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return
			}
			_, err = tx.ExecContext(ctx, touch, id)
			if err != nil {
				_ = tx.Rollback()
				return
			}
			_ = tx.Commit()
		}()
	}
}

func badGormTransaction(db *gorm.DB, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			return db.Transaction(func(tx *gorm.DB) error {
				return tx.Exec(touch, id).Error
			})
		})
	}
	return g.Wait()
}

// okLimit has four transactions at most.
func okLimit(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, touch, id)
				return err
			})
		})
	}
	return g.Wait()
}

// okConnPerWorker: four workers, a connection for each.
func okConnPerWorker(ctx context.Context, pool *pgxpool.Pool, jobs <-chan int64) error {
	var g errgroup.Group
	for range 4 {
		g.Go(func() error {
			conn, err := pool.Acquire(ctx)
			if err != nil {
				return err
			}
			defer conn.Release()
			for id := range jobs {
				if _, err := conn.Exec(ctx, touch, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// okHandedOver: each of the two goroutines has the transaction that was begun for it.
func okHandedOver(ctx context.Context, pool *pgxpool.Pool) error {
	errc := make(chan error, 2)
	for _, query := range []string{"call first()", "call second()"} {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		go func() {
			_, err := tx.Exec(ctx, query)
			if err != nil {
				errc <- errors.Join(err, tx.Rollback(ctx))
				return
			}
			errc <- tx.Commit(ctx)
		}()
	}
	return errors.Join(<-errc, <-errc)
}

// okOwnConns: a goroutine for each connection that is there.
func okOwnConns(ctx context.Context, conns []*pgx.Conn) {
	var wg sync.WaitGroup
	for _, conn := range conns {
		wg.Go(func() { _, _ = conn.Exec(ctx, "call work()") })
	}
	wg.Wait()
}

// okIdle: a goroutine for each idle connection of the pool, at most as many as the pool has.
func okIdle(ctx context.Context, pool *pgxpool.Pool) {
	var wg sync.WaitGroup
	for _, conn := range pool.AcquireAllIdle(ctx) {
		wg.Go(func() {
			defer conn.Release()
			_ = conn.Ping(ctx)
		})
	}
	wg.Wait()
}

// okOneTx: one goroutine, one transaction, many statements.
func okOneTx(ctx context.Context, pool *pgxpool.Pool, ids []int64) <-chan error {
	errc := make(chan error, 1)
	go func() {
		errc <- pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			for _, id := range ids {
				if _, err := tx.Exec(ctx, touch, id); err != nil {
					return err
				}
			}
			return nil
		})
	}()
	return errc
}
