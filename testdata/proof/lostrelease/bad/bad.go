// Package bad keeps a connection each time it finds something.
package bad

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

//page:begin

func Title(ctx context.Context, pool *pgxpool.Pool, job int64) (string, error) {
	rows, err := pool.Query(ctx, "select id, title from jobs")
	if err != nil {
		return "", err
	}
	for rows.Next() {
		var id int64
		var title string
		if err := rows.Scan(&id, &title); err != nil {
			return "", err
		}
		if id == job {
			return title, nil
		}
	}
	return "", rows.Err()
}

//page:end
