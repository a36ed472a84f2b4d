// Command api is a service: its main builds, its handlers use.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

type api struct{ pool *pgxpool.Pool }

func (a *api) okIndex(w http.ResponseWriter, r *http.Request) {
	if err := a.pool.Ping(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// badReport is in main's package, which does not make it wiring.
func badReport(w http.ResponseWriter, r *http.Request) {
	pool, err := pgxpool.New(r.Context(), os.Getenv("REPORT_URL")) // want `pgxpool\.New runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer pool.Close()
	_, _ = pool.Exec(r.Context(), "select report()")
}

func main() {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	a := &api{pool}
	http.HandleFunc("/", a.okIndex)
	http.HandleFunc("/report", badReport)
	log.Print(http.ListenAndServe(":8080", nil))
}
