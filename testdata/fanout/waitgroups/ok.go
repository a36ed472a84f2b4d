package waitgroups

import (
	"context"
	"log"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

// okCrew has four workers on a channel (B5).
func okCrew(ctx context.Context, db *sqlx.DB, ids []int64) {
	jobs := make(chan int64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for id := range jobs {
				_, _ = load(ctx, db, id)
			}
		})
	}
	for _, id := range ids {
		jobs <- id
	}
	close(jobs)
	wg.Wait()
}

// okShared: the workers take the next index themselves.
func okShared(ctx context.Context, db *sqlx.DB, ids []int64, workers int) {
	var mu sync.Mutex
	next := 0
	take := func() (int64, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(ids) {
			return 0, false
		}
		next++
		return ids[next-1], true
	}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for id, ok := take(); ok; id, ok = take() {
				_, _ = load(ctx, db, id)
			}
		})
	}
	wg.Wait()
}

// okMutexAround: one query at a time.
func okMutexAround(ctx context.Context, db *sqlx.DB, ids []int64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			_, _ = load(ctx, db, id)
		})
	}
	wg.Wait()
}

func okNoQuery(texts []string) []int {
	out := make([]int, len(texts))
	var wg sync.WaitGroup
	for i, text := range texts {
		wg.Go(func() { out[i] = strings.Count(text, "\n") })
	}
	wg.Wait()
	return out
}

// okThree starts three, whatever the input is (B1).
func okThree(ctx context.Context, pool *pgxpool.Pool) (users, orders, items int) {
	var wg sync.WaitGroup
	wg.Add(3)
	count := func(table string, n *int) {
		defer wg.Done()
		if err := pool.QueryRow(ctx, "select count(*) from "+table).Scan(n); err != nil {
			log.Print(err)
		}
	}
	go count("users", &users)
	go count("orders", &orders)
	go count("items", &items)
	wg.Wait()
	return users, orders, items
}

// okWriter: many goroutines compute, one writes.
func okWriter(ctx context.Context, db *sqlx.DB, texts []string) error {
	results := make(chan int)
	var wg sync.WaitGroup
	for _, text := range texts {
		wg.Go(func() { results <- len(text) })
	}
	go func() {
		wg.Wait()
		close(results)
	}()
	for n := range results {
		if _, err := db.ExecContext(ctx, "insert into sizes values ($1)", n); err != nil {
			return err
		}
	}
	return nil
}

// okWriterGoroutine: the writer is a goroutine too, there is one of it.
func okWriterGoroutine(ctx context.Context, db *sqlx.DB, texts []string) {
	results := make(chan int)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := range results {
			_, _ = db.ExecContext(ctx, "insert into sizes values ($1)", n)
		}
	}()
	var wg sync.WaitGroup
	for _, text := range texts {
		wg.Go(func() { results <- len(text) })
	}
	wg.Wait()
	close(results)
	<-done
}

// okWaitEach waits for both before the next.
func okWaitEach(ctx context.Context, db *sqlx.DB, pairs [][2]int64) {
	var wg sync.WaitGroup
	for _, pair := range pairs {
		wg.Go(func() { _, _ = load(ctx, db, pair[0]) })
		wg.Go(func() { _, _ = load(ctx, db, pair[1]) })
		wg.Wait()
	}
}

// okWaitEachArray: an array of two in an iteration that waits.
func okWaitEachArray(ctx context.Context, db *sqlx.DB, pairs [][2]int64) {
	for _, pair := range pairs {
		var wg sync.WaitGroup
		for _, id := range pair {
			wg.Go(func() { _, _ = load(ctx, db, id) })
		}
		wg.Wait()
	}
}
