// Package good has one connection at a time.
package good

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//page:begin

func Mark(ctx context.Context, pool *pgxpool.Pool, shop int) error {
	rows, err := pool.Query(ctx, "select id from orders where shop = $1", shop)
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64]) // reads all and closes
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "update orders set seen = true where id = any($1)", ids)
	return err
}

//page:end
