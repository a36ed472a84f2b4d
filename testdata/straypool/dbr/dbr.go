// Package dbr opens pools with dbr, once and again and again.
package dbr

import (
	"net/http"

	"github.com/gocraft/dbr/v2"
)

const dsn = "postgres://tools@db/tools"

func badOpen(w http.ResponseWriter, r *http.Request) {
	conn, err := dbr.Open("pgx", dsn, nil) // want `dbr\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer conn.Close()
	if _, err := conn.NewSession(nil).DeleteFrom("tools").ExecContext(r.Context()); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// okOpen opens one pool, and a session of it for each request.
func okOpen() (http.HandlerFunc, error) {
	conn, err := dbr.Open("pgx", dsn, nil)
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := conn.NewSession(nil).DeleteFrom("tools").ExecContext(r.Context()); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}, nil
}
