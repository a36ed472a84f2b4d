// Package retry: attempts, transactions that are committed every so often, and exits in the manner of C.
package retry

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const insert = "insert into points values ($1)"

// okBreakOnSuccess leaves the loop with rows, or with an error and none.
func okBreakOnSuccess(ctx context.Context, db *sql.DB) (ok bool, err error) {
	var rows *sql.Rows
	for attempt := range 3 {
		rows, err = db.QueryContext(ctx, "select 1")
		if err == nil {
			break
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	if err != nil {
		return false, fmt.Errorf("after 3 attempts: %w", err)
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// badBreakOnSuccess forgets them behind the loop.
func badBreakOnSuccess(ctx context.Context, db *sql.DB) (ok bool, err error) {
	var rows *sql.Rows
	for range 3 {
		rows, err = db.QueryContext(ctx, "select 1") // want "rows is n(ot|ever) closed"
		if err == nil {
			break
		}
	}
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okWhileBusy asks again as long as the error says so.
func okWhileBusy(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	for errors.Is(err, context.DeadlineExceeded) {
		time.Sleep(time.Second)
		conn, err = pool.Acquire(ctx)
	}
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// retryable runs fn until it succeeds.
func retryable(ctx context.Context, fn func() error) (err error) {
	for range 5 {
		if err = fn(); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// okAssignedInClosure begins in a closure and ends here.
func okAssignedInClosure(ctx context.Context, pool *pgxpool.Pool) error {
	var tx pgx.Tx
	if err := retryable(ctx, func() (err error) {
		tx, err = pool.Begin(ctx)
		return err
	}); err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// okWholeInClosure has all of it in the closure.
func okWholeInClosure(ctx context.Context, pool *pgxpool.Pool) error {
	return retryable(ctx, func() error {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, insert, 1); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

// badWholeInClosure leaves one transaction per attempt.
func badWholeInClosure(ctx context.Context, pool *pgxpool.Pool) error {
	return retryable(ctx, func() error {
		tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insert, 1); err != nil {
			return err
		}
		return tx.Commit(ctx)
	})
}

// okSerializable tries again when the database says so, each time with a new transaction.
func okSerializable(ctx context.Context, db *sql.DB, work func(*sql.Tx) error) error {
	for {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
		if err != nil {
			return err
		}
		err = work(tx)
		if err == nil {
			err = tx.Commit()
		} else {
			_ = tx.Rollback()
		}
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			continue
		}
		return err
	}
}

// badSerializable comes round with the old one open.
func badSerializable(ctx context.Context, db *sql.DB, work func(*sql.Tx) error) error {
	for {
		tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}) // want "tx is (overwritten|n(either|ever|ot))"
		if err != nil {
			return err
		}
		if err = work(tx); err == nil {
			return tx.Commit()
		}
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			continue
		}
		return errors.Join(err, tx.Rollback())
	}
}

// okEveryHundred commits and begins again every hundred points.
func okEveryHundred(ctx context.Context, pool *pgxpool.Pool, points []float64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	for i, p := range points {
		if _, err := tx.Exec(ctx, insert, p); err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		if (i+1)%100 == 0 {
			if err := tx.Commit(ctx); err != nil {
				return err
			}
			if tx, err = pool.Begin(ctx); err != nil {
				return err
			}
		}
	}
	return tx.Commit(ctx)
}

// okEveryHundredClosure rolls back whatever the variable has at the end.
func okEveryHundredClosure(ctx context.Context, db *sql.DB, points []float64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i, p := range points {
		if _, err := tx.ExecContext(ctx, insert, p); err != nil {
			return err
		}
		if (i+1)%100 == 0 {
			if err := tx.Commit(); err != nil {
				return err
			}
			next, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			tx = next
		}
	}
	return tx.Commit()
}

// badEveryHundred has a defer that is bound to the first transaction only.
func badEveryHundred(ctx context.Context, pool *pgxpool.Pool, points []float64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for i, p := range points {
		if _, err := tx.Exec(ctx, insert, p); err != nil {
			return err
		}
		if (i+1)%100 == 0 {
			if err := tx.Commit(ctx); err != nil {
				return err
			}
			if tx, err = pool.Begin(ctx); err != nil { // want "tx is n(either|ever|ot)"
				return err
			}
		}
	}
	return tx.Commit(ctx)
}

// okExits has an exit for each thing it holds, in the manner of C.
func okExits(ctx context.Context, pool *pgxpool.Pool) (err error) {
	var conn *pgxpool.Conn
	var tx pgx.Tx
	if conn, err = pool.Acquire(ctx); err != nil {
		goto out
	}
	if tx, err = conn.Begin(ctx); err != nil {
		goto release
	}
	if _, err = tx.Exec(ctx, insert, 1); err != nil {
		goto rollback
	}
	err = tx.Commit(ctx)
	goto release
rollback:
	_ = tx.Rollback(ctx)
release:
	conn.Release()
out:
	return err
}

// badExits takes the wrong one.
func badExits(ctx context.Context, pool, other *pgxpool.Pool) (err error) {
	var conn *pgxpool.Conn
	var tx pgx.Tx
	if conn, err = pool.Acquire(ctx); err != nil { // want "conn is not released"
		goto out
	}
	if tx, err = other.Begin(ctx); err != nil {
		goto out
	}
	if _, err = tx.Exec(ctx, insert, 1); err != nil {
		goto rollback
	}
	err = tx.Commit(ctx)
	goto release
rollback:
	_ = tx.Rollback(ctx)
release:
	conn.Release()
out:
	return err
}

// okTimer gives the connection back when a timer fires.
func okTimer(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	time.AfterFunc(time.Minute, conn.Release)
	return conn, nil
}

// okAfterFunc gives it back when the context ends.
func okAfterFunc(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, conn.Release)
	_, err = conn.Exec(ctx, "listen jobs")
	return err
}
