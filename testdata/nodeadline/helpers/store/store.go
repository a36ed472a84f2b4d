// Package store has what other packages call.
package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Store has a pool.
type Store struct {
	pool *pgxpool.Pool
}

// New wraps a pool.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Count takes a connection with the context of its caller.
func (s *Store) Count(ctx context.Context) (n int, err error) { return s.count(ctx, "users") }

func (s *Store) count(ctx context.Context, table string) (n int, err error) {
	err = s.pool.QueryRow(ctx, "select count(*) from "+table).Scan(&n)
	return n, err
}

// CountSoon has a timeout of its own.
func (s *Store) CountSoon(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return s.count(ctx, "users")
}

// Watch takes a connection again and again, as long as its context lives: the deadline belongs to each query.
func (s *Store) Watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
		s.count(ctx, "users")
	}
}

// Start leaves a goroutine behind that lives as long as the context.
func (s *Store) Start(ctx context.Context) {
	go s.count(ctx, "users")
}

// Memory takes no connection.
func (s *Store) Memory(ctx context.Context) int { return 1 }

// Queryer is a pool, a connection or a transaction.
type Queryer interface {
	QueryRow(query string, args ...any) *sql.Row
}

// Name works on whatever it is given.
func Name(q Queryer, id int) (name string, err error) {
	err = q.QueryRow("select name from users where id = $1", id).Scan(&name)
	return name, err
}

// Counter counts.
type Counter interface {
	Count(ctx context.Context) (int, error)
}

// DBTX is a pool or a transaction, as sqlc writes it.
type DBTX interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Queries is generated.
type Queries struct{ db DBTX }

// NewQueries is on a pool or a transaction.
func NewQueries(db DBTX) *Queries { return &Queries{db: db} }

// WithTx is the same on a transaction.
func (q *Queries) WithTx(tx *sql.Tx) *Queries { return &Queries{db: tx} }

// UserName takes a connection of its own only on a pool.
func (q *Queries) UserName(ctx context.Context, id int) (name string, err error) {
	err = q.db.QueryRowContext(ctx, "select name from users where id = $1", id).Scan(&name)
	return name, err
}

// InTx runs with queries on a transaction.
func InTx(ctx context.Context, db *sql.DB, run func(q *Queries) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := run(NewQueries(tx)); err != nil {
		return err
	}
	return tx.Commit()
}
