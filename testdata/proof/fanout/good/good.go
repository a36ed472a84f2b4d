// Package good leaves half of the pool to others.
package good

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

//page:begin

func Touch(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(max(1, int(pool.Config().MaxConns)/2)) // the other half is for others
	for _, id := range ids {
		g.Go(func() error {
			_, err := pool.Exec(ctx, "update items set seen = now() where id = $1", id)
			return err
		})
	}
	return g.Wait()
}

//page:end
