// Package squirrels: squirrel runs its builders with a DB or with a Tx.
package squirrels

import (
	"context"
	"database/sql"

	sq "github.com/Masterminds/squirrel"
)

var psql = sq.StatementBuilder.PlaceholderFormat(sq.Dollar)

func badInTx(ctx context.Context, db *sql.DB, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var name string
	err = psql.Select("name").From("nuts").Where(sq.Eq{"id": id}).RunWith(db).QueryRowContext(ctx).Scan(&name) // want `second connection while tx holds one`
	if err != nil {
		return err
	}
	if _, err := psql.Delete("nuts").Where(sq.Eq{"id": id}).RunWith(tx).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

func okInTx(ctx context.Context, db *sql.DB, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var name string
	err = psql.Select("name").From("nuts").Where(sq.Eq{"id": id}).RunWith(tx).QueryRowContext(ctx).Scan(&name)
	if err != nil {
		return err
	}
	if _, err := psql.Delete("nuts").Where(sq.Eq{"id": id}).RunWith(tx).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

func badRows(ctx context.Context, db *sql.DB) error {
	rows, err := psql.Select("id").From("nuts").RunWith(db).QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := psql.Update("nuts").Set("seen", true).Where(sq.Eq{"id": id}).RunWith(db).ExecContext(ctx); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// okSQL: a builder alone only builds.
func okSQL(ctx context.Context, db *sql.DB) error {
	rows, err := psql.Select("id").From("nuts").RunWith(db).QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	var queries []string
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		query, _, err := psql.Delete("nuts").Where(sq.Eq{"id": id}).ToSql()
		if err != nil {
			return err
		}
		queries = append(queries, query)
	}
	_ = queries
	return rows.Err()
}
