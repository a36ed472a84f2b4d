// Package pkgvar: the pool is a package variable.
package pkgvar

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

var db *sql.DB

// Init opens the pool at the start.
func Init(dsn string) (err error) {
	db, err = sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(10)
	return db.Ping()
}

func touch(ctx context.Context, id int64) error {
	_, err := db.ExecContext(ctx, "update items set touched = now() where id = $1", id)
	return err
}

func badAbove(ctx context.Context, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(32)
	for _, id := range ids {
		g.Go(func() error { return touch(ctx, id) }) // want `up to 32 goroutines .*the pool has 10`
	}
	return g.Wait()
}

func badNoBound(ids []int64) {
	for _, id := range ids {
		go touch(context.Background(), id) // want `no bound \(up to len\(ids\)`
	}
}

func badHandler(w http.ResponseWriter, r *http.Request) {
	go touch(context.Background(), 1) // want `no bound \(one on each request`
}

func okBelow(ctx context.Context, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(10)
	for _, id := range ids {
		g.Go(func() error { return touch(ctx, id) })
	}
	return g.Wait()
}

// B14: limit and deadline, in a handler.
func okHandlerDeadline(w http.ResponseWriter, r *http.Request) {
	go func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 3*time.Second)
		defer cancel()
		_ = touch(ctx, 1)
	}()
}
