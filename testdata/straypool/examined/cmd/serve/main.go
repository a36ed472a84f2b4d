package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

func main() {
	if err := okRun(context.Background()); err != nil {
		log.Println(err)
		os.Exit(1)
	}
}

func okRun(ctx context.Context) error {
	pool, err := dbx.NewPool(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer pool.Close()
	go okMetrics(pool)
	go func() { _ = badAdminServer() }()
	return http.ListenAndServe(":8080", okRoutes(pool))
}

func okMetrics(p *pgxpool.Pool) { log.Println(p.Stat().TotalConns()) }

func okRoutes(p *pgxpool.Pool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _ = p.Ping(r.Context()) })
	return mux
}

func badAdminServer() error {
	return http.ListenAndServe(":9090", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		st, err := dbx.NewStore(r.Context(), os.Getenv("DSN")) // want `dbx\.NewStore builds a pool on each request`
		if err != nil {
			w.WriteHeader(500)
			return
		}
		defer st.Close()
	}))
}
