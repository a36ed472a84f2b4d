package guards

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const debug = false

// failed logs and says whether there was an error.
func failed(err error) bool {
	if err != nil {
		log.Print(err)
		return true
	}
	return false
}

// reply answers with an error, if there is one, and says whether there was.
func reply(w http.ResponseWriter, err error) bool {
	if err == nil {
		return false
	}
	http.Error(w, err.Error(), http.StatusInternalServerError)
	return true
}

// okFailed asks a function whether there was an error.
func okFailed(ctx context.Context, pool *pgxpool.Pool) bool {
	conn, err := pool.Acquire(ctx)
	if failed(err) {
		return false
	}
	defer conn.Release()
	return !failed(conn.Ping(ctx))
}

// badFailed does so and forgets the connection.
func badFailed(ctx context.Context, pool *pgxpool.Pool) bool {
	conn, err := pool.Acquire(ctx) // want "conn is n(ot|ever) released"
	if failed(err) {
		return false
	}
	return !failed(conn.Ping(ctx))
}

// okReply answers on each error.
func okReply(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := pool.Begin(r.Context())
		if reply(w, err) {
			return
		}
		defer tx.Rollback(r.Context())
		_, err = tx.Exec(r.Context(), "delete from sessions")
		if reply(w, err) {
			return
		}
		reply(w, tx.Commit(r.Context()))
	}
}

// badReply answers on each error and rolls back on none.
func badReply(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := pool.Begin(r.Context()) // want "tx is n(either|ever|ot)"
		if reply(w, err) {
			return
		}
		_, err = tx.Exec(r.Context(), "delete from sessions")
		if reply(w, err) {
			return
		}
		reply(w, tx.Commit(r.Context()))
	}
}

// okTypeSwitch asks for the error's type.
func okTypeSwitch(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	switch e := err.(type) {
	case nil:
	case *pgconn.ConnectError:
		return fmt.Errorf("connect: %w", e)
	default:
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// okTypeAssertion asks for one type, and then for any.
func okTypeAssertion(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if nerr, isNet := err.(net.Error); isNet && nerr.Timeout() {
		return false, nil
	}
	if nil != err {
		return false, err
	}
	ok = rows.Next()
	return ok, rows.Close()
}

// okErrorsAs does so by errors.As.
func okErrorsAs(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	tx, err := db.BeginTx(ctx, nil)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return nil, fmt.Errorf("%s: %w", pgErr.Code, err)
	} else if !(err == nil) {
		return nil, err
	}
	return tx, nil
}

// okNakedReturn returns by name.
func okNakedReturn(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		if n++; n > 100 {
			err = errEmpty
			return
		}
	}
	err = rows.Err()
	return
}

// badNakedReturn does so out of the loop.
func badNakedReturn(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return
	}
	for rows.Next() {
		if n++; n > 100 {
			err = errEmpty
			return
		}
	}
	err = rows.Close()
	return
}

// okOtherName has the error in a variable of its own and returns by name.
func okOtherName(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, qerr := db.QueryContext(ctx, listNames)
	if qerr != nil {
		err = fmt.Errorf("names: %w", qerr)
		return
	}
	ok = rows.Next()
	err = rows.Close()
	return
}

// okNeverCompiledIn returns early under a constant that is false.
func okNeverCompiledIn(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	if debug {
		return true, nil
	}
	ok = rows.Next()
	return ok, rows.Close()
}

// requireNoError ends the test when there is an error.
func requireNoError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("unexpected error: %v", err)
	}
}

// okRequire asks it after each step.
func okRequire(t *testing.T, pool *pgxpool.Pool) {
	ctx := context.Background()
	tx, err := pool.Begin(ctx)
	requireNoError(t, err)
	_, err = tx.Exec(ctx, "delete from sessions")
	requireNoError(t, err)
	requireNoError(t, tx.Commit(ctx))
}

// badRequire ends a transaction only when it has deleted something.
func badRequire(t *testing.T, pool *pgxpool.Pool) {
	ctx := context.Background()
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	requireNoError(t, err)
	tag, err := tx.Exec(ctx, "delete from sessions")
	requireNoError(t, err)
	if tag.RowsAffected() > 0 {
		requireNoError(t, tx.Commit(ctx))
	}
}

// okErrorList collects errors, and has a transaction only if there is none.
func okErrorList(ctx context.Context, pool *pgxpool.Pool) error {
	var errs []error
	tx, err := pool.Begin(ctx)
	if err != nil {
		errs = append(errs, err)
	} else {
		_, err = tx.Exec(ctx, "delete from sessions")
		errs = append(errs, err, tx.Commit(ctx))
	}
	return errors.Join(errs...)
}

// okTwoErrors has two errors and asks them together: with either there is at most the other to release.
func okTwoErrors(ctx context.Context, a, b *pgxpool.Pool) error {
	x, errX := a.Acquire(ctx)
	y, errY := b.Acquire(ctx)
	if errX != nil || errY != nil {
		if errX == nil {
			x.Release()
		}
		if errY == nil {
			y.Release()
		}
		return errors.Join(errX, errY)
	}
	defer x.Release()
	defer y.Release()
	return errors.Join(x.Ping(ctx), y.Ping(ctx))
}

// badTwoErrors forgets that one of them may have come without an error.
func badTwoErrors(ctx context.Context, a, b *pgxpool.Pool) error {
	x, errX := a.Acquire(ctx) // want "x is not released"
	y, errY := b.Acquire(ctx) // want "y is not released"
	if errX != nil || errY != nil {
		return errors.Join(errX, errY)
	}
	defer x.Release()
	defer y.Release()
	return errors.Join(x.Ping(ctx), y.Ping(ctx))
}

// okJoined asks the joined error, which is nil only when both are.
func okJoined(ctx context.Context, pool *pgxpool.Pool, valid func() error) error {
	invalid := valid()
	conn, err := pool.Acquire(ctx)
	if err := errors.Join(invalid, err); err != nil {
		if conn != nil {
			conn.Release()
		}
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}
