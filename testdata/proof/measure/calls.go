package measure

import (
	"context"
	"sync"
)

// Calls are calls of the program that is observed, each in a goroutine of its own.
type Calls struct {
	lab     *Lab
	ctx     context.Context
	cancel  context.CancelFunc
	mu      sync.Mutex
	started int
	errs    []error // of those that have ended
}

// Calls returns a group without a call.
func (l *Lab) Calls() *Calls {
	c := &Calls{lab: l}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	return c
}

// Call makes one call, which gets the context of the group.
func (c *Calls) Call(call func(ctx context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started++
	go func() {
		err := call(c.ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.errs = append(c.errs, err)
	}()
}

// Start makes n calls at once. Each gets its number too.
func (c *Calls) Start(n int, call func(ctx context.Context, i int) error) {
	for i := range n {
		c.Call(func(ctx context.Context) error { return call(ctx, i) })
	}
}

// Arrive makes n calls one after the other: each as soon as all before it have ended or stand, at a lock of the server or in
// the queue of a pool.
func (c *Calls) Arrive(n int, queue func() int, call func(ctx context.Context) error) {
	for i := range n {
		c.Call(call)
		c.lab.Await("the next call stands", func() bool { return c.Ended()+c.lab.Activity().Locked+queue() == i+1 })
	}
}

// Ended returns how many calls have returned.
func (c *Calls) Ended() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.errs)
}

// Failed returns how many calls have returned an error that is one of those in question.
func (c *Calls) Failed(is func(error) bool) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, err := range c.errs {
		if err != nil && is(err) {
			n++
		}
	}
	return n
}

// Any is every error.
func Any(error) bool { return true }

// Cancel ends the context of the calls, as a deadline does.
func (c *Calls) Cancel() { c.cancel() }

// Wait waits until all calls have returned.
func (c *Calls) Wait() {
	c.lab.Await("all calls have returned", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.errs) == c.started
	})
}

// Succeed waits until all calls have returned, and ends the program if one has failed.
func (c *Calls) Succeed() {
	c.Wait()
	for _, err := range c.errs {
		check(err)
	}
}
