// Package bad calls somebody else's server inside a transaction.
package bad

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

//page:begin

func Ship(ctx context.Context, pool *pgxpool.Pool, hook string, parcel int) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update parcels set state = 'shipped' where id = $1", parcel); err != nil {
		return err
	}
	resp, err := http.Post(hook, "application/json", strings.NewReader(`{"state": "shipped"}`))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return tx.Commit(ctx)
}

//page:end
