// Package slowhold looks at a pool while another service hangs.
package slowhold

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/measure"
	"example.com/poolvet/testdata/proof/slowhold/bad"
	"example.com/poolvet/testdata/proof/slowhold/good"
)

const (
	limit = 4
	calls = 4
)

// Measure has as many calls wait for the service as the pool has connections.
func Measure(lab *measure.Lab) {
	lab.Setup("create table parcels as select id, 'paid' as state from generate_series(0, 9) id", "grant select, update on parcels to public")
	run(lab, "bad", bad.Ship)
	run(lab, "good", good.Ship)
}

// run waits until all calls have come to the service, which does not answer, and then sends the query of somebody else.
func run(lab *measure.Lab, form string, ship func(context.Context, *pgxpool.Pool, string, int) error) {
	var asked atomic.Int32
	answer := make(chan struct{})
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked.Add(1)
		<-answer
	}))
	defer service.Close()

	pool, ships, other := lab.Pool(limit), lab.Calls(), lab.Calls()
	ships.Start(calls, func(ctx context.Context, i int) error { return ship(ctx, pool.Pool, service.URL, i) })
	lab.Await("all calls have come to the service", func() bool { return asked.Load() == calls && lab.Activity().Running == 0 })
	lab.Print("%s: %d calls wait for a service that hangs, pool of %d", form, calls, limit)
	lab.Print("  connections acquired: %d, sessions idle in a transaction: %d", pool.Acquired(), lab.Activity().InTransaction)

	other.Call(func(ctx context.Context) error { return pool.Ping(ctx) })
	lab.Await("the other is served or waits", func() bool { return other.Ended()+pool.Waiting() == 1 })
	if other.Ended() == 1 {
		lab.Print("  a query of somebody else: is answered")
	} else {
		lab.Print("  a query of somebody else: waits for a connection, statements running on the server: %d", lab.Activity().Running)
	}
	close(answer)
	ships.Succeed()
	other.Succeed()
	pool.End(lab)
}
