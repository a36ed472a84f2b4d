// Command startup: what main does before it serves has the pool for itself.
package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
)

var db *sql.DB

func init() {
	if _, err := db.Exec("delete from locks"); err != nil {
		log.Print(err)
	}
}

func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if err := pool.Ping(ctx); err != nil {
		log.Fatal(err)
	}
	for _, sql := range []string{"delete from locks", "delete from jobs"} {
		if _, err := pool.Exec(ctx, sql); err != nil {
			log.Fatal(err)
		}
	}
	okPrepare(ctx, pool)
	okSeed(pool)
	go badWorker(pool)
	s := &server{pool}
	http.HandleFunc("/", s.badServe)
	badLoop(pool)
	badElsewhere(pool)
	http.HandleFunc("/x", func(w http.ResponseWriter, r *http.Request) { badElsewhere(pool) })
	http.ListenAndServe(":8080", nil)
}

func okPrepare(ctx context.Context, pool *pgxpool.Pool) {
	pool.Exec(ctx, "delete from sessions")
}

// Only main calls it.
func okSeed(pool *pgxpool.Pool) {
	pool.Exec(context.Background(), "insert into roles values ('admin')")
	func() {
		pool.Exec(context.Background(), "insert into roles values ('user')")
	}()
	okSeedMore(pool)
}

func okSeedMore(pool *pgxpool.Pool) {
	pool.Exec(context.Background(), "insert into roles values ('guest')")
}

func badWorker(pool *pgxpool.Pool) {
	pool.Exec(context.Background(), "select 1") // want `pool\.Exec waits`
}

func badElsewhere(pool *pgxpool.Pool) {
	pool.Exec(context.Background(), "select 1") // want `pool\.Exec waits`
}

type server struct{ pool *pgxpool.Pool }

func (s *server) badServe(w http.ResponseWriter, r *http.Request) {
	s.pool.Exec(context.Background(), "select 1") // want `pool\.Exec waits`
}

// It works for as long as the program runs.
func badLoop(pool *pgxpool.Pool) {
	jobs := make(chan int)
	for job := range jobs {
		pool.Exec(context.Background(), "select $1", job) // want `pool\.Exec waits`
	}
}

// A command runs once, and nothing beside it.
func okCommand(pool *pgxpool.Pool) *cobra.Command {
	return &cobra.Command{
		Use: "seed",
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := pool.Exec(context.Background(), "select 1")
			return err
		},
	}
}
