package v4

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v4/stdlib"
)

// okAcquireConn gives the connection back by the function that belongs to it.
func okAcquireConn(ctx context.Context, db *sql.DB) (err error) {
	conn, err := stdlib.AcquireConn(db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stdlib.ReleaseConn(db, conn)) }()
	_, err = conn.Exec(ctx, "listen jobs")
	return err
}

// badAcquireConn gives it back on success only.
func badAcquireConn(ctx context.Context, db *sql.DB) error {
	conn, err := stdlib.AcquireConn(db) // want "conn is not (closed|released)"
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	return stdlib.ReleaseConn(db, conn)
}
