// Package page is what both forms of the handler answer.
package page

import (
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/measure"
)

// Write answers with the tasks.
func Write(w http.ResponseWriter, r *http.Request, pool *pgxpool.Pool) {
	rows, err := pool.Query(r.Context(), "select title from tasks order by id")
	if err != nil {
		fail(w, err)
		return
	}
	titles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		fail(w, err)
		return
	}
	for _, title := range titles {
		fmt.Fprintln(w, title)
	}
}

// fail answers with a status that tells a full server from other failures.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	if measure.Refused(err) {
		status = http.StatusServiceUnavailable
	}
	http.Error(w, "database", status)
}
