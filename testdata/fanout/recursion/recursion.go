// Package recursion: functions that start themselves in goroutines.
package recursion

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

type tree struct {
	pool *pgxpool.Pool
	sem  chan struct{}
}

func (t *tree) children(ctx context.Context, id int64) ([]int64, error) {
	rows, err := t.pool.Query(ctx, "select id from nodes where parent = $1", id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// U8: no bound at all.
func (t *tree) badWalk(ctx context.Context, wg *sync.WaitGroup, id int64) {
	defer wg.Done()
	ids, _ := t.children(ctx, id)
	for _, child := range ids {
		wg.Add(1)
		go t.badWalk(ctx, wg, child) // want `no bound \(one more on each level of the recursion`
	}
}

// U8: each level has a bound of its own, so the width is four to the power of the depth.
func (t *tree) badLevelLimit(ctx context.Context, id int64) error {
	ids, err := t.children(ctx, id)
	if err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, child := range ids {
		g.Go(func() error { return t.badLevelLimit(ctx, child) }) // want `no bound \(one more on each level of the recursion`
	}
	return g.Wait()
}

// U8: the same with a channel.
func (t *tree) badLevelSemaphore(ctx context.Context, id int64) {
	ids, _ := t.children(ctx, id)
	sem := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, child := range ids {
		sem <- struct{}{}
		wg.Add(1)
		go func() { // want `no bound \(one more on each level of the recursion`
			defer wg.Done()
			defer func() { <-sem }()
			t.badLevelSemaphore(ctx, child)
		}()
	}
	wg.Wait()
}

// badHalves: no loop, but one goroutine for each half of each half.
func (t *tree) badHalves(ctx context.Context, ids []int64) {
	if len(ids) < 2 {
		for _, id := range ids {
			_, _ = t.pool.Exec(ctx, "call visit($1)", id)
		}
		return
	}
	done := make(chan struct{})
	go func() { // want `no bound \(one more on each level of the recursion`
		defer close(done)
		t.badHalves(ctx, ids[:len(ids)/2])
	}()
	t.badHalves(ctx, ids[len(ids)/2:])
	<-done
}

// badMutual and follow call each other.
func (t *tree) badMutual(ctx context.Context, id int64) {
	ids, _ := t.children(ctx, id)
	for _, child := range ids {
		go t.follow(ctx, child) // want `no bound \(one more on each level of the recursion`
	}
}

func (t *tree) follow(ctx context.Context, id int64) {
	if id > 0 {
		t.badMutual(ctx, id)
	}
}

// badLocal is a closure that starts itself.
func (t *tree) badLocal(ctx context.Context, root int64) {
	var wg sync.WaitGroup
	var visit func(id int64)
	visit = func(id int64) {
		defer wg.Done()
		ids, _ := t.children(ctx, id)
		for _, child := range ids {
			wg.Add(1)
			go visit(child) // want `no bound \(up to len\(ids\)`
		}
	}
	wg.Add(1)
	go visit(root)
	wg.Wait()
}

// okSequential is a recursion without goroutines.
func (t *tree) okSequential(ctx context.Context, id int64) error {
	ids, err := t.children(ctx, id)
	if err != nil {
		return err
	}
	for _, child := range ids {
		if err := t.okSequential(ctx, child); err != nil {
			return err
		}
	}
	return nil
}

// okShared: one semaphore for all levels, around the query only (B3').
func (t *tree) okShared(ctx context.Context, wg *sync.WaitGroup, id int64) {
	defer wg.Done()
	t.sem <- struct{}{}
	ids, err := t.children(ctx, id)
	<-t.sem
	if err != nil {
		return
	}
	for _, child := range ids {
		wg.Add(1)
		go t.okShared(ctx, wg, child)
	}
}

// okSharedParam has the semaphore from the level above.
func (t *tree) okSharedParam(ctx context.Context, sem chan struct{}, id int64) {
	sem <- struct{}{}
	ids, err := t.children(ctx, id)
	<-sem
	if err != nil {
		return
	}
	var wg sync.WaitGroup
	for _, child := range ids {
		wg.Go(func() { t.okSharedParam(ctx, sem, child) })
	}
	wg.Wait()
}

// okSharedGroup: one group with a limit; a level that finds it full goes on by itself.
func (t *tree) okSharedGroup(ctx context.Context, g *errgroup.Group, id int64) error {
	ids, err := t.children(ctx, id)
	if err != nil {
		return err
	}
	for _, child := range ids {
		visit := func() error { return t.okSharedGroup(ctx, g, child) }
		if g.TryGo(visit) {
			continue
		}
		if err := visit(); err != nil {
			return err
		}
	}
	return nil
}

func (t *tree) okSharedGroupRoot(ctx context.Context, root int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(func() error { return t.okSharedGroup(ctx, g, root) })
	return g.Wait()
}

// okQueueOfLevels goes through the tree level by level with a fixed crew.
func (t *tree) okQueueOfLevels(ctx context.Context, level []int64) error {
	for len(level) > 0 {
		var mu sync.Mutex
		var next []int64
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(4)
		for _, id := range level {
			g.Go(func() error {
				ids, err := t.children(ctx, id)
				mu.Lock()
				defer mu.Unlock()
				next = append(next, ids...)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		level = next
	}
	return nil
}

// okRecursionWithoutQuery starts itself, but never queries.
func okRecursionWithoutQuery(xs []int) int {
	if len(xs) < 2 {
		return len(xs)
	}
	left := make(chan int)
	go func() { left <- okRecursionWithoutQuery(xs[:len(xs)/2]) }()
	return okRecursionWithoutQuery(xs[len(xs)/2:]) + <-left
}
