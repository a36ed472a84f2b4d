package ctl

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

// condition correlated through a bool
func okA501Correlated(ctx context.Context, pool *pgxpool.Pool, lock bool) error {
	var c *pgxpool.Conn
	if lock {
		var err error
		c, err = pool.Acquire(ctx)
		if err != nil {
			return err
		}
	}
	_, err := pool.Exec(ctx, "select 1")
	if lock {
		c.Release()
	}
	return err
}

func okA502NilChecked(ctx context.Context, pool *pgxpool.Pool, lock bool) error {
	var c *pgxpool.Conn
	defer func() {
		if c != nil {
			c.Release()
		}
	}()
	if lock {
		var err error
		if c, err = pool.Acquire(ctx); err != nil {
			return err
		}
	}
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func badA501CorrelatedWrong(ctx context.Context, pool *pgxpool.Pool, lock, fast bool) error {
	var c *pgxpool.Conn
	if lock {
		var err error
		c, err = pool.Acquire(ctx) // want "c is not released"
		if err != nil {
			return err
		}
	}
	_, err := pool.Exec(ctx, "select 1")
	if lock && !fast {
		c.Release()
	}
	return err
}

// Defer order: rows closed after Commit.
func badR502RowsOpenAtCommit(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	defer rows.Close()
	has := rows.Next()
	return has, tx.Commit(ctx) // conn busy: the transaction is lost
}

func okR502RowsClosedBeforeCommit(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select 1")
	if err != nil {
		return false, err
	}
	has := rows.Next()
	rows.Close()
	return has, tx.Commit(ctx)
}

func okR503DeferredCloseDrainedBeforeCommit(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return n, tx.Commit(ctx)
}

// The same in database/sql: Commit closes open rows.
func okS502RowsOpenAtCommitSQL(ctx context.Context, db *sql.DB) (bool, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	has := rows.Next()
	return has, tx.Commit()
}

// *sql.Conn closed while rows are open: Close never returns. Deferred first, so it runs last: good.
func okS503ConnThenRows(ctx context.Context, db *sql.DB) (bool, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer c.Close()
	rows, err := c.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

func badS503ConnCloseWhileRows(ctx context.Context, db *sql.DB) (bool, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer c.Close()
	rows, err := c.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

func badS504ConnCloseWhileTx(ctx context.Context, db *sql.DB) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	tx, err := c.BeginTx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

func okS504ConnTx(ctx context.Context, db *sql.DB) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	tx, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// NextResultSet loops.
func okS505ResultSets(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "select 1; select 2")
	if err != nil {
		return 0, err
	}
	for {
		for rows.Next() {
			n++
		}
		if !rows.NextResultSet() {
			break
		}
	}
	return n, rows.Err()
}
