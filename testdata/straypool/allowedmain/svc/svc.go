// Package svc is not allowed.
package svc

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/allowedmain/internal/db"
)

func badConnect(ctx context.Context, dsn string) (*pgx.Conn, error) {
	return pgx.Connect(ctx, dsn) // want `pgx\.Connect builds a connection of its own outside the packages`
}

// okPool asks an allowed package.
func okPool(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return db.Pool(ctx, dsn) }
