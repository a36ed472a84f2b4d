// Command api is a main package; allow does not say "main", so it may not construct.
package main

import (
	"context"
	"log"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

func main() {
	pool, err := okAllowedPackage(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	own, err := badOwn(context.Background())
	if err != nil {
		log.Print(err)
		return
	}
	own.Close()
}

// okAllowedPackage asks the allowed package.
func okAllowedPackage(ctx context.Context) (*pgxpool.Pool, error) {
	return db.Pool(ctx, os.Getenv("DATABASE_URL"))
}

func badOwn(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, os.Getenv("DATABASE_URL")) // want `pgxpool\.New builds a pool outside the packages`
}
