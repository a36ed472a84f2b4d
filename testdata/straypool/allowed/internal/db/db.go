// Package db is the one package that may construct: allow = example.com/poolvet/testdata/straypool/allowed/internal/db.
package db

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

// Opener is a function that opens.
type Opener func(driverName, dsn string) (*sql.DB, error)

// okDefault may name the constructor here.
func okDefault() Opener { return sql.Open }

// Open opens.
func Open(dsn string) (*sql.DB, error) { return okDefault()("pgx", dsn) }

// Pool builds a pool.
func Pool(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return pgxpool.New(ctx, dsn) }

// Conn connects.
func Conn(ctx context.Context, dsn string) (*pgx.Conn, error) { return pgx.Connect(ctx, dsn) }

var shared = sync.OnceValue(func() *sqlx.DB { return sqlx.MustConnect("pgx", "") })

// Shared returns the pool of the process.
func Shared() *sqlx.DB { return shared() }

// okRoles has two.
func okRoles(ctx context.Context, primary, replica string) (p, r *pgxpool.Pool, err error) {
	if p, err = pgxpool.New(ctx, primary); err != nil {
		return nil, nil, err
	}
	r, err = pgxpool.New(ctx, replica)
	return p, r, err
}
