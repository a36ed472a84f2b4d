package txm

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Serialisation retries: each attempt has its own transaction.
func (m *Manager) okT208Retry(ctx context.Context, fn func(pgx.Tx) error) error {
	var pgErr *pgconn.PgError
	for attempt := 0; attempt < 5; attempt++ {
		err := m.okT201Style1(ctx, func(_ context.Context, tx pgx.Tx) error { return fn(tx) })
		if err == nil {
			return nil
		}
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			time.Sleep(time.Duration(attempt) * 10 * time.Millisecond)
			continue
		}
		return err
	}
	return errors.New("too many retries")
}

func (m *Manager) badT208RetryInline(ctx context.Context, fn func(pgx.Tx) error) error {
	var pgErr *pgconn.PgError
	for attempt := 0; attempt < 5; attempt++ {
		tx, err := m.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
		if err != nil {
			return err
		}
		err = fn(tx)
		if err == nil {
			return tx.Commit(ctx)
		}
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			continue // the failed transaction stays open
		}
		_ = tx.Rollback(ctx)
		return err
	}
	return errors.New("too many retries")
}

func (m *Manager) okT209RetryInline(ctx context.Context, fn func(pgx.Tx) error) error {
	var pgErr *pgconn.PgError
	for attempt := 0; attempt < 5; attempt++ {
		tx, err := m.pool.Begin(ctx)
		if err != nil {
			return err
		}
		err = fn(tx)
		if err == nil {
			err = tx.Commit(ctx)
			if err == nil {
				return nil
			}
		} else {
			_ = tx.Rollback(ctx)
		}
		if errors.As(err, &pgErr) && pgErr.Code == "40001" {
			continue
		}
		return err
	}
	return errors.New("too many retries")
}

// Prepare hands the two ends out as closures.
func Prepare(ctx context.Context, pool *pgxpool.Pool) (pgx.Tx, func() error, func(), error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	commit := func() error { return tx.Commit(ctx) }
	rollback := func() { _ = tx.Rollback(ctx) }
	return tx, commit, rollback, nil
}

func okT210Prepared(ctx context.Context, pool *pgxpool.Pool) error {
	tx, commit, rollback, err := Prepare(ctx, pool)
	if err != nil {
		return err
	}
	defer rollback()
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return commit()
}

func badT210Prepared(ctx context.Context, pool *pgxpool.Pool) error {
	tx, commit, _, err := Prepare(ctx, pool) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return commit()
}

// hatchet-dev/hatchet#4364: the deferred rollback returns early when the context is done.
func badT211RollbackSkippedWhenCancelled(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	defer func() {
		if ctx.Err() != nil {
			return
		}
		_ = tx.Rollback(ctx)
	}()
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// pgEdge/ai-dba-workbench#420: rollback with a fresh, bounded context.
func rollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		log.Print(err)
	}
}

func okT211RollbackHelper(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer rollback(ctx, tx)
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Savepoints: the inner one left open costs no slot; the outer Rollback ends it.
func okT212Savepoint(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	sp, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := sp.Exec(ctx, "insert into t values(1)"); err != nil {
		_ = sp.Rollback(ctx)
	} else if err := sp.Commit(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// The savepoint's Commit does not end the transaction.
func badT212SavepointOnly(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	sp, err := tx.Begin(ctx)
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if _, err := sp.Exec(ctx, "insert into t values(1)"); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return sp.Commit(ctx)
}

// go-sql-driver/mysql#126: the word COMMIT through Exec is no Commit.
func badT213CommitByText(ctx context.Context, db *sql.DB) error {
	tx, err := db.Begin() // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.Exec("insert into t values(1)"); err != nil {
		tx.Rollback()
		return err
	}
	_, err = tx.Exec("COMMIT")
	return err
}

func okT213Commit(ctx context.Context, db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("insert into t values(1)"); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// quay/clair#829 the other way round: error check after the defer is a nil dereference, not a leak.
func okT214CommitErrorNoRollback(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	if err := tx.Commit(ctx); err != nil {
		return err // Commit has freed the slot, also when it fails
	}
	return nil
}

// Transaction on context of the function's own: database/sql rolls back on cancel.
func okT215OwnCancelSQL(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

func badT215OwnCancelPgx(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// The cancelled context is another one than the transaction's.
func badT216OtherCtxCancelled(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	qctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if _, err := tx.ExecContext(qctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// switch true form
func okT217SwitchEnd(ctx context.Context, db *sql.DB, dry bool) (err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "select 1")
	switch {
	case err != nil, dry:
		return errors.Join(err, tx.Rollback())
	default:
		return tx.Commit()
	}
}

func badT217SwitchEnd(ctx context.Context, db *sql.DB, mode string) (err error) {
	tx, err := db.BeginTx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "select 1")
	switch mode {
	case "commit":
		return tx.Commit()
	case "dry":
		return tx.Rollback()
	}
	return err
}
