// Package handout: functions that hand the release out as a function, beside the holder or alone.
package handout

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/store"
)

const remove = "delete from sessions where expired < now()"

// okPrepareTx defers the rollback it was given.
func okPrepareTx(ctx context.Context, pool *pgxpool.Pool) error {
	tx, commit, rollback, err := store.OkPrepareTx(ctx, pool)
	if err != nil {
		return err
	}
	defer rollback()
	if _, err := tx.Exec(ctx, remove); err != nil {
		return err
	}
	return commit(ctx)
}

// okPrepareTxOnEachPath calls one of the two on each path.
func okPrepareTxOnEachPath(ctx context.Context, pool *pgxpool.Pool) error {
	tx, commit, rollback, err := store.OkPrepareTx(ctx, pool)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, remove); err != nil {
		rollback()
		return err
	}
	return commit(ctx)
}

// okPrepareTxDirect ends the transaction itself and drops the closures.
func okPrepareTxDirect(ctx context.Context, pool *pgxpool.Pool) error {
	tx, _, _, err := store.OkPrepareTx(ctx, pool)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_, err = tx.Exec(ctx, remove)
	return err
}

// okPrepareTxPassedOn returns them to its caller.
func okPrepareTxPassedOn(ctx context.Context, pool *pgxpool.Pool) (pgx.Tx, func(context.Context) error, func(), error) {
	return store.OkPrepareTx(ctx, pool)
}

// badPrepareTx commits on success and rolls back nowhere.
func badPrepareTx(ctx context.Context, pool *pgxpool.Pool) error {
	tx, commit, _, err := store.OkPrepareTx(ctx, pool) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, remove); err != nil {
		return err
	}
	return commit(ctx)
}

// badPrepareTxEarlyReturn returns between the two.
func badPrepareTxEarlyReturn(ctx context.Context, pool *pgxpool.Pool, dryRun bool) error {
	tx, commit, rollback, err := okPrepareTxPassedOn(ctx, pool) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, remove); err != nil {
		rollback()
		return err
	}
	if dryRun {
		return nil
	}
	return commit(ctx)
}

// okAcquireWithTimeout defers the release it was given.
func okAcquireWithTimeout(ctx context.Context, pool *pgxpool.Pool) error {
	conn, release, err := store.OkAcquireWithTimeout(ctx, pool, time.Minute)
	if err != nil {
		return err
	}
	defer release()
	_, err = conn.Exec(ctx, remove)
	return err
}

// badAcquireWithTimeout forgets it.
func badAcquireWithTimeout(ctx context.Context, pool *pgxpool.Pool) error {
	conn, _, err := store.OkAcquireWithTimeout(ctx, pool, time.Minute) // want "conn is n(ot|ever) released"
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, remove)
	return err
}

// badAcquireWithTimeoutOnePath releases on success.
func badAcquireWithTimeoutOnePath(ctx context.Context, pool *pgxpool.Pool) error {
	conn, release, err := store.OkAcquireWithTimeout(ctx, pool, time.Minute) // want "conn is not released"
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, remove); err != nil {
		return err
	}
	release()
	return nil
}

// okRowsWithCleanup runs the cleanup, which ends rows and transaction.
func okRowsWithCleanup(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, cleanup, err := store.OkRowsWithCleanup(ctx, db, "select 1")
	if err != nil {
		return false, err
	}
	defer func() {
		if cerr := cleanup(); err == nil {
			err = cerr
		}
	}()
	return rows.Next(), rows.Err()
}

// badRowsWithoutCleanup closes the rows and leaves the transaction under them.
func badRowsWithoutCleanup(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, _, err := store.OkRowsWithCleanup(ctx, db, "select 1") // want "is n(either|ever|ot)"
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// Session keeps what it was given until it is ended.
type Session struct {
	conn    *pgxpool.Conn
	release func()
}

// okSession keeps both.
func okSession(ctx context.Context, pool *pgxpool.Pool) (*Session, error) {
	conn, release, err := store.OkAcquireWithTimeout(ctx, pool, time.Second)
	if err != nil {
		return nil, err
	}
	return &Session{conn: conn, release: release}, nil
}

// End releases.
func (s *Session) End() { s.release() }

// okSessionEnded ends it.
func okSessionEnded(ctx context.Context, pool *pgxpool.Pool) error {
	s, err := okSession(ctx, pool)
	if err != nil {
		return err
	}
	defer s.End()
	return s.conn.Ping(ctx)
}
