// Package poollimit counts the connections that a pool opens.
package poollimit

import (
	"context"
	"database/sql"

	"example.com/poolvet/testdata/proof/measure"
	"example.com/poolvet/testdata/proof/poollimit/bad"
	"example.com/poolvet/testdata/proof/poollimit/good"
)

const queries = 100

// Measure sends queries, none of which ends before the last has come.
func Measure(lab *measure.Lab) {
	lab.Setup("create table stock as select id from generate_series(1, 3) id", "grant select on stock to public")
	lab.Print("a server with room for %d connections of ordinary roles", lab.Room())

	unlimited, err := bad.Open(lab.DSN)
	run(lab, "bad", unlimited.DB, err)
	limited, err := good.Open(lab.DSN)
	run(lab, "good", limited.DB, err)
}

// run has the queries come one after the other. Each stands until all have come.
func run(lab *measure.Lab, form string, db *sql.DB, err error) {
	if err != nil {
		panic(err)
	}
	calls := lab.Calls()
	unlock := lab.Lock("stock")
	//poolvet:ignore fanout the load is the experiment
	calls.Arrive(queries, func() int { return int(db.Stats().WaitCount) }, func(ctx context.Context) error {
		var n int
		return db.QueryRowContext(ctx, "select count(*) from stock").Scan(&n)
	})
	lab.Print("%s: %d queries at once", form, queries)
	lab.Print("  connections: %d, queries that wait for one: %d", lab.Activity().Sessions, db.Stats().WaitCount)
	unlock()
	calls.Wait()
	lab.Print("  queries that fail with SQLSTATE %s: %d", measure.TooMany, calls.Failed(measure.Refused))
	lab.Print("  queries that are answered: %d", queries-calls.Failed(measure.Any))
	if err := db.Close(); err != nil {
		panic(err)
	}
	lab.Quiet()
}
