// Command invoices writes the invoice of each customer.
package main

import (
	"context"
	"database/sql"
	"log"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/sourcegraph/conc/pool"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	database, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer database.Close()
	database.SetMaxOpenConns(11)

	p := pool.New().WithErrors().WithContext(ctx).WithMaxGoroutines(11)
	for customer := range 50 {
		p.Go(func(ctx context.Context) error {
			_, err := database.ExecContext(ctx, "insert into invoices select shop, $1::integer, sum(cents) from orders group by shop", customer)
			return err
		})
	}
	return p.Wait()
}
