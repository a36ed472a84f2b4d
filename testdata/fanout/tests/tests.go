// Package tests: the code is right, its tests run at the same time (B13).
package tests

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store reads and writes.
type Store struct{ pool *pgxpool.Pool }

// Touch writes.
func (s *Store) Touch(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, "update items set touched = now() where id = $1", id)
	return err
}
