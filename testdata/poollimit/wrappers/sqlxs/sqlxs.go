// Package sqlxs opens pools through sqlx. Its DB embeds the one of database/sql, and so do the setters.
package sqlxs

import (
	"context"
	"database/sql"
	"time"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
)

// okConnect uses the promoted setters.
func okConnect(ctx context.Context, dsn string) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
	return db, nil
}

func badConnect(dsn string) (*sqlx.DB, error) {
	return sqlx.Connect("pgx", dsn) // want `the pool of sqlx\.Connect has no limit`
}

func badConnectContext(ctx context.Context, dsn string) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "postgres", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	db.MapperFunc(func(s string) string { return s })
	return db, nil
}

// badMust has no error to check, and no limit.
func badMust(dsn string) *sqlx.DB {
	db := sqlx.MustConnect("postgres", dsn) // want "db has no limit"
	return db.Unsafe()
}

// okMust limits a copy: Unsafe shares the pool.
func okMust(dsn string) *sqlx.DB {
	db := sqlx.MustOpen("postgres", dsn).Unsafe()
	db.SetMaxOpenConns(5)
	return db
}

// okEmbedded names the embedded pool.
func okEmbedded(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.DB.SetMaxOpenConns(5)
	return db, nil
}

func limit(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
}

// okHelper gives the embedded pool to a helper.
func okHelper(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	limit(db.DB, 8)
	return db, nil
}

// okWrapped limits below the wrapper.
func okWrapped(dsn string) (*sqlx.DB, error) {
	raw, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	raw.SetMaxOpenConns(8)
	return sqlx.NewDb(raw, "pgx"), nil
}

// okAbove limits through the wrapper.
func okAbove(dsn string) (*sqlx.DB, error) {
	raw, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(raw, "pgx")
	db.SetMaxOpenConns(8)
	return db, nil
}

// badWrapped limits nowhere. It is one pool and one report.
func badWrapped(dsn string) (*sqlx.DB, error) {
	raw, err := sql.Open("pgx", dsn) // want "raw has no limit"
	if err != nil {
		return nil, err
	}
	db := sqlx.NewDb(raw, "pgx")
	db.SetConnMaxLifetime(time.Hour)
	return db, nil
}

// okPool is a view of a limited pool.
func okPool(pool *pgxpool.Pool) *sqlx.DB {
	return sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx")
}

// okMock has no server.
func okMock() (*sqlx.DB, sqlmock.Sqlmock, error) {
	raw, mock, err := sqlmock.New()
	if err != nil {
		return nil, nil, err
	}
	return sqlx.NewDb(raw, "sqlmock"), mock, nil
}

// okSQLite is a file.
func okSQLite(path string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("sqlite3", path)
	if err != nil {
		return nil, err
	}
	_, err = db.Exec("pragma foreign_keys = on")
	return db, err
}

// badTooMany is above what a server gives.
func badTooMany(db *sqlx.DB) {
	db.SetMaxOpenConns(250) // want "limit 250 is more than a server"
}

// Users embeds the wrapper, so the setter comes through two structs.
type Users struct{ *sqlx.DB }

func okUsers(dsn string) (*Users, error) {
	db, err := sqlx.Connect("postgres", dsn)
	if err != nil {
		return nil, err
	}
	u := &Users{db}
	u.SetMaxOpenConns(3)
	return u, nil
}
