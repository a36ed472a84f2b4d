// Package good has one pool for all requests.
package good

import (
	"net/http"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/proof/straypool/page"
)

//page:begin

func List(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page.Write(w, r, pool)
	}
}

//page:end
