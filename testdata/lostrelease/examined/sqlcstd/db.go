// Package sqlcstd: code in the form of sqlc's output for database/sql, with prepared queries, and its callers.
package sqlcstd

import (
	"context"
	"database/sql"
	"fmt"
)

type DBTX interface {
	ExecContext(context.Context, string, ...interface{}) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...interface{}) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...interface{}) *sql.Row
}

func New(db DBTX) *Queries { return &Queries{db: db} }

func okS110Prepare(ctx context.Context, db DBTX) (*Queries, error) {
	q := Queries{db: db}
	var err error
	if q.getStmt, err = db.PrepareContext(ctx, getAuthor); err != nil {
		return nil, fmt.Errorf("error preparing query Get: %w", err)
	}
	if q.listStmt, err = db.PrepareContext(ctx, listAuthors); err != nil {
		q.getStmt.Close()
		return nil, fmt.Errorf("error preparing query List: %w", err)
	}
	return &q, nil
}

func (q *Queries) Close() error {
	var err error
	if q.getStmt != nil {
		if cerr := q.getStmt.Close(); cerr != nil {
			err = fmt.Errorf("error closing getStmt: %w", cerr)
		}
	}
	if q.listStmt != nil {
		if cerr := q.listStmt.Close(); cerr != nil {
			err = fmt.Errorf("error closing listStmt: %w", cerr)
		}
	}
	return err
}

func (q *Queries) query(ctx context.Context, stmt *sql.Stmt, query string, args ...interface{}) (*sql.Rows, error) {
	switch {
	case stmt != nil && q.tx != nil:
		return q.tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	case stmt != nil:
		return stmt.QueryContext(ctx, args...)
	default:
		return q.db.QueryContext(ctx, query, args...)
	}
}

func (q *Queries) queryRow(ctx context.Context, stmt *sql.Stmt, query string, args ...interface{}) *sql.Row {
	switch {
	case stmt != nil && q.tx != nil:
		return q.tx.StmtContext(ctx, stmt).QueryRowContext(ctx, args...)
	case stmt != nil:
		return stmt.QueryRowContext(ctx, args...)
	default:
		return q.db.QueryRowContext(ctx, query, args...)
	}
}

type Queries struct {
	db       DBTX
	tx       *sql.Tx
	getStmt  *sql.Stmt
	listStmt *sql.Stmt
}

func (q *Queries) WithTx(tx *sql.Tx) *Queries {
	return &Queries{db: tx, tx: tx, getStmt: q.getStmt, listStmt: q.listStmt}
}

const getAuthor = "select id, name from authors where id=$1"

const listAuthors = "select id, name from authors"

type Author struct {
	ID   int64
	Name string
}

func (q *Queries) okS111Get(ctx context.Context, id int64) (Author, error) {
	row := q.queryRow(ctx, q.getStmt, getAuthor, id)
	var i Author
	err := row.Scan(&i.ID, &i.Name)
	return i, err
}

func (q *Queries) okS112List(ctx context.Context) ([]Author, error) {
	rows, err := q.query(ctx, q.listStmt, listAuthors)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []Author
	for rows.Next() {
		var i Author
		if err := rows.Scan(&i.ID, &i.Name); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return items, nil
}

// Hand-edited: the defer got lost.
func (q *Queries) badS112List(ctx context.Context) ([]Author, error) {
	rows, err := q.query(ctx, q.listStmt, listAuthors) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	var items []Author
	for rows.Next() {
		var i Author
		if err := rows.Scan(&i.ID, &i.Name); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return items, nil
}

func (q *Queries) badS113Exists(ctx context.Context, id int64) bool {
	return q.queryRow(ctx, q.getStmt, getAuthor, id).Err() == nil // want "result of q\\.queryRow is never scanned"
}

func badT113TxStd(ctx context.Context, db *sql.DB, q *Queries) (Author, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable}) // want "tx is neither committed nor rolled back"
	if err != nil {
		return Author{}, err
	}
	as, err := q.WithTx(tx).okS112List(ctx)
	if err != nil {
		tx.Rollback()
		return Author{}, err
	}
	if len(as) == 0 {
		return Author{}, sql.ErrNoRows
	}
	return as[0], tx.Commit()
}

func okT113TxStd(ctx context.Context, db *sql.DB, q *Queries) (Author, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return Author{}, err
	}
	as, err := q.WithTx(tx).okS112List(ctx)
	if err != nil {
		tx.Rollback()
		return Author{}, err
	}
	if len(as) == 0 {
		tx.Rollback()
		return Author{}, sql.ErrNoRows
	}
	return as[0], tx.Commit()
}

// Rows of a database/sql transaction whose end is certain need no Close.
func okS114RowsOfEndedTx(ctx context.Context, db *sql.DB, q *Queries) (bool, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, listAuthors)
	if err != nil {
		return false, err
	}
	has := rows.Next()
	if err := rows.Err(); err != nil {
		return false, err
	}
	return has, tx.Commit()
}
