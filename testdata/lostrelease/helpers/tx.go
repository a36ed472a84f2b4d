package helpers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Finish commits, or rolls back when *err is set.
func Finish(ctx context.Context, tx pgx.Tx, err *error) {
	if *err != nil {
		_ = tx.Rollback(ctx)
		return
	}
	*err = tx.Commit(ctx)
}

// FinishSQL is Finish for database/sql.
func FinishSQL(tx *sql.Tx, err *error) {
	if *err != nil {
		*err = errors.Join(*err, tx.Rollback())
		return
	}
	*err = tx.Commit()
}

// RollbackUnlessDone rolls back with a context of its own and logs what is not expected.
func RollbackUnlessDone(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		log.Printf("rollback: %v", err)
	}
}

// RollbackOnError rolls back when err is set; on success the caller commits.
func RollbackOnError(ctx context.Context, tx pgx.Tx, err error) {
	if err != nil {
		_ = tx.Rollback(ctx)
	}
}

// RollbackOnPanic rolls back when there is a panic, and only then.
func RollbackOnPanic(tx *sql.Tx) {
	if p := recover(); p != nil {
		_ = tx.Rollback()
		panic(p)
	}
}

// Touch writes and leaves the transaction to its caller.
func Touch(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, "update users set seen = now() where id = $1", id)
	return Wrap(err, "touch")
}

// TouchSQL is Touch for database/sql.
func TouchSQL(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, "update users set seen = now() where id = $1", id)
	return Wrap(err, "touch")
}

// CommitOrRollback ends the transaction on every path.
func CommitOrRollback(ctx context.Context, tx pgx.Tx, ok bool) error {
	if !ok {
		return tx.Rollback(ctx)
	}
	return tx.Commit(ctx)
}

// Release gives the connection back.
func Release(conn *pgxpool.Conn) {
	if conn != nil {
		conn.Release()
	}
}

// SetTimeout configures the connection and leaves it to its caller.
func SetTimeout(ctx context.Context, conn *pgxpool.Conn, d time.Duration) error {
	_, err := conn.Exec(ctx, "select set_config('statement_timeout', $1, false)", d.String())
	return err
}

// Wrap adds context to an error and keeps nil nil.
func Wrap(err error, msg string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", msg, err)
}

// Die ends the process.
func Die(err error) {
	log.Print(err)
	os.Exit(1)
}

// DieIf ends the process when there is an error.
func DieIf(err error) {
	if err != nil {
		Die(err)
	}
}

// Must returns v or ends the process.
func Must[T any](v T, err error) T {
	if err != nil {
		Die(err)
	}
	return v
}
