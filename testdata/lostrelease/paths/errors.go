// Package paths: the ways a function can go between taking a connection and giving it back.
package paths

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const listNames = "select name from users"

var errEmpty = errors.New("empty")

// okErrIsNil nests the good case.
func okErrIsNil(ctx context.Context, pool *pgxpool.Pool) (ok bool, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err == nil {
		ok = rows.Next()
		rows.Close()
		err = rows.Err()
	}
	return ok, err
}

// okErrIsNilSQL nests it for nil rows.
func okErrIsNilSQL(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err == nil {
		defer rows.Close()
		ok = rows.Next()
	}
	return ok, err
}

// okElse has the good case in an else.
func okElse(ctx context.Context, db *sql.DB) (ok bool, err error) {
	if rows, err := db.QueryContext(ctx, listNames); err != nil {
		return false, err
	} else {
		defer rows.Close()
		ok = rows.Next()
	}
	return ok, nil
}

// okSwitch asks in a switch.
func okSwitch(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	switch {
	case errors.Is(err, context.Canceled):
		return nil
	case err != nil:
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// okErrorsIs handles one error first: any error means that nothing is held.
func okErrorsIs(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("pool exhausted: %w", err)
	}
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// okWrapped asks the wrapped error, which is nil when the error is.
func okWrapped(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err := helpers.Wrap(err, "begin"); err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// okWrappedUnconditionally wraps inside the branch and returns below it.
func okWrappedUnconditionally(ctx context.Context, db *sql.DB) (tx *sql.Tx, err error) {
	tx, err = db.BeginTx(ctx, nil)
	if err != nil {
		err = fmt.Errorf("begin: %w", err)
	}
	return tx, err
}

// okHasErr keeps the question in a variable.
func okHasErr(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	hasErr := err != nil
	if hasErr {
		log.Print(err)
	}
	if !hasErr {
		ok = rows.Next()
		_ = rows.Close()
	}
	return ok, err
}

// okOtherErrorVariable has the error in a variable of another name.
func okOtherErrorVariable(ctx context.Context, pool *pgxpool.Pool) (result error) {
	conn, acquireErr := pool.Acquire(ctx)
	result = acquireErr
	if result != nil {
		return result
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// okContinue skips what it cannot query.
func okContinue(ctx context.Context, pool *pgxpool.Pool, tables []string) (n int) {
	for _, table := range tables {
		rows, err := pool.Query(ctx, "select 1 from "+pgx.Identifier{table}.Sanitize())
		if err != nil {
			log.Print(err)
			continue
		}
		for rows.Next() {
			n++
		}
	}
	return n
}

// okCombined asks two questions at once.
func okCombined(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil || ctx.Err() != nil {
		rows.Close() // on an error pgx returns rows that can be closed
		return false, errors.Join(err, ctx.Err())
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// okLateCheck uses the rows before it looks at the error: pgx allows that.
func okLateCheck(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames)
	for rows.Next() {
		n++
	}
	if err != nil {
		return 0, err
	}
	return n, rows.Err()
}

// okIfInit has everything in the condition.
func okIfInit(ctx context.Context, pool *pgxpool.Pool) error {
	if tx, err := pool.Begin(ctx); err == nil {
		if _, err = tx.Exec(ctx, "select 1"); err != nil {
			return errors.Join(err, tx.Rollback(ctx))
		}
		return tx.Commit(ctx)
	} else {
		return err
	}
}

// okPanicOnError does not come back.
func okPanicOnError(ctx context.Context, db *sql.DB) *sql.Conn {
	conn, err := db.Conn(ctx)
	if err != nil {
		panic(err)
	}
	if err := conn.PingContext(ctx); err != nil {
		panic(fmt.Sprintf("ping: %v", err))
	}
	return conn
}

// okNilMeansNone asks the holder instead of the error.
func okNilMeansNone(ctx context.Context, db *sql.DB) bool {
	rows, _ := db.QueryContext(ctx, listNames)
	if rows == nil {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

// badErrIsNil nests the good case and forgets it.
func badErrIsNil(ctx context.Context, pool *pgxpool.Pool) (ok bool, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err == nil {
		ok = rows.Next()
		err = rows.Err()
	}
	return ok, err
}

// badElse closes in the branch where there is nothing to close.
func badElse(ctx context.Context, pool *pgxpool.Pool) (ok bool, err error) {
	if rows, err := pool.Query(ctx, listNames); err != nil { // want "rows is n(ot|ever) closed"
		rows.Close()
		return false, err
	} else {
		ok = rows.Next()
	}
	return ok, nil
}

// badErrorsIsOnly looks for one error and leaves with any other rows it may have.
func badErrorsIsOnly(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	ok := rows.Next()
	return ok, err
}

// badOtherError asks about an error that has nothing to do with the rows.
func badOtherError(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if err := pool.Ping(ctx); err != nil {
		return err
	}
	conn.Release()
	return nil
}

// badOverwrittenError asks about the error of the second call twice and forgets the first result.
func badOverwrittenError(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "select 1")
	if err == nil {
		err = tx.Commit(ctx)
	}
	return err
}

// badHasErr closes when the variable is true, which is when there is nothing.
func badHasErr(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	hasErr := err != nil
	if !hasErr {
		ok = rows.Next()
	}
	if hasErr && rows != nil {
		_ = rows.Close()
	}
	return ok, err
}

// badSwitchCase releases in all cases but one.
func badSwitchCase(ctx context.Context, pool *pgxpool.Pool, mode string) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	switch mode {
	case "ping":
		err = conn.Ping(ctx)
		conn.Release()
	case "vacuum":
		_, err = conn.Exec(ctx, "vacuum")
		conn.Release()
	default:
		err = fmt.Errorf("unknown mode %q", mode)
	}
	return err
}

// okSwitchCase releases in each.
func okSwitchCase(ctx context.Context, pool *pgxpool.Pool, mode string) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	switch mode {
	case "ping":
		err = conn.Ping(ctx)
		fallthrough
	case "nothing":
		conn.Release()
		return err
	default:
		conn.Release()
		return fmt.Errorf("unknown mode %q", mode)
	}
}
