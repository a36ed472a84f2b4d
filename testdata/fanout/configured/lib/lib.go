// Package lib starts what it is given. It knows nothing of databases, so its code is not read: rows say what it does.
package lib

import (
	"context"
	"sync"
)

var all sync.WaitGroup

// Safe starts f and recovers from its panics.
func Safe(f func()) {
	all.Go(func() {
		defer func() { _ = recover() }()
		f()
	})
}

// Named is Safe with a name for the log.
func Named(_ string, f func()) { Safe(f) }

// Several starts all of fs.
func Several(fs ...func()) {
	for _, f := range fs {
		Safe(f)
	}
}

// WaitAll waits for all that Safe has started.
func WaitAll() { all.Wait() }

// All calls f for all items at the same time.
func All[T any](ctx context.Context, items []T, f func(context.Context, T)) {
	var wg sync.WaitGroup
	for _, item := range items {
		wg.Go(func() { f(ctx, item) })
	}
	wg.Wait()
}

// AllBut is All with a fixed number of workers.
func AllBut[T any](items []T, f func(T)) {
	slots := make(chan struct{}, 4)
	var wg sync.WaitGroup
	for _, item := range items {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			f(item)
		})
	}
	wg.Wait()
}

// Task is what Start has started.
type Task struct{ done chan struct{} }

// Start starts f.
func Start(f func()) *Task {
	t := &Task{done: make(chan struct{})}
	go func() {
		defer close(t.done)
		f()
	}()
	return t
}

// Wait waits for the task.
func (t *Task) Wait() { <-t.done }

// Group has a limit if it is set.
type Group struct {
	wg    sync.WaitGroup
	slots chan struct{}
}

// SetMax sets the limit.
func (g *Group) SetMax(n int) *Group {
	g.slots = make(chan struct{}, n)
	return g
}

// Go starts f.
func (g *Group) Go(f func()) {
	if g.slots != nil {
		g.slots <- struct{}{}
	}
	g.wg.Go(func() {
		if g.slots != nil {
			defer func() { <-g.slots }()
		}
		f()
	})
}

// Wait waits for all.
func (g *Group) Wait() { g.wg.Wait() }

// Pool runs as many functions at once as it was made for.
type Pool interface {
	Submit(f func())
	Wait()
}

// NewPool makes a pool of n workers.
func NewPool(n int) Pool { return new(Group).SetMax(n).pool() }

func (g *Group) pool() Pool { return grouped{g} }

type grouped struct{ *Group }

func (g grouped) Submit(f func()) { g.Go(f) }

// Queue has workers of its own.
type Queue struct{ jobs chan func() }

// NewQueue starts the workers.
func NewQueue() *Queue {
	q := &Queue{jobs: make(chan func())}
	for range 4 {
		go func() {
			for job := range q.jobs {
				job()
			}
		}()
	}
	return q
}

// Put hands f to a worker.
func (q *Queue) Put(f func()) { q.jobs <- f }
