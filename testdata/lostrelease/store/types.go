package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Cursor owns rows.
type Cursor struct {
	rows pgx.Rows
	n    int
}

// OkCursor opens one.
func (s *Store) OkCursor(ctx context.Context, q string) (*Cursor, error) {
	rows, err := s.pool.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	return &Cursor{rows: rows}, nil
}

// Next reads the next name.
func (c *Cursor) Next() (name string, ok bool, err error) {
	if !c.rows.Next() {
		return "", false, c.rows.Err()
	}
	c.n++
	err = c.rows.Scan(&name)
	return name, err == nil, err
}

// Close closes.
func (c *Cursor) Close() { c.rows.Close() }

// Listener owns a connection.
type Listener struct {
	conn  *pgxpool.Conn
	since time.Time
}

// OkListen acquires one and listens.
func (s *Store) OkListen(ctx context.Context, channel string) (*Listener, error) {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	l := &Listener{conn: conn, since: time.Now()}
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		l.Stop()
		return nil, err
	}
	return l, nil
}

// Wait waits for a payload.
func (l *Listener) Wait(ctx context.Context) (string, error) {
	n, err := l.conn.Conn().WaitForNotification(ctx)
	if err != nil {
		return "", err
	}
	return n.Payload, nil
}

// Stop gives the connection back.
func (l *Listener) Stop() {
	if l.conn != nil {
		l.conn.Release()
		l.conn = nil
	}
}

// Unit is a unit of work.
type Unit struct {
	tx   *sql.Tx
	done bool
}

// OkUnit begins one.
func (s *Store) OkUnit(ctx context.Context) (*Unit, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Unit{tx: tx}, nil
}

// Exec writes.
func (u *Unit) Exec(ctx context.Context, q string, args ...any) error {
	_, err := u.tx.ExecContext(ctx, q, args...)
	return err
}

// Done commits, or rolls back when err is not nil.
func (u *Unit) Done(err error) error {
	if err != nil {
		return errors.Join(err, u.tx.Rollback())
	}
	return u.tx.Commit()
}

// Stream is what a caller sees of rows.
type Stream interface {
	Next() bool
	Scan(dest ...any) error
	Close()
}

// OkStream returns rows as an interface of its own.
func (s *Store) OkStream(ctx context.Context) (Stream, error) {
	rows, err := s.pool.Query(ctx, "select name from users")
	if err != nil {
		return nil, fmt.Errorf("stream: %w", err)
	}
	return rows, nil
}

// Result has open rows in a field that everyone sees.
type Result struct {
	Rows    *sql.Rows
	Columns []string
}

// OkResult reads the columns and returns the rest; it closes when it cannot.
func (s *Store) OkResult(ctx context.Context, q string) (*Result, error) {
	rows, err := s.db.QueryContext(ctx, q)
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return &Result{Rows: rows, Columns: columns}, nil
}

// BadResult does not close when it cannot read the columns.
func (s *Store) BadResult(ctx context.Context, q string) (*Result, error) {
	rows, err := s.db.QueryContext(ctx, q) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	return &Result{Rows: rows, Columns: columns}, nil
}

// OkPrepareTx returns a transaction with its two ends.
func OkPrepareTx(ctx context.Context, pool *pgxpool.Pool) (tx pgx.Tx, commit func(context.Context) error, rollback func(), err error) {
	tx, err = pool.Begin(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	commit = func(ctx context.Context) error { return tx.Commit(ctx) }
	rollback = func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = tx.Rollback(ctx)
	}
	return tx, commit, rollback, nil
}

// OkAcquireWithTimeout returns a connection with its release, which undoes a setting first.
func OkAcquireWithTimeout(ctx context.Context, pool *pgxpool.Pool, d time.Duration) (*pgxpool.Conn, func(), error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := conn.Exec(ctx, "select set_config('statement_timeout', $1, false)", d.String()); err != nil {
		conn.Release()
		return nil, nil, err
	}
	release := func() {
		_, _ = conn.Exec(context.Background(), "reset statement_timeout")
		conn.Release()
	}
	return conn, release, nil
}

// OkRowsWithCleanup returns rows and what ends the transaction under them.
func OkRowsWithCleanup(ctx context.Context, db *sql.DB, q string) (_ *sql.Rows, cleanup func() error, err error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.QueryContext(ctx, q)
	if err != nil {
		return nil, nil, errors.Join(err, tx.Rollback())
	}
	return rows, func() error { return errors.Join(rows.Close(), tx.Rollback()) }, nil
}

// OkOpener returns a function that opens, for callers that decide later.
func (s *Store) OkOpener(q string) func(context.Context) (pgx.Rows, error) {
	return func(ctx context.Context) (pgx.Rows, error) { return s.pool.Query(ctx, q) }
}
