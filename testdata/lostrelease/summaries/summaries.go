// Package summaries has one function for each thing that other packages are told of a function.
package summaries

import (
	"context"
	"database/sql"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Cursor has rows.
type Cursor struct{ rows pgx.Rows }

// Close closes them.
func (c *Cursor) Close() { c.rows.Close() }

// Open leaves rows with its caller.
func Open(ctx context.Context, db *sql.DB) (*sql.Rows, error) {
	return db.QueryContext(ctx, "select 1")
}

// OpenWrapped leaves them in a struct.
func OpenWrapped(ctx context.Context, pool *pgxpool.Pool) (*Cursor, error) {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return nil, err
	}
	return &Cursor{rows: rows}, nil
}

// OpenCleanup leaves a connection with the function that releases it.
func OpenCleanup(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, func(), error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	return conn, func() { conn.Release() }, nil
}

// Fill leaves rows in a variable of the caller's.
func Fill(ctx context.Context, db *sql.DB, out **sql.Rows) error {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return err
	}
	*out = rows
	return nil
}

// Close releases what it is given.
func Close(rows *sql.Rows) {
	if err := rows.Close(); err != nil {
		log.Print(err)
	}
}

// CloseOnError releases it if there is an error.
func CloseOnError(rows *sql.Rows, err error) {
	if err != nil {
		_ = rows.Close()
	}
}

// Read only looks.
func Read(rows *sql.Rows) int {
	columns, _ := rows.Columns()
	return len(columns)
}

// Rollback ends a transaction if the caller's error says so when it runs.
func Rollback(tx *sql.Tx, err *error) {
	if *err != nil {
		_ = tx.Rollback()
	}
}

// Die ends the process.
func Die(err error) {
	log.Fatal(err)
}
