// Package pg is two folders below internal: "..." reaches it.
package pg

import (
	"net/http"

	"github.com/jmoiron/sqlx"
)

func okOpen(dsn string) (*sqlx.DB, error) { return sqlx.Connect("pgx", dsn) }

// badHandler is in an allowed package; allow says where a pool may be built, not how often.
func badHandler(w http.ResponseWriter, r *http.Request) {
	db, err := okOpen("postgres://app@db/app") // want "okOpen builds a pool on each request"
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer db.Close()
}
