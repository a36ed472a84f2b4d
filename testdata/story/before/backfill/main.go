// Command backfill fills the new column of the customers, in slices.
package main

import (
	"context"
	"log"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	config.MaxConns = 11
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	defer pool.Close()

	const slice, customers = 1000, 30_000
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range 11 {
		g.Go(func() error {
			for last := next.Add(slice); last <= customers; last = next.Add(slice) {
				_, err := pool.Exec(ctx, "update customers set region = 'eu' where id > $1 and id <= $2", last-slice, last)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}
