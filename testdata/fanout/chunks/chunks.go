// Package chunks: loops that go through the input in parts and wait for each part.
package chunks

import (
	"context"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/samber/lo"
	"github.com/samber/lo/parallel"
	"golang.org/x/sync/errgroup"
)

func touch(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	_, err := pool.Exec(ctx, "update items set touched = now() where id = $1", id)
	return err
}

// B8: a part of eight at a time.
func okSlices(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	const size = 8
	for start := 0; start < len(ids); start += size {
		end := min(start+size, len(ids))
		var wg sync.WaitGroup
		for _, id := range ids[start:end] {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_ = touch(ctx, pool, id)
			}()
		}
		wg.Wait()
	}
}

func okSlicesIf(ctx context.Context, pool *pgxpool.Pool, ids []int64, size int) error {
	for i := 0; i < len(ids); i += size {
		end := i + size
		if end > len(ids) {
			end = len(ids)
		}
		g, ctx := errgroup.WithContext(ctx)
		for _, id := range ids[i:end] {
			g.Go(func() error { return touch(ctx, pool, id) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func okSlicesChunk(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	for part := range slices.Chunk(ids, 8) {
		g, ctx := errgroup.WithContext(ctx)
		for _, id := range part {
			g.Go(func() error { return touch(ctx, pool, id) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func okLoChunk(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for _, part := range lo.Chunk(ids, 10) {
		for _, id := range part {
			wg.Go(func() { _ = touch(ctx, pool, id) })
		}
		wg.Wait()
	}
}

// okLoParallel: ForEach waits for the part.
func okLoParallel(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for _, part := range lo.Chunk(ids, 6) {
		parallel.ForEach(part, func(id int64, _ int) { _ = touch(ctx, pool, id) })
	}
}

// okEveryTenth waits when ten are under way.
func okEveryTenth(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Go(func() { _ = touch(ctx, pool, id) })
		if (i+1)%10 == 0 {
			wg.Wait()
		}
	}
	wg.Wait()
}

// okRemaining cuts parts off.
func okRemaining(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	for len(ids) > 0 {
		n := min(5, len(ids))
		part := ids[:n]
		ids = ids[n:]
		var wg sync.WaitGroup
		for _, id := range part {
			wg.Go(func() { _ = touch(ctx, pool, id) })
		}
		wg.Wait()
	}
}

// badChunksAtOnce: the parts are small, but all run at the same time.
func badChunksAtOnce(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for part := range slices.Chunk(ids, 100) {
		wg.Go(func() { // want `no bound \(one for each of slices\.Chunk\(ids, 100\)`
			for _, id := range part {
				_ = touch(ctx, pool, id)
			}
		})
	}
	wg.Wait()
}

// badWaitAfterAll: the wait is behind both loops.
func badWaitAfterAll(ctx context.Context, pool *pgxpool.Pool, ids []int64) {
	var wg sync.WaitGroup
	for part := range slices.Chunk(ids, 8) {
		for _, id := range part {
			wg.Go(func() { _ = touch(ctx, pool, id) }) // want `no bound \(up to len\(part\)`
		}
	}
	wg.Wait()
}

// badPerOrder waits for each order, but an order may have any number of items.
func badPerOrder(ctx context.Context, pool *pgxpool.Pool, orders [][]int64) {
	for _, items := range orders {
		var wg sync.WaitGroup
		for _, id := range items {
			wg.Go(func() { _ = touch(ctx, pool, id) }) // want `no bound \(up to len\(items\)`
		}
		wg.Wait()
	}
}

// badSplit: a goroutine for each part that the caller has made.
func badSplit(ctx context.Context, pool *pgxpool.Pool, parts [][]int64) error {
	var g errgroup.Group
	for _, part := range parts {
		g.Go(func() error { // want `no bound \(up to len\(parts\)`
			for _, id := range part {
				if err := touch(ctx, pool, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
