package semaphores

import (
	"context"
	"net/http"
	"runtime"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/semaphore"
)

// B3: taken before go.
func okBefore(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
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

func okBeforeSelect(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		select {
		case sem <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() {
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
	return nil
}

// okReleaseNotDeferred: the release is at the end of the body.
func okReleaseNotDeferred(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan bool, 4)
	for _, id := range ids {
		sem <- true
		go func(id int64) {
			touch(ctx, pool, id)
			<-sem
		}(id)
	}
	for range cap(sem) {
		sem <- true
	}
}

// B3': inside the goroutine, around the query.
func okInside(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
	wg.Wait()
}

// B3': only around the query, the rest runs without.
func okInsideAround(ctx context.Context, pool *pgxpool.Pool, urls map[int64]string) {
	sem := make(chan struct{}, 4)
	for id, url := range urls {
		go func() {
			resp, err := http.Get(url)
			if err != nil {
				return
			}
			resp.Body.Close()
			sem <- struct{}{}
			touch(ctx, pool, id)
			<-sem
		}()
	}
}

// B3': in the helper that queries.
func okInsideHelper(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		go limited(ctx, pool, sem, id)
	}
}

func limited(ctx context.Context, pool *pgxpool.Pool, sem chan struct{}, id int64) {
	sem <- struct{}{}
	defer func() { <-sem }()
	touch(ctx, pool, id)
}

// okTokens is the other way around: tokens are taken before, and sent back after the work.
func okTokens(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	tokens := make(chan struct{}, 4)
	for range cap(tokens) {
		tokens <- struct{}{}
	}
	for _, id := range ids {
		<-tokens
		go func() {
			defer func() { tokens <- struct{}{} }()
			touch(ctx, pool, id)
		}()
	}
}

func okParam(ctx context.Context, pool *pgxpool.Pool, ids []int64, n int) {
	sem := make(chan struct{}, n)
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

// okParamChannel has its semaphore from the caller.
func okParamChannel(ctx context.Context, pool *pgxpool.Pool, ids []int64, sem chan struct{}) {
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

var global = make(chan struct{}, 8)

func okGlobal(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, id := range ids {
		global <- struct{}{}
		go func() {
			defer func() { <-global }()
			touch(ctx, pool, id)
		}()
	}
}

func okMinLen(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, min(len(ids), runtime.NumCPU()))
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			defer func() { <-sem }()
			touch(ctx, pool, id)
		}()
	}
}

func okWeighted(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	const n = 4
	sem := semaphore.NewWeighted(n)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() {
			defer sem.Release(1)
			touch(ctx, pool, id)
		}()
	}
	return sem.Acquire(ctx, n)
}

// B4: sized from the pool.
func okWeightedPool(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	sem := semaphore.NewWeighted(int64(pool.Config().MaxConns))
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

func okWeightedInside(ctx context.Context, pool *pgxpool.Pool, ids []int64, sem *semaphore.Weighted) {
	for _, id := range ids {
		go func() {
			if err := sem.Acquire(ctx, 1); err != nil {
				return
			}
			defer sem.Release(1)
			touch(ctx, pool, id)
		}()
	}
}

func okTryAcquire(ctx context.Context, pool *pgxpool.Pool, ids []int64, sem *semaphore.Weighted) (skipped int) {
	for _, id := range ids {
		if !sem.TryAcquire(1) {
			skipped++
			continue
		}
		go func() {
			defer sem.Release(1)
			touch(ctx, pool, id)
		}()
	}
	return skipped
}

// okHeavy: a hundred units, twenty for each query.
func okHeavy(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	sem := semaphore.NewWeighted(100)
	for _, id := range ids {
		if err := sem.Acquire(ctx, 20); err != nil {
			return err
		}
		go func() {
			defer sem.Release(20)
			touch(ctx, pool, id)
		}()
	}
	return nil
}

// Gate is a semaphore in a struct.
type Gate struct{ slots chan struct{} }

// NewGate admits n.
func NewGate(n int) *Gate { return &Gate{slots: make(chan struct{}, n)} }

// Enter waits for a slot.
func (g *Gate) Enter() { g.slots <- struct{}{} }

// Leave gives the slot back.
func (g *Gate) Leave() { <-g.slots }

// Do runs f in a slot.
func (g *Gate) Do(f func()) {
	g.Enter()
	defer g.Leave()
	f()
}

func okGate(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	gate := NewGate(4)
	for _, id := range ids {
		gate.Enter()
		go func() {
			defer gate.Leave()
			touch(ctx, pool, id)
		}()
	}
}

func okGateInside(ctx context.Context, pool *pgxpool.Pool, gate *Gate, ids []int64) {
	for _, id := range ids {
		go func() {
			gate.Enter()
			defer gate.Leave()
			touch(ctx, pool, id)
		}()
	}
}

func okGateDo(ctx context.Context, pool *pgxpool.Pool, gate *Gate, ids []int64) {
	for _, id := range ids {
		go gate.Do(func() { touch(ctx, pool, id) })
	}
}

// repository queries behind a gate of its own.
type repository struct {
	pool *pgxpool.Pool
	gate chan struct{}
}

func newRepository(pool *pgxpool.Pool) *repository {
	return &repository{pool: pool, gate: make(chan struct{}, 6)}
}

func (r *repository) touch(ctx context.Context, id int64) {
	select {
	case r.gate <- struct{}{}:
		defer func() { <-r.gate }()
	case <-ctx.Done():
		return
	}
	touch(ctx, r.pool, id)
}

func (r *repository) okGateField(ctx context.Context, ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { r.touch(ctx, id) })
	}
	wg.Wait()
}

// okReleaseHelper gives the slot back through a closure.
func okReleaseHelper(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	sem := make(chan struct{}, 5)
	release := func() { <-sem }
	for _, id := range ids {
		sem <- struct{}{}
		go func() {
			defer release()
			touch(ctx, pool, id)
		}()
	}
}
