// Package rows is for the option rows: open rows count as held here.
package rows

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

func badRequestPerRow(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select url from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return err
		}
		resp, err := http.Get(url) // want `rows is held while`
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
	}
	return rows.Err()
}

func okCollectFirst(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select url from feeds")
	if err != nil {
		return err
	}
	urls, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, url := range urls {
		resp, err := http.Get(url)
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
	}
	return nil
}

func badSleepPerRow(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		time.Sleep(10 * time.Millisecond) // want `rows is held while`
	}
	return rows.Err()
}

// okSleepAfterLoop: the last Next has closed the rows.
func okSleepAfterLoop(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "select id from feeds")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	time.Sleep(10 * time.Millisecond)
	return n, rows.Err()
}

func badSend(ctx context.Context, pool *pgxpool.Pool, out chan<- int64) error {
	rows, err := pool.Query(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out <- id // want `rows is held while`
	}
	return rows.Err()
}

func badSendSelect(ctx context.Context, pool *pgxpool.Pool, out chan<- int64) error {
	rows, err := pool.Query(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		select { // want `rows is held while`
		case out <- id:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return rows.Err()
}

func badStream(stream healthpb.Health_WatchServer, db *sql.DB) error {
	rows, err := db.QueryContext(stream.Context(), "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := stream.Send(&healthpb.HealthCheckResponse{}); err != nil { // want `rows is held while`
			return err
		}
	}
	return rows.Err()
}

func badForEach(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select url from feeds")
	if err != nil {
		return err
	}
	var url string
	_, err = pgx.ForEachRow(rows, []any{&url}, func() error {
		resp, err := http.Get(url) // want `is held while`
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
	return err
}

// okMemory only counts.
func okMemory(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, "select url from feeds")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var url string
		if err := rows.Scan(&url); err != nil {
			return 0, err
		}
		n += len(url)
	}
	return n, rows.Err()
}

// okClosedBefore leaves the loop, closes and waits then.
func okClosedBefore(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select url from feeds")
	if err != nil {
		return err
	}
	var url string
	for rows.Next() {
		if err = rows.Scan(&url); err != nil || url != "" {
			break
		}
	}
	if closeErr := rows.Close(); err != nil || closeErr != nil {
		return err
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
