package ctl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// select on a timer
func badA503Select(ctx context.Context, pool *pgxpool.Pool, done <-chan struct{}) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-done:
			c.Release()
			return nil
		case <-time.After(time.Second):
			if _, err := c.Exec(ctx, "select 1"); err != nil {
				c.Release()
				return err
			}
		}
	}
}

func okA503Select(ctx context.Context, pool *pgxpool.Pool, done <-chan struct{}) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			c.Release()
			return ctx.Err()
		case <-done:
			c.Release()
			return nil
		case <-time.After(time.Second):
			if _, err := c.Exec(ctx, "select 1"); err != nil {
				c.Release()
				return err
			}
		}
	}
}

// Re-acquire in a loop: the old one is released first.
func okA504Reacquire(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer func() { c.Release() }()
	for range 3 {
		if err := c.Ping(ctx); err == nil {
			return nil
		}
		c.Release()
		nc, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		c = nc
	}
	return errors.New("no good connection")
}

func badA504Reacquire(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	defer func() { c.Release() }()
	for range 3 {
		if err := c.Ping(ctx); err == nil {
			return nil
		}
		c, err = pool.Acquire(ctx) // want "c is not released"
		if err != nil {
			return err
		}
	}
	return errors.New("no good connection")
}

// defer binds its argument at once; the variable is set later.
func badA505DeferBindsOld(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if err := c.Ping(ctx); err != nil {
		c, err = pool.Acquire(ctx) // want "c is never released"
		if err != nil {
			return err
		}
	}
	_, err = c.Exec(ctx, "select 1")
	return err
}

// xataio/pgroll#1015
func badS506DeferFirstRows(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select a")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	rows, err = db.QueryContext(ctx, "select b") // want "rows is not closed"
	if err != nil {
		return err
	}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
	}
	return rows.Err()
}

func okS506TwoRows(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select a")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	rows2, err := db.QueryContext(ctx, "select b")
	if err != nil {
		return err
	}
	defer rows2.Close()
	for rows2.Next() {
		var s string
		if err := rows2.Scan(&s); err != nil {
			return err
		}
	}
	return rows2.Err()
}

func okT603IfInit(ctx context.Context, pool *pgxpool.Pool) error {
	if tx, err := pool.Begin(ctx); err != nil {
		return err
	} else if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	} else {
		return tx.Commit(ctx)
	}
}

func okR504ErrEqualNil(ctx context.Context, pool *pgxpool.Pool) (n int) {
	if rows, err := pool.Query(ctx, "select 1"); err == nil {
		for rows.Next() {
			n++
		}
	}
	return n
}

func badR504ErrEqualNil(ctx context.Context, pool *pgxpool.Pool) (n int) {
	if rows, err := pool.Query(ctx, "select 1"); err == nil { // want "rows is not closed"
		if rows.Next() {
			n++
		}
	}
	return n
}

// rows never exhausted: a counted loop reads exactly the rows it expects.
func badR505CountedLoop(ctx context.Context, pool *pgxpool.Pool, n int) ([]string, error) {
	rows, err := pool.Query(ctx, "select name from t limit $1", n) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	out := make([]string, n)
	for i := 0; i < n && rows.Next(); i++ {
		if err := rows.Scan(&out[i]); err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}

func okR505ConditionOrder(ctx context.Context, pool *pgxpool.Pool, n int) ([]string, error) {
	rows, err := pool.Query(ctx, "select name from t limit $1", n)
	if err != nil {
		return nil, err
	}
	var out []string
	for more := rows.Next(); more; more = rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// Infinite for with explicit end.
func okR506Forever(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return 0, err
	}
	for {
		if !rows.Next() {
			return n, rows.Err()
		}
		n++
	}
}

func okR507Values(ctx context.Context, pool *pgxpool.Pool) (out [][]any, err error) {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func okR508ReturnCondInLoop(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return fmt.Errorf("query: %w", err)
	}
	var n int
	if rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return fmt.Errorf("scan: %w", err)
		}
		rows.Close()
	}
	return rows.Err()
}

var _ = pgx.ErrNoRows
