// Command skipped defers the Close, and ends in a way that skips it.
package main

import (
	"context"
	"log"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DSN")) // want "pool is not closed when log.Fatal ends the process at L20"
	if err != nil {
		log.Fatal(err) // nothing to close yet
	}
	defer pool.Close()
	if err := pool.Ping(ctx); err != nil {
		log.Fatal(err)
	}
}
