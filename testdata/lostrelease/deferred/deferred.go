// Package deferred: the forms of defer.
package deferred

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var errEmpty = errors.New("empty")

// okArgument gives the rows to the closure as an argument.
func okArgument(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer func(rows pgx.Rows) { rows.Close() }(rows)
	return rows.Next(), rows.Err()
}

// okFunctionValue keeps the method value first.
func okFunctionValue(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	done := rows.Close
	defer done()
	return rows.Next(), rows.Err()
}

// okMethodExpression writes the method as a function.
func okMethodExpression(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer (*sql.Rows).Close(rows)
	return rows.Next(), rows.Err()
}

// okOnce closes early or late, but once.
func okOnce(ctx context.Context, pool *pgxpool.Pool) (name string, err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	release := sync.OnceFunc(conn.Release)
	defer release()
	if err := conn.QueryRow(ctx, listNames).Scan(&name); err != nil {
		return "", err
	}
	release()
	return name, nil
}

// okNilCheck closes when there is something to close.
func okNilCheck(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if rows != nil {
		defer rows.Close()
	}
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okNilCheckInClosure asks at the end.
func okNilCheckInClosure(ctx context.Context, db *sql.DB, skip bool) (n int, err error) {
	var rows *sql.Rows
	defer func() {
		if rows != nil {
			_ = rows.Close()
		}
	}()
	if skip {
		return 0, nil
	}
	rows, err = db.QueryContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if n++; n == 10 {
			return n, nil
		}
	}
	return n, rows.Err()
}

// okDeferInBranch defers where it acquires.
func okDeferInBranch(ctx context.Context, pool *pgxpool.Pool, want bool) (n int, err error) {
	if want {
		rows, err := pool.Query(ctx, listNames)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		if rows.Next() {
			n++
		}
	}
	return n, nil
}

// okGoroutineInDeferredClosure closes in a goroutine, since Close may be slow.
func okGoroutineInDeferredClosure(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer func() {
		go func() {
			if err := rows.Close(); err != nil {
				log.Print(err)
			}
		}()
	}()
	return rows.Next(), rows.Err()
}

// okTwoInOneClosure ends a transaction and its connection.
func okTwoInOneClosure(ctx context.Context, pool *pgxpool.Pool) (err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		conn.Release()
		return err
	}
	defer func() {
		_ = tx.Rollback(ctx)
		conn.Release()
	}()
	_, err = tx.Exec(ctx, "select 1")
	return err
}

// okNamedErrorEveryReturn: each return sets the error the closure asks for, and the last one keeps the connection.
func okNamedErrorEveryReturn(ctx context.Context, pool *pgxpool.Pool) (conn *pgxpool.Conn, err error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Release()
		}
	}()
	var ok bool
	if err := c.QueryRow(ctx, "select pg_is_in_recovery()").Scan(&ok); err != nil {
		return nil, err
	}
	if ok {
		return nil, errEmpty
	}
	return c, nil
}

// okCleanups collects what is to be done at the end.
func okCleanups(ctx context.Context, pool *pgxpool.Pool) error {
	var cleanups []func()
	defer func() {
		for _, f := range cleanups {
			f()
		}
	}()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	cleanups = append(cleanups, conn.Release)
	return conn.Ping(ctx)
}

// okFlagSuccess commits at the end and sets a flag.
func okFlagSuccess(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	committed = true
	return nil
}

// badFlagSuccess sets the flag before it commits, and something comes between.
func badFlagSuccess(ctx context.Context, db *sql.DB, check func() error) error {
	tx, err := db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	committed = true
	if err := check(); err != nil {
		return err
	}
	return tx.Commit()
}

// badReturnBeforeDefer has the defer one check too late.
func badReturnBeforeDefer(ctx context.Context, pool *pgxpool.Pool, columns int) (n int, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	if len(rows.FieldDescriptions()) != columns {
		return 0, errEmpty
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badConditionalClosure closes on error only.
func badConditionalClosure(ctx context.Context, pool *pgxpool.Pool) (ok bool, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			rows.Close()
		}
	}()
	ok = rows.Next()
	return ok, nil
}

// badErrorOfItsOwnScope: the closure's condition reads an error that nothing sets any more.
func badErrorOfItsOwnScope(ctx context.Context, pool *pgxpool.Pool) (conn *pgxpool.Conn, failure error) {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Release()
		}
	}()
	if perr := c.Ping(ctx); perr != nil {
		return nil, perr
	}
	return c, nil
}

// badNotCalled defers a closure's construction instead of its call.
func badNotCalled(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	closer := func(rows pgx.Rows) func() { return func() { rows.Close() } }
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	defer closer(rows) // closer(rows)() was meant
	return rows.Next(), rows.Err()
}

// okCalledTwice is what was meant.
func okCalledTwice(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	closer := func(rows pgx.Rows) func() { return func() { rows.Close() } }
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer closer(rows)()
	return rows.Next(), rows.Err()
}

// badReassigned: the defer is bound to the first rows, the second are lost.
func badReassigned(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if rows.Next() {
		return true, nil
	}
	rows, err = pool.Query(ctx, "select name from teams") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badReassignedUnderClosure: the closure closes the second, and the first are overwritten.
func badReassignedUnderClosure(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is (overwritten|not closed)"
	if err != nil {
		return false, err
	}
	defer func() { rows.Close() }()
	first := rows.Next()
	rows, err = pool.Query(ctx, "select name from teams")
	if err != nil {
		return false, err
	}
	return first && rows.Next(), rows.Err()
}

// okReassignedAfterDrain: the first have been read to the end when the variable takes the second.
func okReassignedAfterDrain(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	defer func() { rows.Close() }()
	for rows.Next() {
		n++
	}
	rows, err = pool.Query(ctx, "select name from teams")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if n++; n > 100 {
			return n, errEmpty
		}
	}
	return n, rows.Err()
}

// badOverwritten has no defer at all.
func badOverwritten(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is (overwritten|n(ot|ever) released)"
	if err != nil {
		return err
	}
	if err := conn.Ping(ctx); err != nil {
		conn, err = pool.Acquire(ctx)
		if err != nil {
			return err
		}
	}
	conn.Release()
	return nil
}
