// Package panics: a panic between taking and giving loses the holder when somebody recovers it.
package panics

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const debit = "update accounts set balance = balance - $1"

// mustPositive panics.
func mustPositive(amount int64) {
	if amount <= 0 {
		panic(fmt.Sprintf("amount %d", amount))
	}
}

// okDeferredRollback survives any panic.
func okDeferredRollback(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	mustPositive(amount)
	if _, err := tx.Exec(ctx, debit, amount); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okRollbackInRecover rolls back where it recovers.
func okRollbackInRecover(ctx context.Context, db *sql.DB, amount int64) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(fmt.Errorf("recovered: %v", r), tx.Rollback())
		}
	}()
	mustPositive(amount)
	if _, err := tx.ExecContext(ctx, debit, amount); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// okNoRecover has nobody who recovers.
func okNoRecover(ctx context.Context, pool *pgxpool.Pool, amount int64) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	mustPositive(amount)
	_, err = conn.Exec(ctx, debit, amount)
	conn.Release()
	return err
}

// okCheckedBefore panics before it takes anything.
func okCheckedBefore(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	mustPositive(amount)
	rows, err := pool.Query(ctx, "select id from accounts where balance < $1", amount)
	if err != nil {
		return err
	}
	_, err = pgx.CollectRows(rows, pgx.RowTo[int64])
	return err
}

// okBeginFuncPanics: the library's own runner rolls back on a panic too.
func okBeginFuncPanics(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		mustPositive(amount)
		_, err := tx.Exec(ctx, debit, amount)
		return err
	})
}

// okRepanics rolls back and panics again.
func okRepanics(ctx context.Context, db *sql.DB, work func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			panic(r)
		}
	}()
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// badRecovered rolls back on errors, and its recover keeps the process alive with the transaction open.
func badRecovered(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	mustPositive(amount)
	if _, err := tx.Exec(ctx, debit, amount); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// badExplicitPanic panics itself.
func badExplicitPanic(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered: %v", r)
		}
	}()
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if amount <= 0 {
		panic("amount")
	}
	_, err = conn.Exec(ctx, debit, amount)
	conn.Release()
	return err
}

// guard recovers for those who defer it.
func guard(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("recovered: %v", r)
	}
}

// badGuarded has its recover in a function of its own.
func badGuarded(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer guard(&err)
	rows, err := pool.Query(ctx, "select id from accounts") // want "rows is not closed"
	if err != nil {
		return err
	}
	for rows.Next() {
		mustPositive(amount)
	}
	return rows.Err()
}

// okGuarded is the same with a deferred Close.
func okGuarded(ctx context.Context, pool *pgxpool.Pool, amount int64) (err error) {
	defer guard(&err)
	rows, err := pool.Query(ctx, "select id from accounts")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		mustPositive(amount)
	}
	return rows.Err()
}

// badWorkPanics runs work it does not know under a recover; the rollback is on the error path only.
func badWorkPanics(ctx context.Context, db *sql.DB, work func(*sql.Tx) error) (err error) {
	defer guard(&err)
	tx, err := db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
