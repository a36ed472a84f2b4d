// Package holdwait finds out how many workers deadlock a pool.
package holdwait

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/holdwait/bad"
	"example.com/poolvet/testdata/proof/holdwait/good"
	"example.com/poolvet/testdata/proof/measure"
)

const shops = 100

// Measure runs some workers on a pool at once.
func Measure(lab *measure.Lab) {
	lab.Setup("create table orders as select id, id / 3 as shop, false as seen from generate_series(0, 3 * 100 - 1) id",
		"grant select, update on orders to public")

	run(lab, "bad", bad.Mark, 4, 4)
	run(lab, "bad", bad.Mark, 3, 4)
	run(lab, "bad", bad.Mark, 4, 5)
	run(lab, "good", good.Mark, 4, 4)
	run(lab, "good", good.Mark, shops, 1) //poolvet:ignore fanout so many, on purpose, on one connection
}

// run starts workers that all have their first connection before one of them goes on, and waits until they are done, or until none
// of them can be: each waits for a connection, and together they hold all.
func run(lab *measure.Lab, form string, mark func(context.Context, *pgxpool.Pool, int) error, workers int, limit int32) {
	lab.Setup("update orders set seen = false")
	pool, calls := lab.Pool(limit), lab.Calls()
	pool.Meet(min(workers, int(limit)))
	calls.Start(workers, func(ctx context.Context, i int) error { return mark(ctx, pool.Pool, i) })
	deadlocked := func() bool {
		return pool.Waiting() == workers && pool.Acquired() == int(limit) && lab.Activity().Running == 0
	}
	lab.Await("all done, or a deadlock", func() bool { return calls.Ended() == workers || deadlocked() })

	lab.Print("%s: %d workers, pool of %d", form, workers, limit)
	if deadlocked() {
		lab.Print("  connections acquired: %d, workers waiting for another one: %d", pool.Acquired(), pool.Waiting())
		lab.Print("  statements running on the server: %d", lab.Activity().Running)
		calls.Cancel()
		calls.Wait()
		lab.Print("  when their deadline comes: %d workers fail, orders marked: %d", calls.Failed(measure.Any), marked(lab))
	} else {
		calls.Succeed()
		lab.Print("  all done, orders marked: %d", marked(lab))
	}
	pool.End(lab)
}

func marked(lab *measure.Lab) int { return lab.Count("select count(*) from orders where seen") }
