// Package found has a case for each thing that an examiner found the rule to be wrong about.
package found

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"gorm.io/gorm"
)

type user struct{ Name string }

type service struct {
	orm   *gorm.DB
	pool  *pgxpool.Pool
	slots chan struct{}
	mu    sync.Mutex
}

func (s *service) touch(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, "update users set seen = now() where id = $1", id)
	return err
}

// badChain takes its connection at the end of a chain.
func (s *service) badChain(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { // want "no bound .up to len.ids."
			return s.orm.WithContext(ctx).Model(&user{}).Where("id = ?", id).Update("name", "x").Error
		})
	}
	return g.Wait()
}

// withSlot runs a function in a slot.
func (s *service) withSlot(ctx context.Context, fn func(context.Context) error) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
		return fn(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *service) okSlotHelper(ctx context.Context, ids []int64) error {
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error {
			return s.withSlot(ctx, func(ctx context.Context) error { return s.touch(ctx, id) })
		})
	}
	return g.Wait()
}

func (s *service) okSlotClosures(ctx context.Context, ids []int64, parallel int) {
	sem := make(chan struct{}, parallel)
	acquire := func() { sem <- struct{}{} }
	release := func() { <-sem }
	var wg sync.WaitGroup
	for _, id := range ids {
		acquire()
		wg.Go(func() {
			defer release()
			_ = s.touch(ctx, id)
		})
	}
	wg.Wait()
}

// okSelectJoin waits for each, or ends.
func (s *service) okSelectJoin(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		done := make(chan error, 1)
		go func() { done <- s.touch(ctx, id) }()
		select {
		case err := <-done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *service) okRequestWaits(w http.ResponseWriter, r *http.Request) {
	done := make(chan error, 1)
	go func() { done <- s.touch(r.Context(), 1) }()
	select {
	case <-done:
		w.WriteHeader(http.StatusNoContent)
	case <-time.After(time.Second):
		http.Error(w, "late", http.StatusGatewayTimeout)
	}
}

// okTryInside goes on only with the lock.
func (s *service) okTryInside(ctx context.Context) {
	for range time.Tick(time.Second) {
		go func() {
			if !s.mu.TryLock() {
				return
			}
			defer s.mu.Unlock()
			_ = s.touch(ctx, 1)
		}()
	}
}

// badTwoOnOne starts two on one transaction.
func badTwoOnOne(ctx context.Context, tx pgx.Tx) error {
	var g errgroup.Group
	g.Go(func() error { _, err := tx.Exec(ctx, "analyze a"); return err })
	g.Go(func() error { _, err := tx.Exec(ctx, "analyze b"); return err }) // want "share one transaction or connection .Tx.Exec.: conn busy"
	return g.Wait()
}

// okTwoSteps waits for the first.
func okTwoSteps(ctx context.Context, tx pgx.Tx) error {
	var a, b errgroup.Group
	a.Go(func() error { _, err := tx.Exec(ctx, "analyze a"); return err })
	if err := a.Wait(); err != nil {
		return err
	}
	b.Go(func() error { _, err := tx.Exec(ctx, "analyze b"); return err })
	return b.Wait()
}

// okLimitedPair is in a group with a limit above what it starts.
func (s *service) okLimitedPair(ctx context.Context) error {
	var g errgroup.Group
	g.SetLimit(20)
	g.Go(func() error { return s.touch(ctx, 1) })
	g.Go(func() error { return s.touch(ctx, 2) })
	return g.Wait()
}
