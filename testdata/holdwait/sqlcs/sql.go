package sqlcs

import (
	"context"
	"database/sql"
)

// dbtx, queries: sqlc for database/sql, with prepared statements.
type dbtx interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

type queries struct {
	db          dbtx
	tx          *sql.Tx
	getBookStmt *sql.Stmt
}

func prepare(ctx context.Context, db dbtx) (*queries, error) {
	q := queries{db: db}
	var err error
	if q.getBookStmt, err = db.PrepareContext(ctx, "select title from books where id = $1"); err != nil {
		return nil, err
	}
	return &q, nil
}

func (q *queries) withTx(tx *sql.Tx) *queries {
	return &queries{db: tx, tx: tx, getBookStmt: q.getBookStmt}
}

func (q *queries) queryRow(ctx context.Context, stmt *sql.Stmt, query string, args ...any) *sql.Row {
	switch {
	case stmt != nil && q.tx != nil:
		return q.tx.StmtContext(ctx, stmt).QueryRowContext(ctx, args...)
	case stmt != nil:
		return stmt.QueryRowContext(ctx, args...)
	default:
		return q.db.QueryRowContext(ctx, query, args...)
	}
}

func (q *queries) GetBook(ctx context.Context, id int64) (title string, err error) {
	err = q.queryRow(ctx, q.getBookStmt, "select title from books where id = $1", id).Scan(&title)
	return title, err
}

func (q *queries) SetTitle(ctx context.Context, id int64, title string) error {
	_, err := q.db.ExecContext(ctx, "update books set title = $2 where id = $1", id, title)
	return err
}

type shelf struct {
	db *sql.DB
	q  *queries
}

func newShelf(ctx context.Context, db *sql.DB) (*shelf, error) {
	q, err := prepare(ctx, db)
	if err != nil {
		return nil, err
	}
	return &shelf{db: db, q: q}, nil
}

// okWithTx: withTx is the transaction, also for the prepared statements.
func (s *shelf) okWithTx(ctx context.Context, id int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	q := s.q.withTx(tx)
	title, err := q.GetBook(ctx, id)
	if err != nil {
		return err
	}
	if err := q.SetTitle(ctx, id, title+"!"); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *shelf) badWithoutTx(ctx context.Context, id int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	q := s.q.withTx(tx)
	if err := q.SetTitle(ctx, id, "?"); err != nil {
		return err
	}
	if err := s.q.SetTitle(ctx, id, "!"); err != nil { // want `q\.SetTitle may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// badPrepareInTx prepares all statements on the pool while a transaction is open.
func (s *shelf) badPrepareInTx(ctx context.Context, id int64) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	q, err := prepare(ctx, s.db) // want `prepare may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	if err := q.withTx(tx).SetTitle(ctx, id, "?"); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *shelf) okPrepareFirst(ctx context.Context, id int64) error {
	q, err := prepare(ctx, s.db)
	if err != nil {
		return err
	}
	defer q.getBookStmt.Close()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := q.withTx(tx).SetTitle(ctx, id, "?"); err != nil {
		return err
	}
	return tx.Commit()
}
