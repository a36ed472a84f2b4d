// Command mailing prints to whom the newsletter goes.
package main

import (
	"context"
	"fmt"
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
	for letter := 'a'; letter <= 'z'; letter++ {
		g.Go(func() error {
			rows, err := pool.Query(ctx, "select mail from customers where mail like $1 || '%'", string(letter))
			if err != nil {
				return err
			}
			mails, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				return err
			}
			fmt.Print(strings.Join(append(mails, ""), "\n"))
			return nil
		})
	}
	return g.Wait()
}
