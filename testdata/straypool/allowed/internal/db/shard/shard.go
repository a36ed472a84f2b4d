// Package shard is below the allowed package. The pattern has no "...", so it is not allowed.
package shard

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

func badOpen(ctx context.Context, urls []string) (pools []*pgxpool.Pool, err error) {
	for _, u := range urls {
		pool, err := pgxpool.New(ctx, u) // want `pgxpool\.New builds a pool outside the packages`
		if err != nil {
			return nil, err
		}
		pools = append(pools, pool)
	}
	return pools, nil
}

// okOpen asks the allowed package.
func okOpen(ctx context.Context, urls []string) (pools []*pgxpool.Pool, err error) {
	for _, u := range urls {
		pool, err := db.Pool(ctx, u)
		if err != nil {
			return nil, err
		}
		pools = append(pools, pool)
	}
	return pools, nil
}
