// Package tx: transactions must reach Commit or Rollback; either frees the connection, also when it returns an error.
package tx

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const (
	debit  = "update accounts set balance = balance - $2 where id = $1"
	credit = "update accounts set balance = balance + $2 where id = $1"
	audit  = "insert into audit (what) values ($1)"
)

var errFunds = errors.New("insufficient funds")

// Bank moves money.
type Bank struct{ pool *pgxpool.Pool }

// okTransfer is the usual form; Rollback after Commit does nothing.
func (b *Bank) okTransfer(ctx context.Context, from, to, amount int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback(ctx)

	if _, err := tx.Exec(ctx, debit, from, amount); err != nil {
		return fmt.Errorf("debit: %w", err)
	}
	if _, err := tx.Exec(ctx, credit, to, amount); err != nil {
		return fmt.Errorf("credit: %w", err)
	}
	return tx.Commit(ctx)
}

// okRollbackInDeferredClosure logs what Rollback says.
func (b *Bank) okRollbackInDeferredClosure(ctx context.Context, id, amount int64) (err error) {
	tx, err := b.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return err
	}
	defer func() {
		if rerr := tx.Rollback(context.WithoutCancel(ctx)); rerr != nil && !errors.Is(rerr, pgx.ErrTxClosed) {
			err = errors.Join(err, rerr)
		}
	}()
	if _, err := tx.Exec(ctx, debit, id, amount); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okNamedResultDecides: the deferred closure reads the named result, which every return sets.
func (b *Bank) okNamedResultDecides(ctx context.Context, id, amount int64) (err error) {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		} else {
			err = tx.Commit(ctx)
		}
	}()
	if _, err := tx.Exec(ctx, debit, id, amount); err != nil {
		return err // sets the named result
	}
	var left int64
	if err := tx.QueryRow(ctx, "select balance from accounts where id = $1", id).Scan(&left); err != nil {
		return err
	}
	if left < 0 {
		return errFunds
	}
	return nil
}

// okRollbackOnErrorCommitBelow splits the two ends between closure and body.
func (b *Bank) okRollbackOnErrorCommitBelow(ctx context.Context, id, amount int64) (err error) {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if _, err = tx.Exec(ctx, debit, id, amount); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okManual has a Rollback on each error path.
func (b *Bank) okManual(ctx context.Context, id, amount int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, debit, id, amount); err != nil {
		if rerr := tx.Rollback(ctx); rerr != nil {
			return errors.Join(err, rerr)
		}
		return err
	}
	tag, err := tx.Exec(ctx, audit, "debit")
	if err != nil {
		tx.Rollback(ctx)
		return err
	}
	if tag.RowsAffected() != 1 {
		tx.Rollback(ctx)
		return errFunds
	}
	if err := tx.Commit(ctx); err != nil {
		return err // Commit has freed it all the same
	}
	return nil
}

// okErrorsInAVariable collects the errors and decides at the end.
func (b *Bank) okErrorsInAVariable(ctx context.Context, ids []int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	failed := false
	for _, id := range ids {
		if _, err := tx.Exec(ctx, debit, id, 1); err != nil {
			failed = true
			break
		}
	}
	if failed {
		return errors.Join(errFunds, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// okReadOnly never commits: Rollback ends it as well.
func (b *Bank) okReadOnly(ctx context.Context, id int64) (balance int64, err error) {
	tx, err := b.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	err = tx.QueryRow(ctx, "select balance from accounts where id = $1", id).Scan(&balance)
	return balance, err
}

// okSavepoint: the inner transaction takes no connection, and the outer Rollback ends it too.
func (b *Bank) okSavepoint(ctx context.Context, id int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	sp, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := sp.Exec(ctx, debit, id, 1); err != nil {
		if err := sp.Rollback(ctx); err != nil {
			return err
		}
	} else if err := sp.Commit(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okBeginFunc and its kin end the transaction themselves.
func (b *Bank) okBeginFunc(ctx context.Context, from, to, amount int64) error {
	return pgx.BeginTxFunc(ctx, b.pool, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, debit, from, amount); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, credit, to, amount)
			return err
		})
	})
}

