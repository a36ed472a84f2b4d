// Package generated is what generated programs have found, in their smallest form.
package generated

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A helper that returns nil whatever happens loses nothing.
func okHelperCannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := cannotFail(ctx, pool); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func cannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	_, _ = pool.Exec(ctx, "select now()")
	return nil
}

func okHelperWithDeferCannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if err := finish(rows); err != nil {
		return err
	}
	return tx.Rollback(ctx)
}

func finish(rows pgx.Rows) error {
	defer rows.Close()
	return nil
}

func badHelperMayFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want `tx is neither committed nor rolled back when mayFail fails: return at L56`
	if err != nil {
		return err
	}
	if err := mayFail(ctx, pool); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func mayFail(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, "select now()"); err != nil {
		return err
	}
	return nil
}
