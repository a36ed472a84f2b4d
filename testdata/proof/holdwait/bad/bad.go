// Package bad asks for a second connection while it holds one.
package bad

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

//page:begin

func Mark(ctx context.Context, pool *pgxpool.Pool, shop int) error {
	rows, err := pool.Query(ctx, "select id from orders where shop = $1", shop)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		_, err = pool.Exec(ctx, "update orders set seen = true where id = $1", id)
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

//page:end
