// Package shop has a place for each operator. poolvet finds nothing in it.
package shop

import (
	"context"
	"database/sql"

	"golang.org/x/sync/errgroup"
)

type store struct{ db *sql.DB }

// open has a limit.
func open(dsn string) (*store, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return &store{db}, nil
}

// ids closes its rows with a defer.
func (s *store) ids(ctx context.Context) ([]int, error) {
	rows, err := s.db.QueryContext(ctx, "select id from items")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return ids, nil
}

// first closes its rows before it looks at what it read.
func (s *store) first(ctx context.Context) error {
	rows, err := s.db.QueryContext(ctx, "select id from items")
	if err != nil {
		return err
	}
	var id int
	if rows.Next() {
		err = rows.Scan(&id)
	}
	rows.Close()
	if err != nil {
		return err
	}
	return rows.Err()
}

// count scans its row.
func (s *store) count(ctx context.Context) (int, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "select count(*) from items").Scan(&n)
	return n, err
}

// clear drops the result.
func (s *store) clear(ctx context.Context) error {
	_, err := s.db.ExecContext(ctx, "delete from items")
	return err
}

// move ends its transaction on each path.
func (s *store) move(ctx context.Context, id int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "update items set moved = true where id = $1", id); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := note(ctx, tx, id); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// note takes a pool or a transaction.
func note(ctx context.Context, db execer, id int) error {
	_, err := db.ExecContext(ctx, "insert into notes values ($1)", id)
	return err
}

// moveAll has a bound.
func (s *store) moveAll(ctx context.Context, ids []int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error { return s.move(ctx, id) })
	}
	return g.Wait()
}

// clearAll has a bound of its own.
func (s *store) clearAll(ctx context.Context, n int) {
	slots := make(chan struct{}, 4)
	for range n {
		slots <- struct{}{}
		go func() {
			defer func() { <-slots }()
			_ = s.clear(ctx)
		}()
	}
}

// readAll reads its rows to the end: the defer is for nothing but panics.
func (s *store) readAll(ctx context.Context) (n int, err error) {
	rows, err := s.db.QueryContext(ctx, "select id from items")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// mark has one statement in its transaction, which closes what that leaves open.
func (s *store) mark(ctx context.Context, id int) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "update items set marked = true where id = $1", id); err != nil {
		return err
	}
	return tx.Commit()
}
