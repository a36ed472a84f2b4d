// Package lostrelease counts the calls until a pool is empty.
package lostrelease

import (
	"context"
	"runtime"
	"time"

	"example.com/poolvet/testdata/proof/lostrelease/bad"
	"example.com/poolvet/testdata/proof/lostrelease/good"
	"example.com/poolvet/testdata/proof/measure"
)

const (
	limit = 4
	many  = 100 // calls that go well
)

// Measure makes one call after the other, each when the last one has returned.
func Measure(lab *measure.Lab) {
	lab.Setup("create table jobs as select id, 'job ' || id as title from generate_series(1, 3) id", "grant select on jobs to public")

	pool := lab.Pool(limit)
	calls := lab.Calls()
	title := func(ctx context.Context) error {
		_, err := bad.Title(ctx, pool.Pool, 2)
		return err
	}
	n := 0
	for pool.Waiting() == 0 && n < many {
		n++
		calls.Call(title)
		lab.Await("the call returns or waits", func() bool { return calls.Ended()+pool.Waiting() == n && lab.Activity().Running == 0 })
	}
	lab.Print("bad: one call after the other, pool of %d", limit)
	lab.Print("  calls that return: %d", calls.Ended())
	lab.Print("  connections acquired after them: %d", pool.Acquired())
	runtime.GC()
	runtime.GC() // what had a finalizer in the first
	lab.Print("  after a garbage collection: %d", pool.Acquired())
	lab.Print("  call %d waits for a connection: %t, statements running on the server: %d", n, pool.Waiting() == 1, lab.Activity().Running)
	calls.Cancel()
	calls.Wait()
	lab.Print("  when all contexts have ended: calls that fail: %d, connections acquired: %d", calls.Failed(measure.Any), pool.Acquired())

	pool = lab.Pool(limit)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	n = 0
	for n < many {
		if _, err := good.Title(ctx, pool.Pool, 2); err != nil {
			panic(err)
		}
		n++
	}
	lab.Print("good: one call after the other, pool of %d", limit)
	lab.Print("  calls that return: %d", n)
	lab.Print("  connections acquired after them: %d", pool.Acquired())
}
