// Package advice: the pool has a limit and the queries have a deadline. It costs time only: strict reports it (B14).
package advice

import (
	"context"
	"database/sql"
	"net/http"
	"sync"
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
	return nil
}

func touch(ctx context.Context, id int64) error {
	_, err := db.ExecContext(ctx, "update items set touched = now() where id = $1", id)
	return err
}

func badErrgroup(ctx context.Context, ids []int64) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, id := range ids {
		g.Go(func() error { return touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	return g.Wait()
}

func badInside(ids []int64) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func() { // want `no bound \(up to len\(ids\)`
			defer wg.Done()
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			_ = touch(ctx, id)
		}()
	}
	wg.Wait()
}

func badDeadline(ctx context.Context, ids []int64, until time.Time) {
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() { _ = touch(ctx, id) }) // want `no bound \(up to len\(ids\)`
	}
	wg.Wait()
}

func badHandler(w http.ResponseWriter, r *http.Request) {
	go func() { // want `no bound \(one on each request`
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		_ = touch(ctx, 1)
	}()
}

func okLimit(ctx context.Context, ids []int64) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, id := range ids {
		g.Go(func() error { return touch(ctx, id) })
	}
	return g.Wait()
}

func okJoined(ctx context.Context, ids []int64) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, id := range ids {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = touch(ctx, id)
		}()
		<-done
	}
}