// badErrorPath rolls back nowhere.
func (b *Bank) badErrorPath(ctx context.Context, from, to, amount int64) error {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, debit, from, amount); err != nil {
		return fmt.Errorf("debit: %w", err)
	}
	if _, err := tx.Exec(ctx, credit, to, amount); err != nil {
		return fmt.Errorf("credit: %w", err)
	}
	return tx.Commit(ctx)
}

// badOneErrorPath forgets one Rollback of three.
func (b *Bank) badOneErrorPath(ctx context.Context, from, to, amount int64) error {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, debit, from, amount); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	tag, err := tx.Exec(ctx, credit, to, amount)
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if tag.RowsAffected() == 0 {
		return errFunds
	}
	return tx.Commit(ctx)
}

// badNeverEnded only writes.
func (b *Bank) badNeverEnded(ctx context.Context) error {
	tx, err := b.pool.Begin(ctx) // want "tx is never"
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, audit, "start")
	return err
}

// badCommitInText ends the transaction on the server; the connection stays with tx.
func (b *Bank) badCommitInText(ctx context.Context) error {
	tx, err := b.pool.Begin(ctx) // want "tx is never"
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, audit, "start"); err != nil {
		_, _ = tx.Exec(ctx, "rollback")
		return err
	}
	_, err = tx.Exec(ctx, "commit")
	return err
}

// badConnClosed closes the server's connection; the slot of the pool stays taken.
func (b *Bank) badConnClosed(ctx context.Context) error {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, audit, "start"); err != nil {
		_ = tx.Conn().Close(ctx)
		return err
	}
	return tx.Commit(ctx)
}

// badShadowedError: the closure reads the outer err, which := has hidden.
func (b *Bank) badShadowedError(ctx context.Context, id, amount int64) error {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if _, err := tx.Exec(ctx, debit, id, amount); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badUnnamedResult returns an error of its own that the closure's err is not.
func (b *Bank) badUnnamedResult(ctx context.Context, id int64) error {
	var err error
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
			return
		}
	}()
	var balance int64
	if err = tx.QueryRow(ctx, "select balance from accounts where id = $1", id).Scan(&balance); err != nil {
		return err
	}
	if balance == 0 {
		return errFunds
	}
	return tx.Commit(ctx)
}

// badCancelledEarlyReturn skips the Rollback when the request is gone: each cancelled request keeps a connection.
func (b *Bank) badCancelledEarlyReturn(ctx context.Context, id int64) (err error) {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	defer func() {
		if ctx.Err() != nil {
			return // the server will roll back
		}
		_ = tx.Rollback(ctx)
	}()
	return helpers.Touch(ctx, tx, id)
}

// okRollbackWithFreshContext is its right form.
func (b *Bank) okRollbackWithFreshContext(ctx context.Context, id int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer helpers.RollbackUnlessDone(ctx, tx)
	if err := helpers.Touch(ctx, tx, id); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Millisecond):
	}
	return tx.Commit(ctx)
}

// badDeferAfterSecondCheck defers too late.
func (b *Bank) badDeferAfterSecondCheck(ctx context.Context, id int64) error {
	tx, err := b.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "set local lock_timeout = '1s'"); err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := helpers.Touch(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badSavepointOnly commits the savepoint, which frees nothing, and never the transaction.
func (b *Bank) badSavepointOnly(ctx context.Context, id int64) error {
	outer, err := b.pool.Begin(ctx) // want "outer is n(either|ever|ot)"
	if err != nil {
		return err
	}
	tx, err := outer.Begin(ctx)
	if err != nil {
		_ = outer.Rollback(ctx)
		return err
	}
	defer tx.Rollback(ctx)
	if err := helpers.Touch(ctx, tx, id); err != nil {
		_ = outer.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}
