// Package local: pools whose limit is set where they are built, in the function that uses them.
package local

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

const (
	dsn   = "postgres://app@db/app"
	touch = "update items set touched = now() where id = $1"
)

func badLimitAbovePool(ctx context.Context, ids []int64) error {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	cfg.MaxConns = 10
	db, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(12)
	for _, id := range ids {
		g.Go(func() error { // want `up to 12 goroutines .*the pool has 10`
			_, err := db.Exec(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

func badSemaphoreAbovePool(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(5)
	sem := make(chan struct{}, 8)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // want `up to 8 goroutines .*the pool has 5`
			defer func() { <-sem }()
			_, _ = db.ExecContext(ctx, touch, id)
		}()
	}
	return nil
}

func badWeightedAbovePool(ctx context.Context, ids []int64) error {
	db, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(6)
	sem := semaphore.NewWeighted(30)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `up to 30 goroutines .*the pool has 6`
			defer sem.Release(1)
			_, _ = db.ExecContext(ctx, touch, id)
		}()
	}
	return nil
}

func badWorkersAbovePool(ctx context.Context, jobs <-chan int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(2)
	var wg sync.WaitGroup
	for range 9 {
		wg.Go(func() { // want `up to 9 goroutines .*the pool has 2`
			for id := range jobs {
				_, _ = db.ExecContext(ctx, touch, id)
			}
		})
	}
	wg.Wait()
	return db.Close()
}

func badConcAbovePool(ctx context.Context, ids []int64) error {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	cfg.MaxConns = 4
	db, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	p := pool.New().WithMaxGoroutines(10).WithErrors()
	for _, id := range ids {
		p.Go(func() error { // want `up to 10 goroutines .*the pool has 4`
			_, err := db.Exec(ctx, touch, id)
			return err
		})
	}
	return p.Wait()
}

// badNoDeadline: the pool has a limit, the wait for it has no end.
func badNoDeadline(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(10)
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			_, err := db.ExecContext(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

// badDeadlineNoLimit: the deadline is there, the pool is shown to have no limit.
func badDeadlineNoLimit(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			_, err := db.ExecContext(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

// okLimitOfPool: as many as the pool has.
func okLimitOfPool(ctx context.Context, ids []int64) error {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	cfg.MaxConns = 10
	db, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(10)
	for _, id := range ids {
		g.Go(func() error {
			_, err := db.Exec(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

// okLargePool: more than max-conns, and the pool is larger.
func okLargePool(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(50)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(40)
	for _, id := range ids {
		g.Go(func() error {
			_, err := db.ExecContext(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

// B6: the pool is made for the crew.
func okPoolForCrew(ctx context.Context, jobs <-chan int64) error {
	const workers = 24
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for id := range jobs {
				_, _ = db.ExecContext(ctx, touch, id)
			}
		})
	}
	wg.Wait()
	return db.Close()
}

// B14: the pool has a limit and the query has a deadline: it costs time, no more.
func okLimitAndDeadline(ctx context.Context, ids []int64) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(10)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error {
			_, err := db.ExecContext(ctx, touch, id)
			return err
		})
	}
	return g.Wait()
}

// B14: the deadline is in the goroutine.
func okDeadlineInside(ctx context.Context, ids []int64) error {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return err
	}
	cfg.MaxConns = 8
	db, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			_, _ = db.Exec(ctx, touch, id)
		}()
	}
	wg.Wait()
	return nil
}
