// Package txm: transaction managers as they are written by hand.
package txm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Manager struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// Style 1: named result, one defer decides.
func (m *Manager) okT201Style1(ctx context.Context, fn func(ctx context.Context, tx pgx.Tx) error) (err error) {
	tx, err := m.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback(ctx)
			panic(p)
		} else if err != nil {
			if rbErr := tx.Rollback(ctx); rbErr != nil && !errors.Is(rbErr, pgx.ErrTxClosed) {
				err = errors.Join(err, rbErr)
			}
		} else {
			err = tx.Commit(ctx)
		}
	}()
	err = fn(ctx, tx)
	return err
}

// Inner err shadows the result the defer reads... but a return statement assigns the result: still good.
func (m *Manager) okT202Style1ShadowReturned(ctx context.Context, fn func(pgx.Tx) error) (err error) {
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
			return
		}
		err = tx.Commit(ctx)
	}()
	if err := fn(tx); err != nil {
		return fmt.Errorf("fn: %w", err)
	}
	return nil
}

// microsoft/sbi#67: := makes a second err, the defer (err is NOT a result) reads the first and never rolls back.
func (m *Manager) badT202ShadowNotNamed(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := m.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if err := fn(tx); err != nil {
		return fmt.Errorf("fn: %w", err)
	}
	return tx.Commit(ctx)
}

func (m *Manager) okT203FixOfShadow(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if err = fn(tx); err != nil {
		return fmt.Errorf("fn: %w", err)
	}
	return tx.Commit(ctx)
}

// Style 2: explicit, no defer; a panic in fn isn't recovered here.
func (m *Manager) okT204Style2(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := m.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			return fmt.Errorf("rollback: %v (after %w)", rerr, err)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// Style 2 gone wrong: sentinel returned before the rollback.
var ErrSkip = errors.New("skip")

func (m *Manager) badT204Style2Sentinel(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := m.db.BeginTx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		if errors.Is(err, ErrSkip) {
			return nil
		}
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Style 3: committed flag.
func (m *Manager) okT205Style3(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		if err := tx.Rollback(ctx); err != nil {
			log.Printf("rollback: %v", err)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	committed = true
	return nil
}

func (m *Manager) badT205Style3FlagEarly(ctx context.Context, fn func(pgx.Tx) error, after func() error) error {
	tx, err := m.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback(ctx)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	committed = true
	if err := after(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Style 4: recover keeps the process alive and turns the panic into an error; the trailing code never runs.
func (m *Manager) badT206Style4Panic(ctx context.Context, fn func(pgx.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	tx, err := m.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err = fn(tx); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

func (m *Manager) okT206Style4Panic(ctx context.Context, fn func(pgx.Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err = fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Style 5: the transaction travels in the context; nested calls join it.
type txKey struct{}

func (m *Manager) okT207Style5Ctx(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(pgx.Tx); ok {
		return fn(ctx)
	}
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (m *Manager) badT207Style5Ctx(ctx context.Context, fn func(ctx context.Context) error) error {
	tx, ok := ctx.Value(txKey{}).(pgx.Tx)
	if ok {
		return fn(ctx)
	}
	tx, err := m.pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
