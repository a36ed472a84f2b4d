// Command invoices writes the invoice of each customer.
package main

import (
	"context"
	"log"
	"time"

	"github.com/sourcegraph/conc/pool"

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
	database, err := db.OpenSQL()
	if err != nil {
		return err
	}
	defer database.Close()

	p := pool.New().WithErrors().WithContext(ctx).WithMaxGoroutines(db.Limit)
	for customer := range 50 {
		p.Go(func(ctx context.Context) error {
			_, err := database.ExecContext(ctx, "insert into invoices select shop, $1::integer, sum(cents) from orders group by shop", customer)
			return err
		})
	}
	return p.Wait()
}
