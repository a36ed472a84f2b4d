// Command importprices takes over the prices of each supplier.
package main

import (
	"context"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"example.com/poolvet/testdata/story/internal/db"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	pool, err := db.Open(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()

	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(db.Limit)
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
