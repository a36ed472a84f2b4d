// Package generated is what generated programs have found, in their smallest form.
package generated

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// The goroutine takes a connection of another pool first, and then one of the pool that is held.
func badSecondOfTwoPools(ctx context.Context, pool, replica *pgxpool.Pool) error {
	tx, err := replica.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = pool.Exec(ctx, "select now()")
		_, _ = replica.Exec(ctx, "select now()")
	})
	wg.Wait() // want `wg.Wait waits for goroutines that need a connection while tx holds one`
	return tx.Commit(ctx)
}

func okOtherPool(ctx context.Context, pool, replica *pgxpool.Pool) error {
	tx, err := replica.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = pool.Exec(ctx, "select now()")
	})
	wg.Wait()
	return tx.Commit(ctx)
}

// A statement has the pool that it was prepared on, also if the name of that has a role.
func badStatementOfReplica(ctx context.Context, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := replica.QueryContext(ctx, "select 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = stmt.ExecContext(ctx) // want `stmt.ExecContext may wait for a second connection while rows holds one`
	return err
}

func okStatementOfReplica(ctx context.Context, db, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := db.QueryContext(ctx, "select 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = stmt.ExecContext(ctx)
	return err
}
