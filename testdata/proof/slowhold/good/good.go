// Package good calls somebody else's server before the transaction.
package good

import (
	"context"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

//page:begin

func Ship(ctx context.Context, pool *pgxpool.Pool, hook string, parcel int) error {
	resp, err := http.Post(hook, "application/json", strings.NewReader(`{"state": "shipped"}`))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update parcels set state = 'shipped' where id = $1", parcel); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

//page:end
