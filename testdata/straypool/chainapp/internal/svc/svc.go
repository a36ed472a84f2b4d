// Package svc is the middle layer.
package svc

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/chainapp/internal/db"
)

// Orders is what the handlers use.
type Orders interface {
	Cancel(ctx context.Context, id int64) error
	Count(ctx context.Context) (int, error)
}

// PerCall implements Orders with a pool per call.
type PerCall struct{ Config db.Config }

var _ Orders = PerCall{}

// Cancel builds, works and closes.
func (p PerCall) Cancel(ctx context.Context, id int64) error {
	return db.Exec(ctx, p.Config, "update orders set state = 'cancelled' where id = $1", id)
}

// Count builds, works and closes.
func (p PerCall) Count(ctx context.Context) (n int, err error) {
	pool, err := db.New(ctx, p.Config)
	if err != nil {
		return 0, err
	}
	defer pool.Close()
	err = pool.QueryRow(ctx, "select count(*) from orders").Scan(&n)
	return n, err
}

// Users is an interface whose one implementation has a pool.
type Users interface {
	Rename(ctx context.Context, id int64, name string) error
}

// Pooled implements Users.
type Pooled struct{ pool *pgxpool.Pool }

var _ Users = (*Pooled)(nil)

// NewPooled builds the pool of the service.
func NewPooled(ctx context.Context, c db.Config) (*Pooled, error) {
	pool, err := db.New(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("users: %w", err)
	}
	return &Pooled{pool: pool}, nil
}

// NewOn puts the service on a pool.
func NewOn(pool *pgxpool.Pool) *Pooled { return &Pooled{pool: pool} }

// Rename renames.
func (p *Pooled) Rename(ctx context.Context, id int64, name string) error {
	_, err := p.pool.Exec(ctx, "update users set name = $2 where id = $1", id, name)
	return err
}

// Close closes.
func (p *Pooled) Close() { p.pool.Close() }

// Warm is reached through two packages: it builds a service and drops it.
func Warm(ctx context.Context, c db.Config) error {
	p, err := NewPooled(ctx, c)
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Rename(ctx, 0, "")
}
