package program

// Shared returns the file that the generated functions of a package share.
func Shared(pkg string) string {
	return "package " + pkg + `

import (
	"context"
	"database/sql"
	"errors"
)

var errStop = errors.New("stop")

// withTx runs fn in a transaction.
func withTx(ctx context.Context, db *sql.DB, fn func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// withConn runs fn with a connection.
func withConn(ctx context.Context, db *sql.DB, fn func(conn *sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}
`
}
