// Command reindex writes the words of each product for the search.
package main

import (
	"context"
	"log"
	"strings"
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
	for product := range 60 {
		g.Go(func() error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				var name string
				err := tx.QueryRow(ctx, "select name from products where id = $1 for update", product).Scan(&name)
				if err != nil {
					return err
				}
				_, err = tx.Exec(ctx, "update products set words = $2 where id = $1", product, strings.Fields(name))
				return err
			})
		})
	}
	return g.Wait()
}
