package probe

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// row wrapper with own Err (errRow on failure)
type errRow struct{ err error }

func (e errRow) Scan(...any) error { return e.err }

func (s *SR) queryRow(ctx context.Context, q string) pgx.Row {
	c := s.db(ctx)
	if c == nil {
		return errRow{errors.New("no db")}
	}
	return c.QueryRow(ctx, q)
}

func (s *SR) okR90(ctx context.Context) (n int, err error) {
	err = s.queryRow(ctx, "x").Scan(&n)
	return
}

func (s *SR) badR90(ctx context.Context) { _ = s.queryRow(ctx, "x") } // want "result of s\\.queryRow is never scanned"

// rows released on row's Scan: acquires its own conn, releases it in Scan
type connRow struct {
	c *pgxpool.Conn
	r pgx.Row
}

func (r *connRow) Scan(d ...any) error {
	defer r.c.Release()
	return r.r.Scan(d...)
}

func (s *SR) queryRowConn(ctx context.Context, q string) pgx.Row {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return errRow{err}
	}
	return &connRow{c, c.QueryRow(ctx, q)}
}

func (s *SR) okA93(ctx context.Context) (n int, err error) {
	err = s.queryRowConn(ctx, "x").Scan(&n)
	return
}

// rows that own their conn (pgxpool.poolRows form)
type connRows struct {
	pgx.Rows
	c *pgxpool.Conn
}

func (r *connRows) Close() {
	r.Rows.Close()
	if r.c != nil {
		r.c.Release()
		r.c = nil
	}
}

func (r *connRows) Next() bool {
	n := r.Rows.Next()
	if !n {
		r.Close()
	}
	return n
}

func (s *SR) query(ctx context.Context, q string) (pgx.Rows, error) {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.Query(ctx, q)
	if err != nil {
		c.Release()
		return nil, err
	}
	return &connRows{rows, c}, nil
}

func (s *SR) okA94(ctx context.Context) (n int, err error) {
	rows, err := s.query(ctx, "x")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (s *SR) okA95(ctx context.Context) (n int, err error) {
	rows, err := s.query(ctx, "x")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (s *SR) badA95(ctx context.Context) (ok bool, err error) {
	rows, err := s.query(ctx, "x") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

func (s *SR) okA97(ctx context.Context) ([]int, error) {
	rows, err := s.query(ctx, "x")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

// tx on conn, custom
type connTx struct {
	pgx.Tx
	c *pgxpool.Conn
}

func (t *connTx) Commit(ctx context.Context) error {
	err := t.Tx.Commit(ctx)
	t.c.Release()
	return err
}

func (t *connTx) Rollback(ctx context.Context) error {
	defer t.c.Release()
	return t.Tx.Rollback(ctx)
}

func (s *SR) begin(ctx context.Context) (pgx.Tx, error) {
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := c.Begin(ctx)
	if err != nil {
		c.Release()
		return nil, err
	}
	return &connTx{tx, c}, nil
}

func (s *SR) okT98(ctx context.Context) error {
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func (s *SR) badT98(ctx context.Context) (*connTx, error) {
	c, err := s.pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	tx, err := c.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &connTx{tx, c}, nil
}

// embedded mutex-protected single conn repo
type Single struct {
	mu sync.Mutex
	tx *sql.Tx
	db *sql.DB
}

func (s *Single) flush() error {
	if s.tx == nil {
		return nil
	}
	err := s.tx.Commit()
	s.tx = nil
	return err
}

func (s *Single) okT90(ctx context.Context, q string) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tx == nil {
		if s.tx, err = s.db.BeginTx(ctx, nil); err != nil {
			return err
		}
	}
	_, err = s.tx.ExecContext(ctx, q)
	return err
}

func (s *Single) okT91(ctx context.Context) (err error) {
	s.tx, err = s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = s.tx.Rollback()
		}
		s.tx = nil
	}()
	if _, err = s.tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return s.flush()
}
