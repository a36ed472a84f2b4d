// Package old: pgx v4, which is still in use.
package old

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v4/stdlib"
)

func badR801V4break(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	rows, err := pool.Query(ctx, "select a") // want "rows is not closed"
	if err != nil {
		return "", err
	}
	var s string
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
		if s != "" {
			break
		}
	}
	return s, rows.Err()
}

func okR801V4drained(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	rows, err := pool.Query(ctx, "select a")
	if err != nil {
		return "", err
	}
	var s string
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
	}
	return s, rows.Err()
}

func badT811V4tx(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okT811V4txFunc(ctx context.Context, pool *pgxpool.Pool) error {
	return pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "select 1")
		return err
	})
}

func badA811V4acquire(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	var n int
	err = c.QueryRow(ctx, "select 1").Scan(&n)
	if err != nil {
		return err
	}
	c.Release()
	return nil
}

func okA811V4acquire(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	var n int
	return c.QueryRow(ctx, "select 1").Scan(&n)
}

func badA812V4AcquireConn(db *sql.DB) (err error) {
	c, err := stdlib.AcquireConn(db) // want "c is not closed"
	if err != nil {
		return err
	}
	if c.IsClosed() {
		return errors.New("closed")
	}
	return stdlib.ReleaseConn(db, c)
}

func okA812V4AcquireConn(db *sql.DB) (err error) {
	c, err := stdlib.AcquireConn(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stdlib.ReleaseConn(db, c)) }()
	if c.IsClosed() {
		return errors.New("closed")
	}
	return nil
}

func okR802V4QueryFunc(ctx context.Context, c *pgx.Conn) (n int, err error) {
	_, err = c.QueryFunc(ctx, "select 1", nil, []interface{}{&n}, func(pgx.QueryFuncRow) error { return nil })
	return n, err
}

func badA813V4connect(ctx context.Context, dsn string) error {
	p, err := pgxpool.Connect(ctx, dsn) // want "p is not closed"
	if err != nil {
		return err
	}
	if _, err := p.Exec(ctx, "select 1"); err != nil {
		return err
	}
	p.Close()
	return nil
}
