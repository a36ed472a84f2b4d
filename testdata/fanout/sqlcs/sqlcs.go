// Package sqlcs: generated queries on a pool.
package sqlcs

import (
	"context"
	"net/http"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"example.com/poolvet/testdata/fanout/sqlcs/db"
)

type service struct {
	pool *pgxpool.Pool
	q    *db.Queries
}

func newService(pool *pgxpool.Pool) *service {
	return &service{pool: pool, q: db.New(pool)}
}

func badNew(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	q := db.New(pool)
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { return q.TouchUser(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

func (s *service) badField(ctx context.Context, ids []int64) ([]db.User, error) {
	users := make([]db.User, len(ids))
	g, ctx := errgroup.WithContext(ctx)
	for i, id := range ids {
		g.Go(func() (err error) { // want `no bound \(up to len\(ids\)`
			users[i], err = s.q.GetUser(ctx, id)
			return err
		})
	}
	return users, g.Wait()
}

func (s *service) badEach(ctx context.Context) error {
	users, err := s.q.ListUsers(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		go s.q.TouchUser(ctx, u.ID) // want `no bound \(up to len\(users\)`
	}
	return nil
}

func (s *service) badHandler(w http.ResponseWriter, r *http.Request) {
	go s.q.TouchUser(context.WithoutCancel(r.Context()), 1) // want `no bound \(one on each request`
}

// badQuerier has the interface; the implementation is in the package that declares it.
func badQuerier(ctx context.Context, q db.Querier, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { _ = q.TouchUser(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	wg.Wait()
}

// badWithTx: all goroutines have the same transaction.
func (s *service) badWithTx(ctx context.Context, ids []int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		g, ctx := errgroup.WithContext(ctx)
		for _, id := range ids {
			g.Go(func() error { return q.TouchUser(ctx, id) }) // want `conn busy`
		}
		return g.Wait()
	})
}

// badTxEach: a transaction for each goroutine, and no bound.
func (s *service) badTxEach(ctx context.Context, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { // want `no bound \(up to len\(ids\)`
			return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
				return s.q.WithTx(tx).TouchUser(ctx, id)
			})
		})
	}
	return g.Wait()
}

func (s *service) okLimit(ctx context.Context, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error { return s.q.TouchUser(ctx, id) })
	}
	return g.Wait()
}

// okTwo is a static number (B1).
func (s *service) okTwo(ctx context.Context) (u db.User, all []db.User, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		u, err = s.q.GetUser(ctx, 1)
		return err
	})
	g.Go(func() (err error) {
		all, err = s.q.ListUsers(ctx)
		return err
	})
	return u, all, g.Wait()
}

// okTxSequential: one transaction, one after the other.
func (s *service) okTxSequential(ctx context.Context, ids []int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		q := s.q.WithTx(tx)
		for _, id := range ids {
			if err := q.TouchUser(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// okBind makes the queries, it does not run them.
func (s *service) okBind(pools []*pgxpool.Pool) []*db.Queries {
	out := make([]*db.Queries, len(pools))
	var wg sync.WaitGroup
	for i, pool := range pools {
		wg.Go(func() { out[i] = db.New(pool) })
	}
	wg.Wait()
	return out
}
