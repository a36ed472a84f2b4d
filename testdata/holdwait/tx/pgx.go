// Package tx: the pool is used between Begin and Commit.
package tx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Transfer struct {
	From, To int64
	Cents    int64
}

var errPoor = errors.New("not enough money")

const debit = "update accounts set cents = cents - $2 where id = $1"

func badExecBeside(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, debit, t.To, -t.Cents); err != nil { // want `pool\.Exec may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

// badReadBeside reads what does not change, but reads it from the pool.
func badReadBeside(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			slog.Error("rollback", "err", err)
		}
	}()
	var cents int64
	err = pool.QueryRow(ctx, "select cents from accounts where id = $1", t.From).Scan(&cents) // want `second connection while tx holds one`
	if err != nil {
		return err
	}
	if cents < t.Cents {
		return errPoor
	}
	if _, err = tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badOnlyOnConflict takes the second one on a rare path.
func badOnlyOnConflict(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, debit, t.From, t.Cents)
	if err == nil && tag.RowsAffected() == 0 {
		_, err = pool.Exec(ctx, "insert into accounts (id, cents) values ($1, 0)", t.From) // want `second connection while tx holds one`
	}
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

func badAlias(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	db := pool
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	other := db
	if err := other.Ping(ctx); err != nil { // want `second connection while tx holds one`
		return err
	}
	_, err = tx.Exec(ctx, debit, t.From, t.Cents)
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badLogFailure writes to the log table before the deferred rollback has run.
func badLogFailure(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		_, _ = pool.Exec(ctx, "insert into failures (msg) values ($1)", err.Error()) // want `second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func badCopyBeside(ctx context.Context, pool *pgxpool.Pool, rows [][]any) (n int64, err error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback(ctx)
	if _, err = tx.Exec(ctx, "delete from rates"); err != nil {
		return 0, err
	}
	n, err = pool.CopyFrom(ctx, pgx.Identifier{"rates"}, []string{"code", "rate"}, pgx.CopyFromRows(rows)) // want `pool\.CopyFrom may wait for a second connection while tx holds one`
	if err != nil {
		return 0, err
	}
	return n, tx.Commit(ctx)
}

// badLoop begins a transaction for each; the one that is open wants another.
func badLoop(ctx context.Context, pool *pgxpool.Pool, ts []Transfer) error {
	for _, t := range ts {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
			return errors.Join(err, tx.Rollback(ctx))
		}
		if _, err := pool.Exec(ctx, "select pg_notify('transfers', $1)", t.From); err != nil { // want `second connection while tx holds one`
			return errors.Join(err, tx.Rollback(ctx))
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}

func okAllOnTx(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, debit, t.To, -t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okReadBefore(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	var cents int64
	if err := pool.QueryRow(ctx, "select cents from accounts where id = $1", t.From).Scan(&cents); err != nil {
		return err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, min(cents, t.Cents)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okBeginFailed uses the pool where nothing is held: Begin gave an error.
func okBeginFailed(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		_, _ = pool.Exec(ctx, "insert into failures (msg) values ($1)", err.Error())
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okRollbackThenLog gives the connection back first.
func okRollbackThenLog(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		_ = tx.Rollback(ctx)
		_, logErr := pool.Exec(ctx, "insert into failures (msg) values ($1)", err.Error())
		return errors.Join(err, logErr)
	}
	return tx.Commit(ctx)
}

// okCommitFailed: Commit frees the connection, also when it fails.
func okCommitFailed(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		_, _ = pool.Exec(ctx, "insert into failures (msg) values ($1)", err.Error())
		return err
	}
	_, err = pool.Exec(ctx, "select pg_notify('transfers', $1)", t.From)
	return err
}

// okLoop has one transaction at a time.
func okLoop(ctx context.Context, pool *pgxpool.Pool, ts []Transfer) error {
	for _, t := range ts {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
			return errors.Join(err, tx.Rollback(ctx))
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}

// okRetry begins again after the rollback.
func okRetry(ctx context.Context, pool *pgxpool.Pool, t Transfer) (err error) {
	for range 3 {
		var tx pgx.Tx
		if tx, err = pool.Begin(ctx); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, debit, t.From, t.Cents); err == nil {
			return tx.Commit(ctx)
		}
		if rbErr := tx.Rollback(ctx); rbErr != nil {
			return rbErr
		}
	}
	return err
}

// okNoWait: what is asked of the pool here needs no connection.
func okNoWait(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	stat := pool.Stat()
	slog.Debug("pool", "acquired", stat.AcquiredConns(), "max", pool.Config().MaxConns)
	if stat.AcquiredConns() == pool.Config().MaxConns {
		pool.Reset()
	}
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okBackground starts a goroutine and doesn't wait for it: this goroutine holds, another one waits.
func okBackground(ctx context.Context, pool *pgxpool.Pool, t Transfer) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	go func() { _, _ = pool.Exec(context.WithoutCancel(ctx), "insert into attempts (id) values ($1)", t.From) }()
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okEitherOr has a transaction or the pool, never both.
func okEitherOr(ctx context.Context, pool *pgxpool.Pool, t Transfer, atomic bool) error {
	if !atomic {
		_, err := pool.Exec(ctx, debit, t.From, t.Cents)
		return err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, debit, t.From, t.Cents); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
