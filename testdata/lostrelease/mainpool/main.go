// Command mainpool: what main itself opens ends with the process.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// main closes neither: the process ends here.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	listener, err := pgx.Connect(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	if err := listener.Ping(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	okServe(ctx, pool)
	if _, err := badCheck(ctx, pool); err != nil {
		log.Print(err)
	}
}

// okServe runs until it is told to stop.
func okServe(ctx context.Context, pool *pgxpool.Pool) {
	<-ctx.Done()
	log.Print(pool.Stat().AcquiredConns())
}

// badCheck is no different for being in a main package.
func badCheck(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}
