// Package nodeadline looks at requests to an exhausted pool whose contexts have ended.
package nodeadline

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/measure"
	"example.com/poolvet/testdata/proof/nodeadline/bad"
	"example.com/poolvet/testdata/proof/nodeadline/good"
)

const (
	limit    = 4
	requests = 10
	pause    = 300 * time.Millisecond // for those that would react late, to be seen in the result
)

// Measure sends requests to a pool whose connections are all in use.
func Measure(lab *measure.Lab) {
	lab.Setup("create table users as select id from generate_series(1, 3) id", "create table audit (action text)",
		"create table reports ()", "grant select on users, reports to public", "grant insert on audit to public")
	run(lab, "bad", func(ctx context.Context, pool *pgxpool.Pool) error {
		_, err := (&bad.Store{Pool: pool}).Count(ctx)
		return err
	})
	run(lab, "good", func(ctx context.Context, pool *pgxpool.Pool) error {
		_, err := (&good.Store{Pool: pool}).Count(ctx)
		return err
	})
	audit(lab)
}

func run(lab *measure.Lab, form string, count func(context.Context, *pgxpool.Pool) error) {
	pool, calls := lab.Pool(limit), lab.Calls()
	release := exhaust(lab, pool)
	calls.Start(requests, func(ctx context.Context, _ int) error { return count(ctx, pool.Pool) })
	lab.Await("the requests wait", func() bool { return pool.Waiting() == requests })
	lab.Print("%s: %d requests to an exhausted pool of %d", form, requests, limit)
	endless := pool.Endless()
	lab.Print("  requests that wait: %d, with a context that never ends: %d", pool.Waiting(), endless)
	calls.Cancel()
	lab.Await("those that can have given up", func() bool { return calls.Ended() == requests-endless })
	time.Sleep(pause)
	lab.Print("  after the end of their deadlines: %d wait, %d have failed", pool.Waiting(), calls.Failed(measure.Any))
	release()
	calls.Wait()
	pool.End(lab)
}

// audit is the second good example.
func audit(lab *measure.Lab) {
	pool, calls := lab.Pool(limit), lab.Calls()
	release := exhaust(lab, pool)
	calls.Call(func(ctx context.Context) error {
		(&good.Store{Pool: pool.Pool}).Audit(ctx, "login")
		return nil
	})
	calls.Succeed()
	calls.Cancel()
	lab.Await("the audit waits", func() bool { return pool.Waiting() == 1 })
	lab.Print("good: an audit after its request, exhausted pool of %d", limit)
	lab.Print("  goroutines that wait: %d, with a context that never ends: %d", pool.Waiting(), pool.Endless())
	release()
	lab.Await("the audit is written", func() bool { return lab.Count("select count(*) from audit") == 1 })
	pool.End(lab)
}

// exhaust has statements that do not end take all connections of a pool.
func exhaust(lab *measure.Lab, pool *measure.Pool) (release func()) {
	unlock, reports := lab.Lock("reports"), lab.Calls()
	reports.Start(limit, func(ctx context.Context, _ int) error {
		_, err := pool.Exec(ctx, "table reports")
		return err
	})
	lab.Await("the pool is exhausted", func() bool { return lab.Activity().Locked == limit && pool.Acquired() == limit })
	return func() {
		unlock()
		reports.Succeed()
	}
}
