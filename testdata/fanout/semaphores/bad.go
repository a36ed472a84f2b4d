// Package semaphores: channels and semaphores that bound, and some that only look like it.
package semaphores

import (
	"context"
	"log"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/semaphore"
)

func touch(ctx context.Context, pool *pgxpool.Pool, id int64) {
	if _, err := pool.Exec(ctx, "update items set touched = now() where id = $1", id); err != nil {
		log.Print(err)
	}
}

// U6: a slot for each item.
func badLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, len(ids)) // want `grows with what it is to bound`
	var wg sync.WaitGroup
	for _, id := range ids {
		sem <- struct{}{}
		wg.Add(1)
		go func() {
			defer wg.Done()
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
	wg.Wait()
}

func badLenVariable(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	n := len(ids)
	sem := make(chan struct{}, n) // want `grows with what it is to bound`
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

func badLenInside(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, len(ids)) // want `grows with what it is to bound`
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			sem <- struct{}{}
			defer func() { <-sem }()
			touch(ctx, pool, id)
		})
	}
	wg.Wait()
}

func badLenMap(ctx context.Context, pool *pgxpool.Pool, byID map[int64]string) {
	slots := make(chan struct{}, len(byID)) // want `grows with what it is to bound`
	for id := range byID {
		slots <- struct{}{}
		go func() {
			touch(ctx, pool, id)
			<-slots
		}()
	}
}

// U6: sent after the work: it tells that the work is done, it bounds nothing.
func badSentAfter(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4) // want `the goroutines started at L\d+`
	for _, id := range ids {
		go func() {
			touch(ctx, pool, id)
			sem <- struct{}{}
		}()
	}
	for range ids {
		<-sem
	}
}

func badSentAfterDeferred(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	done := make(chan struct{}, 4) // want `the goroutines started at L\d+`
	for _, id := range ids {
		go func() {
			defer func() { done <- struct{}{} }()
			touch(ctx, pool, id)
		}()
	}
	for range ids {
		<-done
	}
}

func badTakenAfter(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4) // want `the goroutines started at L\d+`
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			touch(ctx, pool, id)
			sem <- struct{}{}
			defer func() { <-sem }()
			log.Print("done", id)
		}()
	}
	wg.Wait()
}

// badWeightedLen: the weight is the length of the input.
func badWeightedLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	sem := semaphore.NewWeighted(int64(len(ids))) // want `grows with what it is to bound`
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() {
			defer sem.Release(1)
			touch(ctx, pool, id)
		}()
	}
	return nil
}

// badWeightedAfter acquires when the query is over.
func badWeightedAfter(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := semaphore.NewWeighted(4) // want `the goroutines started at L\d+`
	for _, id := range ids {
		go func() {
			touch(ctx, pool, id)
			if sem.Acquire(ctx, 1) == nil {
				sem.Release(1)
			}
		}()
	}
}

// badLarge is a bound that no pool can bear (U10).
func badLarge(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 256)
	for _, id := range ids {
		sem <- struct{}{}
		go func() { // want `up to 256 goroutines .*more than max-conns 15`
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

func badWeightedLarge(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	sem := semaphore.NewWeighted(200)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `up to 200 goroutines .*more than max-conns 15`
			defer sem.Release(1)
			touch(ctx, pool, id)
		}()
	}
	return nil
}

// badReleasedBefore gives the slot back before the query.
func badReleasedBefore(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			sem <- struct{}{}
			log.Print("begin", id)
			<-sem
			touch(ctx, pool, id)
		}()
	}
}

// badReleasedByLoop: the loop gives the slot back, not the goroutine.
func badReleasedByLoop(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		sem <- struct{}{}
		go touch(ctx, pool, id) // want `no bound \(up to len\(ids\)`
		<-sem
	}
}

// badPerItem has a semaphore of its own for each item.
func badPerItem(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		sem := make(chan struct{}, 1)
		sem <- struct{}{}
		go func() { // want `no bound \(up to len\(ids\)`
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

// badUnused: a semaphore that nobody takes.
func badUnused(ctx context.Context, pool *pgxpool.Pool, ids []int64) int {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		go touch(ctx, pool, id) // want `no bound \(up to len\(ids\)`
	}
	return cap(sem)
}

// badAroundOther: the semaphore is around the network call, not around the query.
func badAroundOther(ctx context.Context, pool *pgxpool.Pool, ids []int64, fetch func(int64)) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			sem <- struct{}{}
			fetch(id)
			<-sem
			touch(ctx, pool, id)
		}()
	}
}

// badOneBranch takes the semaphore for some items only.
func badOneBranch(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		slow := id > 1000
		if slow {
			sem <- struct{}{}
		}
		go func() { // want `no bound \(up to len\(ids\)`
			touch(ctx, pool, id)
			if slow {
				<-sem
			}
		}()
	}
}

// badTryIgnored does not look at the answer.
func badTryIgnored(ctx context.Context, pool *pgxpool.Pool, ids []int64, sem *semaphore.Weighted) {
	for _, id := range ids {
		if !sem.TryAcquire(1) {
			log.Print("busy")
		}
		go touch(ctx, pool, id) // want `no bound \(up to len\(ids\)`
	}
}
