// Command tool copies a table from one database to the other.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
)

func main() {
	if err := okCopy(context.Background(), os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// okCopy has two connections, one to each database.
func okCopy(ctx context.Context, from, to string) error {
	src, err := pgx.Connect(ctx, from)
	if err != nil {
		return err
	}
	defer src.Close(ctx)
	dst, err := pgx.Connect(ctx, to)
	if err != nil {
		return err
	}
	defer dst.Close(ctx)
	rows, err := src.Query(ctx, "select id from users")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		if _, err := dst.Exec(ctx, "insert into users (id) values ($1)", values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
