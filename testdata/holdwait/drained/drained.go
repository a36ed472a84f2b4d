// Package drained: what was held is free again when the pool is asked.
package drained

import (
	"context"
	"database/sql"
	"errors"
	"io"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/georgysavva/scany/v2/sqlscan"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type Bird struct {
	ID   int64
	Name string
}

const seen = "insert into sightings values ($1)"

func okAppendRows(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id, name from birds")
	if err != nil {
		return err
	}
	birds := make([]Bird, 0, 8)
	if birds, err = pgx.AppendRows(birds, rows, pgx.RowToStructByName[Bird]); err != nil {
		_, _ = pool.Exec(ctx, "insert into failures values ($1)", err.Error())
		return err
	}
	_, err = pool.Exec(ctx, seen, len(birds))
	return err
}

func okScany(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id, name from birds")
	if err != nil {
		return err
	}
	var birds []Bird
	if err := pgxscan.ScanAll(&birds, rows); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, seen, len(birds))
	return err
}

// badScanyRow reads one row and leaves the rest open.
func badScanyRow(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id, name from birds")
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return sql.ErrNoRows
	}
	var b Bird
	if err := sqlscan.ScanRow(&b, rows); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, b.ID) // want `second connection while rows holds one`
	return err
}

func okScanOne(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id, name from birds limit 1")
	if err != nil {
		return err
	}
	var b Bird
	if err := sqlscan.ScanOne(&b, rows); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, b.ID)
	return err
}

// badSqlxStructScan: when it fails it leaves the rows open.
func badSqlxStructScan(ctx context.Context, db *sqlx.DB) error {
	rows, err := db.QueryxContext(ctx, "select id, name from birds")
	if err != nil {
		return err
	}
	defer rows.Close()
	var birds []Bird
	if err := sqlx.StructScan(rows, &birds); err != nil {
		_, logErr := db.ExecContext(ctx, "insert into failures values ($1)", err.Error()) // want `second connection while rows holds one`
		return errors.Join(err, logErr)
	}
	return nil
}

func okReassigned(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id from birds")
	if err != nil {
		return err
	}
	rows.Close()
	rows, err = pool.Query(ctx, "select id from nests")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		_ = rows.RawValues()
	}
	return rows.Err()
}

// badReassigned: the first rows are open when the second are asked for.
func badReassigned(ctx context.Context, db *sql.DB) (first int64, err error) {
	rows, err := db.QueryContext(ctx, "select id from birds")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&first); err != nil {
			return 0, err
		}
	}
	more, err := db.QueryContext(ctx, "select id from nests") // want `second connection while rows holds one`
	if err != nil {
		return 0, err
	}
	defer more.Close()
	for more.Next() {
		first++
	}
	return first, more.Err()
}

func okClosedByHelper(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from birds")
	if err != nil {
		return err
	}
	if rows.Next() {
		_ = rows.Scan(new(int64))
	}
	quietly(rows)
	_, err = db.ExecContext(ctx, seen, 1)
	return err
}

func quietly(c io.Closer) { _ = c.Close() }

// okReadByHelper: the helper reads to the end.
func okReadByHelper(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from birds")
	if err != nil {
		return err
	}
	defer rows.Close()
	ids, err := readIDs(rows)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, len(ids))
	return err
}

func readIDs(rows *sql.Rows) (ids []int64, err error) {
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// badReadByHelper: this helper reads the first row only.
func badReadByHelper(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from birds")
	if err != nil {
		return err
	}
	defer rows.Close()
	id, err := firstID(rows)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, id) // want `second connection while rows holds one`
	return err
}

func firstID(rows *sql.Rows) (id int64, err error) {
	if rows.Next() {
		err = rows.Scan(&id)
	}
	return id, err
}

// okTxThenRows: rows of a transaction are over with it.
func okTxThenRows(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "select id from birds")
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	ids, err := readIDs(rows)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, len(ids))
	return err
}

// badRowsClosedTxOpen closes the rows; the transaction holds on.
func badRowsClosedTxOpen(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "select id from birds")
	if err != nil {
		return err
	}
	ids, err := readIDs(rows)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, seen, len(ids)); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// okPagination closes each page before it asks for what is in it.
func okPagination(ctx context.Context, pool *pgxpool.Pool) error {
	for last := int64(0); ; {
		rows, err := pool.Query(ctx, "select id from birds where id > $1 order by id limit 100", last)
		if err != nil {
			return err
		}
		page, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(page) == 0 {
			return err
		}
		for _, id := range page {
			if _, err := pool.Exec(ctx, seen, id); err != nil {
				return err
			}
		}
		last = page[len(page)-1]
	}
}

// okSecondResult reads all result sets.
func okSecondResult(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select 1; select 2")
	if err != nil {
		return err
	}
	n := 0
	for more := true; more; more = rows.NextResultSet() {
		for rows.Next() {
			n++
		}
	}
	if err := rows.Close(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, seen, n)
	return err
}

// okSwitch: closed, read to the end, or gone.
func okSwitch(ctx context.Context, pool *pgxpool.Pool, mode int) error {
	rows, err := pool.Query(ctx, "select id from birds")
	if err != nil {
		return err
	}
	switch mode {
	case 0:
		rows.Close()
	case 1:
		for rows.Next() {
		}
	default:
		defer rows.Close()
		return errors.ErrUnsupported
	}
	_, err = pool.Exec(ctx, seen, mode)
	return err
}
