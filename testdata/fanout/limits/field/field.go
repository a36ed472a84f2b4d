// Package field: the pool is in a field, the constructor has set its limit.
package field

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// Store has the pool of the program.
type Store struct {
	pool *pgxpool.Pool
	sem  chan struct{}
}

// Open builds the pool, with eight connections.
func Open(ctx context.Context, dsn string) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 8
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &Store{pool: pool, sem: make(chan struct{}, 6)}, nil
}

func (s *Store) touch(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, "update items set touched = now() where id = $1", id)
	return err
}

func (s *Store) badAbove(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(14)
	for _, id := range ids {
		g.Go(func() error { return s.touch(ctx, id) }) // want `up to 14 goroutines .*the pool has 8`
	}
	return g.Wait()
}

func (s *Store) badNoBound(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { return s.touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

func (s *Store) okBelow(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(6)
	for _, id := range ids {
		g.Go(func() error { return s.touch(ctx, id) })
	}
	return g.Wait()
}

func (s *Store) okSemaphoreField(ctx context.Context, ids []int64) {
	for _, id := range ids {
		s.sem <- struct{}{}
		go func() {
			defer func() { <-s.sem }()
			_ = s.touch(ctx, id)
		}()
	}
}

// B14: limit and deadline.
func (s *Store) okDeadline(ctx context.Context, ids []int64) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { _ = s.touch(ctx, id) })
	}
	wg.Wait()
}

// okOwnSize asks the pool.
func (s *Store) okOwnSize(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(int(s.pool.Config().MaxConns))
	for _, id := range ids {
		g.Go(func() error { return s.touch(ctx, id) })
	}
	return g.Wait()
}
