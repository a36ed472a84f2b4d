// Package discard: Query where Exec was meant. The statement runs, and its connection is gone.
package discard

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	insert = "insert into visits (path) values ($1)"
	remove = "delete from visits where path = $1"
)

// Visits counts visits.
type Visits struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// okExec is what was meant.
func (v *Visits) okExec(ctx context.Context, path string) error {
	if _, err := v.pool.Exec(ctx, insert, path); err != nil {
		return err
	}
	_, err := v.db.ExecContext(ctx, insert, path)
	return err
}

// okQueryClosedAtOnce is odd and right.
func (v *Visits) okQueryClosedAtOnce(ctx context.Context, path string) error {
	rows, err := v.pool.Query(ctx, insert, path)
	if err != nil {
		return err
	}
	rows.Close()
	return rows.Err()
}

// badBlank keeps the error only.
func (v *Visits) badBlank(ctx context.Context, path string) error {
	_, err := v.pool.Query(ctx, insert, path) // want "discarded"
	return err
}

// badBlankSQL is the same for database/sql.
func (v *Visits) badBlankSQL(ctx context.Context, path string) error {
	if _, err := v.db.QueryContext(ctx, remove, path); err != nil { // want "discarded"
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// badBothBlank keeps nothing.
func (v *Visits) badBothBlank(path string) {
	_, _ = v.db.Query(insert, path) // want "discarded"
}

// badStatement does not even say so.
func (v *Visits) badStatement(ctx context.Context, path string) {
	v.pool.Query(ctx, insert, path) // want "discarded"
}

// badGo loses it in a goroutine.
func (v *Visits) badGo(ctx context.Context, path string) {
	go v.pool.Query(context.WithoutCancel(ctx), insert, path) // want "discarded|never"
}

// badDefer loses it at the end.
func (v *Visits) badDefer(ctx context.Context, path string) error {
	defer v.db.Query(remove, path) // want "discarded|never"
	_, err := v.db.ExecContext(ctx, insert, path)
	return err
}

// badAssigned keeps rows only to compare them with nil.
func (v *Visits) badAssigned(ctx context.Context, path string) bool {
	rows, err := v.pool.Query(ctx, insert, path) // want "rows is never closed"
	if err != nil {
		log.Print(err)
		return false
	}
	return rows != nil
}

// badBegin throws a transaction away.
func (v *Visits) badBegin(ctx context.Context) error {
	_, err := v.pool.Begin(ctx) // want "discarded|never"
	return err
}

// badAcquire warms the pool up, and keeps what it has warmed.
func (v *Visits) badAcquire(ctx context.Context, n int) error {
	for range n {
		if _, err := v.pool.Acquire(ctx); err != nil { // want "discarded|never"
			return err
		}
	}
	return nil
}

// badCTE has a result that nobody reads.
func (v *Visits) badCTE(ctx context.Context, db interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}) error {
	_, err := db.Query(ctx, "with gone as (delete from visits returning *) insert into archive select * from gone") // want "discarded"
	return err
}
