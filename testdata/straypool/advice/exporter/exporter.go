// Package exporter watches databases that are not its own: what it opens needs a decision of the user.
package exporter

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5"
)

const own = "postgres://app@db/app"

// badProbe asks the database that the request names.
func badProbe(w http.ResponseWriter, r *http.Request) {
	conn, err := pgx.Connect(r.Context(), r.URL.Query().Get("target")) // want "pgx.Connect runs on each request"
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer conn.Close(r.Context())
}

type form struct{ ConnectionString string }

// badTest tries the connection that a form brings.
func badTest(w http.ResponseWriter, r *http.Request) {
	var f form
	if err := json.NewDecoder(r.Body).Decode(&f); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := try(r.Context(), f.ConnectionString); err != nil { // want "try builds a connection of its own on each request"
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func try(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// okOnce tries its own database once.
func okOnce(ctx context.Context) error { return try(ctx, own) }
