// Package straypool counts the connections that requests take from the server.
package straypool

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"example.com/poolvet/testdata/proof/measure"
	"example.com/poolvet/testdata/proof/straypool/bad"
	"example.com/poolvet/testdata/proof/straypool/good"
)

const (
	requests = 100
	limit    = 4
)

// Measure sends requests, none of which ends before the last has come.
func Measure(lab *measure.Lab) {
	lab.Setup("create table tasks as select id, 'task ' || id as title from generate_series(1, 3) id", "grant select on tasks to public")
	lab.Print("a server with room for %d connections of ordinary roles", lab.Room())

	bad.DSN = lab.DSN
	run(lab, "bad: a pool for each", bad.List, func() int { return 0 })
	lab.Quiet()
	pool := lab.Pool(limit)
	run(lab, fmt.Sprintf("good: one pool of %d", limit), good.List(pool.Pool), pool.Waiting)
	pool.End(lab)
}

// run has the requests come one after the other. The statement of each stands until all have come.
func run(lab *measure.Lab, form string, list http.HandlerFunc, queue func() int) {
	calls := lab.Calls()
	unlock := lab.Lock("tasks")
	calls.Arrive(requests, queue, func(ctx context.Context) error {
		w := httptest.NewRecorder()
		list(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/tasks", nil))
		if w.Code != http.StatusOK {
			return fmt.Errorf("%d", w.Code)
		}
		return nil
	})
	lab.Print("%s, %d requests at once", form, requests)
	lab.Print("  connections: %d", lab.Activity().Sessions)
	unlock()
	calls.Wait()
	refused := calls.Failed(func(err error) bool { return err.Error() == fmt.Sprint(http.StatusServiceUnavailable) })
	lab.Print("  requests that fail with SQLSTATE 53300: %d", refused)
	lab.Print("  requests that are answered: %d", requests-calls.Failed(measure.Any))
}
