// Package spawnlib starts what it is given. It knows nothing of databases.
package spawnlib

import (
	"context"
	"log"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Safe starts f and recovers from its panics.
func Safe(f func()) {
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Printf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		f()
	}()
}

// SafeCtx starts f with the values of ctx, and without its end.
func SafeCtx(ctx context.Context, f func(context.Context)) {
	ctx = context.WithoutCancel(ctx)
	Safe(func() { f(ctx) })
}

// ForEach calls f for all items at the same time.
func ForEach[T any](items []T, f func(T)) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() { f(item) })
	}
	wg.Wait()
}

// ForEachN is ForEach with n goroutines at most.
func ForEachN[T any](n int, items []T, f func(T) error) error {
	var g errgroup.Group
	g.SetLimit(n)
	for _, item := range items {
		g.Go(func() error { return f(item) })
	}
	return g.Wait()
}

// Sequential calls f for one item after the other.
func Sequential[T any](items []T, f func(T)) {
	for _, item := range items {
		f(item)
	}
}

// Group has no limit.
type Group struct{ wg sync.WaitGroup }

// Run starts f.
func (g *Group) Run(f func()) { g.wg.Go(f) }

// Wait waits for all.
func (g *Group) Wait() { g.wg.Wait() }

// Crew runs at most as many functions as it was made for.
type Crew struct {
	slots chan struct{}
	wg    sync.WaitGroup
}

// NewCrew has n slots.
func NewCrew(n int) *Crew { return &Crew{slots: make(chan struct{}, n)} }

// Run waits for a slot and starts f in it.
func (c *Crew) Run(f func()) {
	c.slots <- struct{}{}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		defer func() { <-c.slots }()
		f()
	}()
}

// Wait waits for all.
func (c *Crew) Wait() { c.wg.Wait() }
