// Package bad waits for a connection with a context that never ends.
package bad

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store has the users.
type Store struct{ Pool *pgxpool.Pool }

//page:begin

func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.Pool.QueryRow(context.Background(), "select count(*) from users").Scan(&n)
	return n, err
}

//page:end
