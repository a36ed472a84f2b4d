// Package owntx: functions that join the caller's transaction or begin one of their own, and end only their own.
package owntx

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const insert = "insert into events (kind) values ($1)"

// Execer is what both a pool and a transaction are.
type Execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Events writes events.
type Events struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// okFlagTwice asks the flag where it begins and where it ends.
func (e *Events) okFlagTwice(ctx context.Context, tx pgx.Tx, kinds []string) (err error) {
	ownTx := tx == nil
	if ownTx {
		if tx, err = e.pool.Begin(ctx); err != nil {
			return err
		}
	}
	for _, kind := range kinds {
		if _, err := tx.Exec(ctx, insert, kind); err != nil {
			if ownTx {
				_ = tx.Rollback(ctx)
			}
			return err
		}
	}
	if ownTx {
		return tx.Commit(ctx)
	}
	return nil
}

// okFlagDefer defers where it begins.
func (e *Events) okFlagDefer(ctx context.Context, tx pgx.Tx, kind string) error {
	own := false
	if tx == nil {
		var err error
		tx, err = e.pool.Begin(ctx)
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		own = true
		defer tx.Rollback(ctx)
	}
	if _, err := tx.Exec(ctx, insert, kind); err != nil {
		return err
	}
	if !own {
		return nil
	}
	return tx.Commit(ctx)
}

// okFlagInClosure lets one deferred closure decide.
func (e *Events) okFlagInClosure(ctx context.Context, tx *sql.Tx, kind string) (err error) {
	var own bool
	if tx == nil {
		tx, err = e.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		own = true
	}
	defer func() {
		if !own {
			return
		}
		if err != nil {
			err = errors.Join(err, tx.Rollback())
			return
		}
		err = tx.Commit()
	}()
	_, err = tx.ExecContext(ctx, insert, kind)
	return err
}

// okMode begins when asked to by a parameter.
func (e *Events) okMode(ctx context.Context, atomic bool, kinds []string) error {
	var tx pgx.Tx
	var db Execer = e.pool
	if atomic {
		var err error
		if tx, err = e.pool.Begin(ctx); err != nil {
			return err
		}
		db = tx
	}
	for _, kind := range kinds {
		if _, err := db.Exec(ctx, insert, kind); err != nil {
			if atomic {
				return errors.Join(err, tx.Rollback(ctx))
			}
			return err
		}
	}
	if atomic {
		return tx.Commit(ctx)
	}
	return nil
}

// okNilCheck asks the variable instead of a flag.
func (e *Events) okNilCheck(ctx context.Context, atomic bool, kind string) (err error) {
	var tx pgx.Tx
	if atomic {
		if tx, err = e.pool.Begin(ctx); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insert, kind)
	} else {
		_, err = e.pool.Exec(ctx, insert, kind)
	}
	if tx != nil {
		if err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		return tx.Commit(ctx)
	}
	return err
}

// okFinishFunc keeps the end in a variable that does nothing for a borrowed transaction.
func (e *Events) okFinishFunc(ctx context.Context, tx pgx.Tx, kind string) error {
	finish := func() error { return nil }
	if tx == nil {
		var err error
		if tx, err = e.pool.Begin(ctx); err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		finish = func() error { return tx.Commit(ctx) }
	}
	if _, err := tx.Exec(ctx, insert, kind); err != nil {
		return err
	}
	return finish()
}

// okSkipFlag is true when the caller ends the transaction.
func (e *Events) okSkipFlag(ctx context.Context, dryRun bool, kind string) error {
	if dryRun {
		return nil
	}
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, insert, kind)
	switch {
	case err != nil:
		_ = tx.Rollback(ctx)
		return err
	case dryRun:
		return errors.New("unreachable: dryRun returned above")
	default:
		return tx.Commit(ctx)
	}
}

// okBorrowed uses the caller's transaction and ends nothing.
func (e *Events) okBorrowed(ctx context.Context, tx pgx.Tx, kind string) error {
	_, err := tx.Exec(ctx, insert, kind)
	return err
}

// badFlagErrorPath ends its own transaction on success only.
func (e *Events) badFlagErrorPath(ctx context.Context, tx pgx.Tx, kinds []string) (err error) {
	ownTx := tx == nil
	if ownTx {
		if tx, err = e.pool.Begin(ctx); err != nil { // want "tx is n(either|ever|ot)"
			return err
		}
	}
	for _, kind := range kinds {
		if _, err := tx.Exec(ctx, insert, kind); err != nil {
			return err
		}
	}
	if ownTx {
		return tx.Commit(ctx)
	}
	return nil
}

// badFlagInverted commits the caller's transaction and forgets its own.
func (e *Events) badFlagInverted(ctx context.Context, tx pgx.Tx, kind string) (err error) {
	borrowed := tx != nil
	if !borrowed {
		if tx, err = e.pool.Begin(ctx); err != nil { // want "tx is n(either|ever|ot)"
			return err
		}
	}
	if _, err := tx.Exec(ctx, insert, kind); err != nil {
		if !borrowed {
			_ = tx.Rollback(ctx)
		}
		return err
	}
	if borrowed {
		return tx.Commit(ctx)
	}
	return nil
}

// badFlagNeverSet has a flag that nothing sets.
func (e *Events) badFlagNeverSet(ctx context.Context, tx *sql.Tx, kind string) (err error) {
	var own bool
	if tx == nil {
		tx, err = e.db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
		if err != nil {
			return err
		}
	}
	defer func() {
		if own {
			_ = tx.Rollback()
		}
	}()
	if _, err = tx.ExecContext(ctx, insert, kind); err != nil {
		return err
	}
	if own {
		return tx.Commit()
	}
	return nil
}

// badOtherFlag asks another condition at the end than at the beginning.
func (e *Events) badOtherFlag(ctx context.Context, atomic, verbose bool, kind string) error {
	var tx pgx.Tx
	var db Execer = e.pool
	if atomic {
		var err error
		if tx, err = e.pool.Begin(ctx); err != nil { // want "tx is n(either|ever|ot)"
			return err
		}
		db = tx
	}
	_, err := db.Exec(ctx, insert, kind)
	if atomic && verbose {
		if err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		return tx.Commit(ctx)
	}
	return err
}

// badFinishFunc defers nothing, and its finish is skipped by an error.
func (e *Events) badFinishFunc(ctx context.Context, tx pgx.Tx, kind string) error {
	finish := func() error { return nil }
	if tx == nil {
		var err error
		if tx, err = e.pool.Begin(ctx); err != nil { // want "tx is n(either|ever|ot)"
			return err
		}
		finish = func() error { return tx.Commit(ctx) }
	}
	if _, err := tx.Exec(ctx, insert, kind); err != nil {
		return err
	}
	return finish()
}
