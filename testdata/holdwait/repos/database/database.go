// Package database has the pool of the whole program.
package database

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	once sync.Once
	pool *pgxpool.Pool
	err  error
)

// Pool is the pool; the first call builds it.
func Pool(ctx context.Context) (*pgxpool.Pool, error) {
	once.Do(func() { pool, err = pgxpool.New(ctx, "host=/run/postgresql dbname=shop pool_max_conns=8") })
	return pool, err
}

// DB is set by Init.
var DB *sql.DB

// Init opens DB.
func Init(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(8)
	DB = db
	return nil
}

// Conn is DB for those who don't like variables.
func Conn() *sql.DB { return DB }
