// Command stockcheck finds the products whose stock is not what was booked.
package main

import (
	"context"
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

	warehouses := make(chan int, 33)
	for warehouse := range 33 {
		warehouses <- warehouse
	}
	close(warehouses)
	g, ctx := errgroup.WithContext(ctx)
	for range 11 {
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
