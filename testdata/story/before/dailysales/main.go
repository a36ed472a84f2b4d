// Command dailysales prints what each shop has sold.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
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

	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(11)
	sold := make([]int64, 40)
	for shop := range sold {
		g.Go(func() error {
			return pool.QueryRow(ctx, "select coalesce(sum(cents), 0)::bigint from orders where shop = $1", shop).Scan(&sold[shop])
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for shop, cents := range sold {
		fmt.Printf("%d\t%d.%02d\n", shop, cents/100, cents%100)
	}
	return nil
}
