// Package store has getters of a pool, and a function that builds one.
package store

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

var pool *pgxpool.Pool

// DB is a getter.
func DB() *pgxpool.Pool { return pool }

var tenants = map[string]*pgxpool.Pool{}

// Tenant is one of many.
func Tenant(name string) *pgxpool.Pool { return tenants[name] }

// Fresh builds a pool, whatever its name says.
func Fresh(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return pgxpool.New(ctx, dsn) }
