// Package rowsfed: goroutines fed from open rows. The cursor waits for the workers, the workers wait for the pool.
package rowsfed

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const touch = "update items set touched = now() where id = $1"

// U12: a goroutine for each row.
func badPerRow(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from items")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		go db.ExecContext(ctx, touch, id) // want `no bound \(one in each round of the loop`
	}
	return rows.Err()
}

// okCollectFirst: the rows are closed when the workers begin.
func okCollectFirst(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id from items")
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	jobs := make(chan int64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for id := range jobs {
				_, _ = pool.Exec(ctx, touch, id)
			}
		}()
	}
	for _, id := range ids {
		jobs <- id
	}
	close(jobs)
	wg.Wait()
	return nil
}

// okWorkersWithoutQuery: the workers compute.
func okWorkersWithoutQuery(ctx context.Context, pool *pgxpool.Pool) (sum int64, err error) {
	jobs := make(chan int64)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for id := range jobs {
				mu.Lock()
				sum += id
				mu.Unlock()
			}
		})
	}
	defer wg.Wait()
	defer close(jobs)
	rows, err := pool.Query(ctx, "select id from items")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		jobs <- id
	}
	return sum, rows.Err()
}
