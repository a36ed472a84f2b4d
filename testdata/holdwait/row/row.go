// Package row: QueryRow takes the connection, Scan gives it back.
package row

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type invoices struct {
	pool *pgxpool.Pool
}

func badExecBeforeScan(ctx context.Context, pool *pgxpool.Pool, id int64) (number string, err error) {
	row := pool.QueryRow(ctx, "select number from invoices where id = $1", id)
	if _, err := pool.Exec(ctx, "update invoices set seen = now() where id = $1", id); err != nil { // want `second connection while row holds one`
		return "", err
	}
	err = row.Scan(&number)
	return number, err
}

func badTwoRows(ctx context.Context, db *sql.DB, id int64) (gross, net int64, err error) {
	g := db.QueryRowContext(ctx, "select gross from invoices where id = $1", id)
	n := db.QueryRowContext(ctx, "select net from invoices where id = $1", id) // want `second connection while g holds one`
	return gross, net, errors.Join(g.Scan(&gross), n.Scan(&net))
}

// badErrChecked: Err is no release.
func badErrChecked(ctx context.Context, db *sql.DB, id int64) (net int64, err error) {
	row := db.QueryRowContext(ctx, "select net from invoices where id = $1", id)
	if err := row.Err(); err != nil {
		return 0, err
	}
	if _, err := db.ExecContext(ctx, "update invoices set seen = now() where id = $1", id); err != nil { // want `second connection while row holds one`
		return 0, err
	}
	err = row.Scan(&net)
	return net, err
}

// badScanDestination: Go calls QueryRow, then pick, then Scan.
func (s invoices) badScanDestination(ctx context.Context, id int64) (net, gross int64, err error) {
	err = s.pool.QueryRow(ctx, "select amount from invoices where id = $1", id).Scan(s.pick(ctx, &net, &gross)) // want `second connection`
	return net, gross, err
}

func (s invoices) pick(ctx context.Context, net, gross *int64) *int64 {
	var kind string
	if err := s.pool.QueryRow(ctx, "select kind from settings").Scan(&kind); err != nil || kind == "net" {
		return net
	}
	return gross
}

// okArgument: the argument is asked for before QueryRow runs.
func (s invoices) okArgument(ctx context.Context) (net int64, err error) {
	err = s.pool.QueryRow(ctx, "select amount from invoices where id = $1", s.latest(ctx)).Scan(&net)
	return net, err
}

func (s invoices) latest(ctx context.Context) (id int64) {
	_ = s.pool.QueryRow(ctx, "select max(id) from invoices").Scan(&id)
	return id
}

func okChained(ctx context.Context, pool *pgxpool.Pool, id int64) (gross, net int64, err error) {
	if err := pool.QueryRow(ctx, "select gross from invoices where id = $1", id).Scan(&gross); err != nil {
		return 0, 0, err
	}
	err = pool.QueryRow(ctx, "select net from invoices where id = $1", id).Scan(&net)
	return gross, net, err
}

// okScanFails: Scan gives the connection back whatever it returns.
func okScanFails(ctx context.Context, pool *pgxpool.Pool, number string) (id int64, err error) {
	row := pool.QueryRow(ctx, "select id from invoices where number = $1", number)
	err = row.Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = pool.QueryRow(ctx, "insert into invoices (number) values ($1) returning id", number).Scan(&id)
	}
	return id, err
}

func okSQLNoRows(ctx context.Context, db *sql.DB, number string) error {
	var id int64
	switch err := db.QueryRowContext(ctx, "select id from invoices where number = $1", number).Scan(&id); {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		_, err := db.ExecContext(ctx, "insert into invoices (number) values ($1)", number)
		return err
	default:
		return err
	}
}

func okScannedByHelper(ctx context.Context, db *sql.DB, id int64) error {
	inv, err := scanInvoice(db.QueryRowContext(ctx, "select net, gross from invoices where id = $1", id))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "update totals set net = net + $1", inv[0])
	return err
}

func scanInvoice(row *sql.Row) (v [2]int64, err error) {
	err = row.Scan(&v[0], &v[1])
	return v, err
}
