// Package ratelimit: a rate is a bound.
package ratelimit

import (
	"context"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
)

func touch(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	_, err := pool.Exec(ctx, "update items set touched = now() where id = $1", id)
	return err
}

// B8: Wait before go.
func okWait(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	limiter := rate.NewLimiter(10, 1)
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		if err := limiter.Wait(ctx); err != nil {
			return err
		}
		g.Go(func() error { return touch(ctx, pool, id) })
	}
	return g.Wait()
}

// okWaitInside: all goroutines are there, their queries come at the rate.
func okWaitInside(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error {
			if err := limiter.Wait(ctx); err != nil {
				return err
			}
			return touch(ctx, pool, id)
		})
	}
	return g.Wait()
}

func okAllow(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter, ids <-chan int64) {
	for id := range ids {
		if !limiter.Allow() {
			log.Print("dropped ", id)
			continue
		}
		go touch(ctx, pool, id)
	}
}

// B8: a channel of ticks paces the items.
func okTicks(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	limiter := time.NewTicker(100 * time.Millisecond)
	defer limiter.Stop()
	for _, id := range ids {
		<-limiter.C
		go touch(ctx, pool, id)
	}
}

func okTickChannel(ctx context.Context, pool *pgxpool.Pool, limiter <-chan time.Time, ids []int64) {
	for _, id := range ids {
		<-limiter
		go touch(ctx, pool, id)
	}
}

func okHandler(pool *pgxpool.Pool, limiter *rate.Limiter) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !limiter.Allow() {
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		go touch(context.WithoutCancel(r.Context()), pool, 1)
	}
}

// badAllowIgnored does not look at the answer.
func badAllowIgnored(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter, ids []int64) {
	for _, id := range ids {
		if !limiter.Allow() {
			log.Print("too fast")
		}
		go touch(ctx, pool, id) // want `no bound \(up to len\(ids\)`
	}
}

// badWaitOnce waits before the loop.
func badWaitOnce(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter, ids []int64) error {
	if err := limiter.Wait(ctx); err != nil {
		return err
	}
	for _, id := range ids {
		go touch(ctx, pool, id) // want `no bound \(up to len\(ids\)`
	}
	return nil
}

// badWaitAfter waits when the query is over.
func badWaitAfter(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { // want `no bound \(up to len\(ids\)`
			_ = touch(ctx, pool, id)
			_ = limiter.Wait(ctx)
		})
	}
	wg.Wait()
}
