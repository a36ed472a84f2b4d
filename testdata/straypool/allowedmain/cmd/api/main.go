// Command api is a main package, which the word "main" allows.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

func main() {
	pool, err := okBuild(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	http.HandleFunc("/old", badOld)
	log.Print(http.ListenAndServe(":8080", nil))
}

func okBuild(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
}

// badOld builds per request, which no allow makes right.
func badOld(w http.ResponseWriter, r *http.Request) {
	pool, err := pgxpool.New(r.Context(), os.Getenv("OLD_URL")) // want `pgxpool\.New runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	pool.Close()
}
