// Package db is allowed by example.com/poolvet/testdata/straypool/allowedmain/internal/... The tests of this tree have
// allow = ["main", that pattern].
package db

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool builds a pool.
func Pool(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return okBuild(ctx, dsn) }

func okBuild(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return pgxpool.New(ctx, dsn) }
