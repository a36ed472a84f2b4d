// Package pgxpoolonly imports pgxpool under another name, and pgx not at all.
package pgxpoolonly

import (
	"context"

	pg "github.com/jackc/pgx/v5/pgxpool"
)

// okRows closes rows of a type whose package is not imported.
func okRows(ctx context.Context, pool *pg.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, "select name from users")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okTx ends a transaction of one.
func okTx(ctx context.Context, pool *pg.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// badRows does not close.
func badRows(ctx context.Context, pool *pg.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, "select name from users") // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badDiscarded writes by Query.
func badDiscarded(ctx context.Context, pool *pg.Pool) error {
	_, err := pool.Query(ctx, "delete from sessions") // want "discarded"
	return err
}
