// Command mailing prints to whom the newsletter goes.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
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
