// Package core calls an interface in a transaction and can't see who implements it.
package core

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Notifier is told of each shipment while the transaction that made it is open.
type Notifier interface {
	Notify(ctx context.Context, shipment int64) error
	// Flush is called without a transaction.
	Flush(ctx context.Context) error
}

// Rates is asked before the transaction begins.
type Rates interface {
	Rate(ctx context.Context, country string) (int, error)
}

// Shipping is the service.
type Shipping struct {
	pool     *pgxpool.Pool
	notifier Notifier
	rates    Rates
}

// New makes the service.
func New(pool *pgxpool.Pool, n Notifier, r Rates) *Shipping {
	return &Shipping{pool: pool, notifier: n, rates: r}
}

// Ship ships.
func (s *Shipping) Ship(ctx context.Context, id int64, country string) error {
	rate, err := s.rates.Rate(ctx, country)
	if err != nil {
		return err
	}
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "insert into shipments values ($1, $2)", id, rate); err != nil {
		return err
	}
	if err := s.notifier.Notify(ctx, id); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	return s.notifier.Flush(ctx)
}
