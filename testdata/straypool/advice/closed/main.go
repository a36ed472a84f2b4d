// Command closed closes its pool on every way out.
package main

import (
	"context"
	"log"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	serve(pool)
}

func run(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer pool.Close()
	return pool.Ping(ctx)
}

func serve(pool *pgxpool.Pool) { _ = pool.Ping(context.Background()) }
