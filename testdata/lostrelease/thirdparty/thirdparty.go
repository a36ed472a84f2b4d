// Package thirdparty: libraries on top of pgx and database/sql: some close the rows they are given, some hand rows out.
package thirdparty

import (
	"context"
	"database/sql"
	"errors"
	"time"

	sq "github.com/Masterminds/squirrel"
	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/georgysavva/scany/v2/sqlscan"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/lib/pq"
)

type user struct {
	ID   int64
	Name string
}

var psql = sq.StatementBuilder.PlaceholderFormat(sq.Dollar)

// okSelect holds nothing afterwards.
func okSelect(ctx context.Context, pool *pgxpool.Pool) (users []user, err error) {
	err = pgxscan.Select(ctx, pool, &users, "select id, name from users")
	return users, err
}

// okScanAll closes what it is given.
func okScanAll(ctx context.Context, pool *pgxpool.Pool) (users []user, err error) {
	rows, err := pool.Query(ctx, "select id, name from users")
	if err != nil {
		return nil, err
	}
	err = pgxscan.ScanAll(&users, rows)
	return users, err
}

// okScanOneSQL does so for database/sql.
func okScanOneSQL(ctx context.Context, db *sql.DB) (u user, err error) {
	rows, err := db.QueryContext(ctx, "select id, name from users limit 1")
	if err != nil {
		return u, err
	}
	err = sqlscan.ScanOne(&u, rows)
	return u, err
}

// okScanRowDeferred scans the current row and closes itself.
func okScanRowDeferred(ctx context.Context, pool *pgxpool.Pool) (users []user, err error) {
	rows, err := pool.Query(ctx, "select id, name from users")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u user
		if err := pgxscan.ScanRow(&u, rows); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okBuilder closes the rows of a built query.
func okBuilder(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := psql.Select("id").From("users").Where(sq.Eq{"active": true}).RunWith(db).QueryContext(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okBuiltRow scans.
func okBuiltRow(ctx context.Context, db *sql.DB, name string) (id int64, err error) {
	err = psql.Insert("users").Columns("name").Values(name).Suffix("returning id").RunWith(db).QueryRowContext(ctx).Scan(&id)
	return id, err
}

// badScanRow scans the current row only.
func badScanRow(ctx context.Context, db *sql.DB) (u user, err error) {
	rows, err := db.QueryContext(ctx, "select id, name from users") // want "rows is n(ot|ever) closed"
	if err != nil {
		return u, err
	}
	if !rows.Next() {
		return u, sql.ErrNoRows
	}
	err = sqlscan.ScanRow(&u, rows)
	return u, err
}

// badBuilder does not close.
func badBuilder(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := psql.Select("1").From("users").RunWith(db).QueryContext(ctx) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badBuiltInTx forgets the transaction that a query ran on.
func badBuiltInTx(ctx context.Context, db *sql.DB, name string) error {
	tx, err := db.BeginTx(ctx, nil) // want `tx is neither committed nor rolled back`
	if err != nil {
		return err
	}
	if _, err := psql.Insert("users").Columns("name").Values(name).RunWith(tx).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// okBuiltInTx ends it on each path.
func okBuiltInTx(ctx context.Context, db *sql.DB, name string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	on := psql.RunWith(tx)
	if _, err := on.Insert("users").Columns("name").Values(name).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// okListener closes its server connection.
func okListener(dsn string, stop <-chan struct{}) error {
	l := pq.NewListener(dsn, time.Second, time.Minute, nil)
	defer l.Close()
	if err := l.Listen("jobs"); err != nil {
		return err
	}
	<-stop
	return nil
}

// badListener keeps it when it cannot listen.
func badListener(dsn string, stop <-chan struct{}) error {
	l := pq.NewListener(dsn, time.Second, time.Minute, nil) // want "l is not closed"
	if err := l.Listen("jobs"); err != nil {
		return err
	}
	<-stop
	return l.Close()
}
