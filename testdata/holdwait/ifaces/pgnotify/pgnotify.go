// Package pgnotify implements what package core calls, with a pool. It doesn't know core.
package pgnotify

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Outbox takes a connection in Notify.
type Outbox struct{ pool *pgxpool.Pool }

// NewOutbox makes one.
func NewOutbox(pool *pgxpool.Pool) *Outbox { return &Outbox{pool} }

// Notify writes into the outbox.
func (o *Outbox) Notify(ctx context.Context, id int64) error {
	_, err := o.pool.Exec(ctx, "insert into outbox values ($1)", id)
	return err
}

// Flush sends.
func (o *Outbox) Flush(ctx context.Context) error {
	_, err := o.pool.Exec(ctx, "select send_all()")
	return err
}

// Tariff takes a connection in Rate.
type Tariff struct{ Pool *pgxpool.Pool }

// Rate looks up.
func (t Tariff) Rate(ctx context.Context, country string) (cents int, err error) {
	err = t.Pool.QueryRow(ctx, "select cents from tariffs where country = $1", country).Scan(&cents)
	return cents, err
}
