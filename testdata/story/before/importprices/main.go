// Command importprices takes over the prices of each supplier.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
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
	for supplier := range 25 {
		g.Go(func() error {
			prices := &pgx.Batch{}
			for product := range 10 {
				prices.Queue("insert into prices (supplier, product, cents) values ($1, $2, $3)", supplier, product, 100+product)
			}
			return pool.SendBatch(ctx, prices).Close()
		})
	}
	return g.Wait()
}
