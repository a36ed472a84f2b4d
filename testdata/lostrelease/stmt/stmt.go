// Package stmt: an unclosed statement holds no connection; it keeps a prepared statement on every server connection it ran on.
// Closing a statement does not close its rows.
package stmt

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

const (
	insert = "insert into metrics (name, value) values ($1, $2)"
	byName = "select value from metrics where name = $1"
)

// Store keeps statements for its life.
type Store struct {
	db     *sql.DB
	insert *sql.Stmt
	once   sync.Once
	lazy   *sql.Stmt
	err    error
	mu     sync.Mutex
	cache  map[string]*sql.Stmt
}

// okDeferred closes.
func okDeferred(ctx context.Context, db *sql.DB, values map[string]float64) error {
	stmt, err := db.PrepareContext(ctx, insert)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for name, v := range values {
		if _, err := stmt.ExecContext(ctx, name, v); err != nil {
			return err
		}
	}
	return nil
}

// okConstructor keeps the statement in what it returns.
func okConstructor(ctx context.Context, db *sql.DB) (*Store, error) {
	s := &Store{db: db, cache: make(map[string]*sql.Stmt)}
	var err error
	if s.insert, err = db.PrepareContext(ctx, insert); err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	return s, nil
}

// okOnce prepares at first use and keeps it.
func (s *Store) okOnce(ctx context.Context, name string) (v float64, err error) {
	s.once.Do(func() {
		s.lazy, s.err = s.db.Prepare(byName)
	})
	if s.err != nil {
		return 0, s.err
	}
	err = s.lazy.QueryRowContext(ctx, name).Scan(&v)
	return v, err
}

// okCache keeps one per text.
func (s *Store) okCache(ctx context.Context, text string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.cache[text]; ok {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	s.cache[text] = stmt
	return stmt, nil
}

// okCachedRowUse scans rows of a cached statement.
func (s *Store) okCachedRowUse(ctx context.Context, name string) (v float64, err error) {
	stmt, err := s.okCache(ctx, byName)
	if err != nil {
		return 0, err
	}
	err = stmt.QueryRowContext(ctx, name).Scan(&v)
	return v, err
}

// okTwoDeferred closes both; when the second fails the first is closed too.
func okTwoDeferred(ctx context.Context, db *sql.DB) error {
	a, err := db.PrepareContext(ctx, insert)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := db.PrepareContext(ctx, byName)
	if err != nil {
		return err
	}
	defer b.Close()
	var v float64
	if err := b.QueryRowContext(ctx, "a").Scan(&v); err != nil {
		return err
	}
	_, err = a.ExecContext(ctx, "b", v)
	return err
}

// okTxStmt ends with its transaction.
func (s *Store) okTxStmt(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.StmtContext(ctx, s.insert).ExecContext(ctx, "a", 1); err != nil {
		return err
	}
	return tx.Commit()
}

// badPerCall prepares one statement per call.
func badPerCall(ctx context.Context, db *sql.DB, name string, v float64) error {
	stmt, err := db.PrepareContext(ctx, insert) // want "stmt is n(ot|ever) closed"
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, name, v)
	return err
}

// badErrorPath closes on success only.
func badErrorPath(ctx context.Context, db *sql.DB, values map[string]float64) error {
	stmt, err := db.Prepare(insert) // want "stmt is not closed"
	if err != nil {
		return err
	}
	for name, v := range values {
		if _, err := stmt.ExecContext(ctx, name, v); err != nil {
			return err
		}
	}
	return stmt.Close()
}

// badStmtRows closes the statement, which does not close its rows.
func badStmtRows(ctx context.Context, db *sql.DB, name string) (ok bool, err error) {
	stmt, err := db.PrepareContext(ctx, byName)
	if err != nil {
		return false, err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx, name) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badCachedStmtRows: the statement is kept, the rows are not.
func (s *Store) badCachedStmtRows(ctx context.Context, name string) (values []float64, err error) {
	rows, err := s.lazy.QueryContext(ctx, name) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var v float64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, rows.Err()
}

// badStmtRow does not scan.
func (s *Store) badStmtRow(ctx context.Context, name string) error {
	row := s.lazy.QueryRowContext(ctx, name) // want "row is never scanned"
	return row.Err()
}
