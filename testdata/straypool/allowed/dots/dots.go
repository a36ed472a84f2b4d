// Package dots imports by a dot, so that the calls have no qualifier.
package dots

import (
	"context"

	. "github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

func badNew(ctx context.Context, dsn string) (*Pool, error) {
	return New(ctx, dsn) // want "builds a pool outside the packages"
}

func badValue(ctx context.Context, cfg *Config) (*Pool, error) {
	build := NewWithConfig // want "is taken as a value outside the packages"
	return build(ctx, cfg)
}

// okParse uses the types and what makes no connection.
func okParse(dsn string) (*Config, error) { return ParseConfig(dsn) }

// okAllowed asks the allowed package.
func okAllowed(ctx context.Context, dsn string) (*Pool, error) { return db.Pool(ctx, dsn) }
