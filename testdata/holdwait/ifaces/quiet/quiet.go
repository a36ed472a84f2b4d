// Package quiet implements what package core calls so that nothing is wrong.
package quiet

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Buffer collects in Notify and takes a connection in Flush only.
type Buffer struct {
	Pool *pgxpool.Pool
	mu   sync.Mutex
	ids  []int64
}

// Notify remembers.
func (b *Buffer) Notify(_ context.Context, id int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ids = append(b.ids, id)
	return nil
}

// Flush writes what Notify has remembered.
func (b *Buffer) Flush(ctx context.Context) error {
	b.mu.Lock()
	ids := b.ids
	b.ids = nil
	b.mu.Unlock()
	_, err := b.Pool.Exec(ctx, "insert into outbox select unnest($1::bigint[])", ids)
	return err
}

// Flat is a tariff in the program.
type Flat int

// Rate is the same for all.
func (f Flat) Rate(context.Context, string) (int, error) { return int(f), nil }
