// Command cleanup deletes the carts that nobody has touched, a shop at a time.
package main

import (
	"context"
	"errors"
	"log"
	"sync"
	"time"

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

	room := make(chan struct{}, db.Limit)
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
