// Package db has the form of what sqlc generates.
package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// DBTX is a pool, a connection or a transaction.
type DBTX interface {
	Exec(context.Context, string, ...interface{}) (pgconn.CommandTag, error)
	Query(context.Context, string, ...interface{}) (pgx.Rows, error)
	QueryRow(context.Context, string, ...interface{}) pgx.Row
}

// New makes the queries of db.
func New(db DBTX) *Queries {
	return &Queries{db: db}
}

// Queries are the queries.
type Queries struct {
	db DBTX
}

// WithTx makes the queries of a transaction.
func (q *Queries) WithTx(tx pgx.Tx) *Queries {
	return &Queries{
		db: tx,
	}
}

const getUser = `-- name: GetUser :one
SELECT id, name FROM users WHERE id = $1
`

// User is a row.
type User struct {
	ID   int64
	Name string
}

// GetUser reads one.
func (q *Queries) GetUser(ctx context.Context, id int64) (User, error) {
	row := q.db.QueryRow(ctx, getUser, id)
	var i User
	err := row.Scan(&i.ID, &i.Name)
	return i, err
}

const listUsers = `-- name: ListUsers :many
SELECT id, name FROM users
`

// ListUsers reads all.
func (q *Queries) ListUsers(ctx context.Context) ([]User, error) {
	rows, err := q.db.Query(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []User
	for rows.Next() {
		var i User
		if err := rows.Scan(&i.ID, &i.Name); err != nil {
			return nil, err
		}
		items = append(items, i)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return items, nil
}

const touchUser = `-- name: TouchUser :exec
UPDATE users SET seen = now() WHERE id = $1
`

// TouchUser writes one.
func (q *Queries) TouchUser(ctx context.Context, id int64) error {
	_, err := q.db.Exec(ctx, touchUser, id)
	return err
}

// Querier is the interface that emit_interface adds.
type Querier interface {
	GetUser(ctx context.Context, id int64) (User, error)
	ListUsers(ctx context.Context) ([]User, error)
	TouchUser(ctx context.Context, id int64) error
}

var _ Querier = (*Queries)(nil)
