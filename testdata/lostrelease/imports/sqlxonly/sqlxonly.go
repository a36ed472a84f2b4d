// Package sqlxonly imports sqlx and not database/sql.
package sqlxonly

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// okPromotedClose closes by a method that sqlx promotes from a package this one does not import.
func okPromotedClose(ctx context.Context, db *sqlx.DB) (bool, error) {
	rows, err := db.NamedQueryContext(ctx, "select 1 from users where id = :id", map[string]any{"id": 1})
	if err != nil {
		return false, err
	}
	defer func() {
		if cerr := rows.Close(); cerr != nil && err == nil {
			err = cerr
		}
	}()
	return rows.Next(), rows.Err()
}

// okRollback ends by promoted methods.
func okRollback(ctx context.Context, db *sqlx.DB) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit()
}

// badPromotedQuery queries by one.
func badPromotedQuery(ctx context.Context, db *sqlx.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badRollback forgets the error path.
func badRollback(ctx context.Context, db *sqlx.DB) error {
	tx, err := db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit()
}
