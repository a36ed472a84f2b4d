// Package txutil has the transaction helpers that the programs of withtx share.
package txutil

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Run runs fn in a transaction.
func Run(ctx context.Context, pool *pgxpool.Pool, fn func(ctx context.Context, tx pgx.Tx) error) (err error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback(ctx)
			panic(p)
		}
		if err != nil {
			err = errors.Join(err, tx.Rollback(ctx))
			return
		}
		err = tx.Commit(ctx)
	}()
	return fn(ctx, tx)
}

// Get is Run for a function with a result.
func Get[T any](ctx context.Context, pool *pgxpool.Pool, fn func(tx pgx.Tx) (T, error)) (v T, err error) {
	err = Run(ctx, pool, func(_ context.Context, tx pgx.Tx) error {
		v, err = fn(tx)
		return err
	})
	return v, err
}

// Retry runs fn in a new transaction as long as it fails to be serialised.
func Retry(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	var err error
	for try := range 5 {
		if err = once(ctx, db, fn); err == nil || !retryable(err) {
			return err
		}
		time.Sleep(time.Duration(try) * 10 * time.Millisecond)
	}
	return err
}

func once(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func retryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "40001"
}

// After runs done when the transaction that fn has run in is over.
func After(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error, done func() error) error {
	if err := once(ctx, db, fn); err != nil {
		return err
	}
	return done()
}
