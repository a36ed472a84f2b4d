package tx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

// Ledger is Bank on database/sql.
type Ledger struct{ db *sql.DB }

// okDeferredRollback drops what Rollback says.
func (l *Ledger) okDeferredRollback(ctx context.Context, from, to, amount int64) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, debit, from, amount); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, credit, to, amount); err != nil {
		return err
	}
	return tx.Commit()
}

// okFinishHelper hands the address of the named result on.
func (l *Ledger) okFinishHelper(ctx context.Context, id int64) (err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer helpers.FinishSQL(tx, &err)
	return helpers.TouchSQL(ctx, tx, id)
}

// okCommitThenRollbackOnError has one way out.
func (l *Ledger) okCommitThenRollbackOnError(ctx context.Context, id int64) error {
	tx, err := l.db.Begin()
	if err != nil {
		return err
	}
	err = helpers.TouchSQL(ctx, tx, id)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		if rerr := tx.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) {
			log.Print(rerr)
		}
		return err
	}
	return nil
}

// okRollbackClosure names the cleanup and calls it.
func (l *Ledger) okRollbackClosure(ctx context.Context, ids []int64) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	fail := func(err error) error {
		if rerr := tx.Rollback(); rerr != nil {
			return fmt.Errorf("%w (rollback: %w)", err, rerr)
		}
		return err
	}
	for _, id := range ids {
		if err := helpers.TouchSQL(ctx, tx, id); err != nil {
			return fail(err)
		}
	}
	if _, err := tx.ExecContext(ctx, audit, "touch"); err != nil {
		return fail(err)
	}
	return tx.Commit()
}

// okPanicAndError rolls back on panic, on error, and commits otherwise.
func (l *Ledger) okPanicAndError(ctx context.Context, work func(*sql.Tx) error) (err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		}
		if err != nil {
			_ = tx.Rollback()
			return
		}
		err = tx.Commit()
	}()
	return work(tx)
}

// badPanicOnly rolls back on panic and forgets the errors.
func (l *Ledger) badPanicOnly(ctx context.Context, id int64) error {
	tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	defer helpers.RollbackOnPanic(tx)
	if err := helpers.TouchSQL(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// badNeither writes and goes.
func (l *Ledger) badNeither(id int64) error {
	tx, err := l.db.Begin() // want "tx is never"
	if err != nil {
		return err
	}
	_, err = tx.Exec(debit, id, 1)
	return err
}

// badNotFoundPath returns a result instead of an error and forgets the transaction.
func (l *Ledger) badNotFoundPath(ctx context.Context, id int64) (balance int64, err error) {
	tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "select balance from accounts where id = $1 for update", id).Scan(&balance)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, errors.Join(err, tx.Rollback())
	}
	return balance, tx.Commit()
}

// badRollbackClosureSkipped calls the cleanup on one error path of two.
func (l *Ledger) badRollbackClosureSkipped(ctx context.Context, id int64) error {
	tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	rollback := func() { _ = tx.Rollback() }
	if err := helpers.TouchSQL(ctx, tx, id); err != nil {
		rollback()
		return err
	}
	res, err := tx.ExecContext(ctx, audit, "touch")
	if err != nil {
		rollback()
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fmt.Errorf("audit: %d rows: %w", n, err)
	}
	return tx.Commit()
}

// badCommitOnlyWhenChanged leaves the transaction open when there was nothing to do.
func (l *Ledger) badCommitOnlyWhenChanged(ctx context.Context, ids []int64) (err error) {
	tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	changed := false
	for _, id := range ids {
		res, err := tx.ExecContext(ctx, debit, id, 1)
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if n, _ := res.RowsAffected(); n > 0 {
			changed = true
		}
	}
	if changed {
		return tx.Commit()
	}
	return nil
}

// badContinueSkipsRollback keeps one transaction for each id that fails.
func (l *Ledger) badContinueSkipsRollback(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
		if err != nil {
			return err
		}
		if err := helpers.TouchSQL(ctx, tx, id); err != nil {
			log.Printf("skipped %d: %v", id, err)
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// okContinueWithRollback is its right form.
func (l *Ledger) okContinueWithRollback(ctx context.Context, ids []int64) error {
	for _, id := range ids {
		tx, err := l.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := helpers.TouchSQL(ctx, tx, id); err != nil {
			log.Printf("skipped %d: %v", id, errors.Join(err, tx.Rollback()))
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// badRollbackShadowed: the inner tx hides the outer one, and only the inner is ended.
func (l *Ledger) badRollbackShadowed(ctx context.Context, retry bool) error {
	tx, err := l.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if err := helpers.TouchSQL(ctx, tx, 1); err != nil && retry {
		tx, err := l.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := helpers.TouchSQL(ctx, tx, 1); err != nil {
			return err
		}
		return tx.Commit()
	} else if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
