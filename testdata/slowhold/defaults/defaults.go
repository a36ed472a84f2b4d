// Package defaults: without the option, open rows, an unscanned row and an open batch don't count as held.
package defaults

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func okRows(ctx context.Context, pool *pgxpool.Pool) error {
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
		resp, err := http.Get(url)
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
	}
	return rows.Err()
}

func okSQLRows(ctx context.Context, db *sql.DB, out chan<- int64) error {
	rows, err := db.QueryContext(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out <- id
	}
	return rows.Err()
}

// badRowsOfTx: the rows don't count, the transaction that they are of does.
func badRowsOfTx(ctx context.Context, pool *pgxpool.Pool, out chan<- int64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		out <- id // want `tx is held while`
	}
	return rows.Err()
}

// badRowsOfConn is the same with a connection.
func badRowsOfConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		time.Sleep(time.Millisecond) // want `conn is held while`
	}
	return rows.Err()
}

// okForEach: rows again, in a callback.
func okForEach(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id from feeds")
	if err != nil {
		return err
	}
	_, err = pgx.ForEachRow(rows, []any{new(int64)}, func() error {
		time.Sleep(time.Millisecond)
		return nil
	})
	return err
}
