// Package bad builds a pool for each request.
package bad

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/straypool/page"
)

// DSN is where the database is.
var DSN string

//page:begin

func List(w http.ResponseWriter, r *http.Request) {
	pool, err := pgxpool.New(r.Context(), DSN)
	if err != nil {
		http.Error(w, "database", http.StatusInternalServerError)
		return
	}
	defer pool.Close()
	page.Write(w, r, pool)
}

//page:end
