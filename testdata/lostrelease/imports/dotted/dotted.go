// Package dotted has a dot import, a handle behind a named type and constructors as values.
package dotted

import (
	"context"
	. "database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Handle is *DB by another name.
type Handle = *DB

// Opened is a type of its own with the same methods through its field.
type Opened struct{ db Handle }

// okDotted closes.
func okDotted(ctx context.Context, db Handle) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, "select 1")
	if errors.Is(err, ErrNoRows) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// okFunctionValue closes what came from a constructor in a variable.
func okFunctionValue(ctx context.Context, dsn string) error {
	open := pgx.Connect
	conn, err := open(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx)
}

// badDotted does not close.
func badDotted(ctx context.Context, o Opened) (bool, error) {
	rows, err := o.db.QueryContext(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badFunctionValue loses what came from a method in a variable.
func badFunctionValue(ctx context.Context, db Handle) (bool, error) {
	query := db.QueryContext
	rows, err := query(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badConstructorVariable loses what came from a constructor in a local variable.
func badConstructorVariable(ctx context.Context, dsn string) error {
	open := pgx.Connect
	conn, err := open(ctx, dsn) // want "conn is never closed"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}
