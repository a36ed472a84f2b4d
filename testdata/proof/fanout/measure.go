// Package fanout counts the goroutines that want a connection.
package fanout

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/fanout/bad"
	"example.com/poolvet/testdata/proof/fanout/good"
	"example.com/poolvet/testdata/proof/measure"
)

const (
	items = 100
	limit = 4
)

// Measure looks at the pool while the first statements run.
func Measure(lab *measure.Lab) {
	lab.Setup("create table items as select id, null::timestamptz as seen from generate_series(1, 100) id",
		"grant select, update on items to public")

	run(lab, "bad", bad.Touch, limit, items-limit)
	run(lab, "good", good.Touch, limit/2, 0)
}

// run stops the statements on the server, waits until as many as expected are there and as many goroutines wait behind them, and then
// sends the query of somebody else.
func run(lab *measure.Lab, form string, touch func(context.Context, *pgxpool.Pool, []int64) error, running, waiting int) {
	ids := make([]int64, items)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	pool, calls, other := lab.Pool(limit), lab.Calls(), lab.Calls()
	unlock := lab.Lock("items")
	calls.Call(func(ctx context.Context) error { return touch(ctx, pool.Pool, ids) })
	lab.Await("the statements run", func() bool { return lab.Activity().Locked == running && pool.Waiting() == waiting })
	lab.Print("%s: %d items, pool of %d", form, items, limit)
	lab.Print("  goroutines that have a connection: %d, that wait for one: %d", lab.Activity().Locked, pool.Waiting())

	other.Call(func(ctx context.Context) error { return pool.Ping(ctx) })
	lab.Await("the other is served or waits", func() bool { return other.Ended() == 1 || pool.Waiting() == waiting+1 })
	if other.Ended() == 1 {
		lab.Print("  a query of somebody else: is answered")
	} else {
		lab.Print("  a query of somebody else: waits behind %d", pool.Waiting()-1)
	}
	unlock()
	calls.Succeed()
	other.Succeed()
	lab.Print("  connections wanted at once, that query included: %d", pool.Peak())
	pool.End(lab)
}
