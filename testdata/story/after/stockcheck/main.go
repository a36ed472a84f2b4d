// Command stockcheck finds the products whose stock is not what was booked.
package main

import (
	"context"
	"log"
	"time"

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

	warehouses := make(chan int, 33)
	for warehouse := range 33 {
		warehouses <- warehouse
	}
	close(warehouses)
	g, ctx := errgroup.WithContext(ctx)
	for range db.Limit {
		g.Go(func() error {
			for warehouse := range warehouses {
				var wrong int
				err := pool.QueryRow(ctx, "select count(*) from stock where warehouse = $1 and pieces <> booked", warehouse).Scan(&wrong)
				if err != nil {
					return err
				}
				if wrong > 0 {
					log.Printf("warehouse %d: %d products", warehouse, wrong)
				}
			}
			return nil
		})
	}
	return g.Wait()
}
