// Package db is the one place where the scripts get their connections.
package db

import (
	"context"
	"database/sql"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Limit is how many connections a script has. Nobody waits for it, and the server is there for others too.
const Limit = 2

// Open returns the pool of a script.
func Open(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	config.MaxConns = Limit
	return pgxpool.NewWithConfig(ctx, config)
}

// OpenSQL returns the pool of a script that uses database/sql.
func OpenSQL() (*sql.DB, error) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(Limit)
	return db, nil
}
