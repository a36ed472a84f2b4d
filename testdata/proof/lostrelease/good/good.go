// Package good gives each connection back.
package good

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

func Title(ctx context.Context, pool *pgxpool.Pool, job int64) (string, error) {
	//page:begin
	rows, err := pool.Query(ctx, "select id, title from jobs")
	if err != nil {
		return "", err
	}
	defer rows.Close()
	//page:end
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
