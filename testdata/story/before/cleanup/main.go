// Command cleanup deletes the carts that nobody has touched, a shop at a time.
package main

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"os"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
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

	room := make(chan struct{}, 11)
	errs := make([]error, 40)
	var wg sync.WaitGroup
	for shop := range errs {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			_, errs[shop] = database.ExecContext(ctx, "delete from carts where shop = $1 and touched < now() - interval '30 days'", shop)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
