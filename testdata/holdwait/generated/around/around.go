// Package around puts a pool or a transaction into a struct.
package around

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DBTX is a pool or a transaction.
type DBTX interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Wrapper adds a schema.
type Wrapper struct {
	dbtx   DBTX
	schema string
}

// New wraps what it is given.
func New(dbtx DBTX, schema string) *Wrapper { return &Wrapper{dbtx, schema} }

// Touch runs on what was wrapped.
func (w *Wrapper) Touch(ctx context.Context) error {
	_, err := w.dbtx.Exec(ctx, "update "+w.schema+".t set touched = now()")
	return err
}
