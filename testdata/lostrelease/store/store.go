// Package store wraps a pool for the rest of the service. What it returns its callers must release; package wrappers calls it.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store has the handles; nothing outside this package sees them.
type Store struct {
	pool *pgxpool.Pool
	db   *sql.DB

	mu   sync.Mutex
	seen int
}

// New takes the handles over.
func New(pool *pgxpool.Pool, db *sql.DB) *Store { return &Store{pool: pool, db: db} }

// OkUsers returns open rows; the deferred Unlock makes the compiler return them through variables.
func (s *Store) OkUsers(ctx context.Context) (pgx.Rows, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen++
	return s.pool.Query(ctx, "select id, name from users")
}

// OkUsersSQL returns open rows in a named result.
func (s *Store) OkUsersSQL(ctx context.Context, limit int) (rows *sql.Rows, err error) {
	start := time.Now()
	defer func() {
		if err != nil {
			err = fmt.Errorf("users (%v): %w", time.Since(start), err)
		}
	}()
	rows, err = s.db.QueryContext(ctx, "select name from users limit $1", limit)
	return rows, err
}

// OkUser returns a row to scan.
func (s *Store) OkUser(ctx context.Context, id int64) pgx.Row {
	return s.pool.QueryRow(ctx, "select id, name from users where id = $1", id)
}

// OkBegin begins a transaction with a setting, and rolls back when the setting fails.
func (s *Store) OkBegin(ctx context.Context, tenant string) (pgx.Tx, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	if _, err := tx.Exec(ctx, "select set_config('app.tenant', $1, true)", tenant); err != nil {
		_ = tx.Rollback(ctx)
		return nil, fmt.Errorf("tenant: %w", err)
	}
	return tx, nil
}

// BadBegin loses the transaction when the setting fails.
func (s *Store) BadBegin(ctx context.Context, tenant string) (pgx.Tx, error) {
	tx, err := s.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	if _, err := tx.Exec(ctx, "select set_config('app.tenant', $1, true)", tenant); err != nil {
		return nil, fmt.Errorf("tenant: %w", err)
	}
	return tx, nil
}

// Tx is what the service sees of a transaction.
type Tx interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// OkBeginIface returns a pgx transaction as the service's own interface.
func (s *Store) OkBeginIface(ctx context.Context) (Tx, error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return nil, err
	}
	return tx, nil
}

// OkConn returns an acquired connection.
func (s *Store) OkConn(ctx context.Context) (*pgxpool.Conn, error) { return s.pool.Acquire(ctx) }

// OkTryConn returns a connection, or ok false and none.
func (s *Store) OkTryConn(ctx context.Context, id int64) (conn *pgxpool.Conn, ok bool, err error) {
	conn, err = s.pool.Acquire(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", id).Scan(&ok); err != nil {
		conn.Release()
		return nil, false, err
	}
	if !ok {
		conn.Release()
		return nil, false, nil
	}
	return conn, true, nil
}

// OkWithTx runs fn in a transaction that it ends on every path.
func (s *Store) OkWithTx(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BadWithTx trusts fn to succeed.
func (s *Store) BadWithTx(ctx context.Context, fn func(pgx.Tx) error) error {
	tx, err := s.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkEachUser closes what it reads, whatever visit says.
func (s *Store) OkEachUser(ctx context.Context, visit func(id int64, name string) error) error {
	rows, err := s.pool.Query(ctx, "select id, name from users")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return err
		}
		if err := visit(id, name); err != nil {
			return err
		}
	}
	return rows.Err()
}
