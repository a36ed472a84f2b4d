// Package customers is a repository.
package customers

import (
	"context"
	"database/sql"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/repos/database"
)

type Customer struct {
	ID    int64
	Email string
}

type Repo struct {
	pool *pgxpool.Pool
}

func New(pool *pgxpool.Pool) *Repo { return &Repo{pool: pool} }

// Pool hands the pool out.
func (r *Repo) Pool() *pgxpool.Pool { return r.pool }

func (r *Repo) ByID(ctx context.Context, id int64) (Customer, error) {
	rows, err := r.pool.Query(ctx, "select id, email from customers where id = $1", id)
	if err != nil {
		return Customer{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Customer])
}

// ByIDTx is ByID in a transaction.
func (r *Repo) ByIDTx(ctx context.Context, tx pgx.Tx, id int64) (Customer, error) {
	rows, err := tx.Query(ctx, "select id, email from customers where id = $1", id)
	if err != nil {
		return Customer{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Customer])
}

// Normalize needs no database.
func (r *Repo) Normalize(c Customer) Customer {
	c.Email = strings.ToLower(strings.TrimSpace(c.Email))
	return c
}

// Touch uses the package's variable.
func Touch(ctx context.Context, id int64) error {
	_, err := database.DB.ExecContext(ctx, "update customers set seen = now() where id = $1", id)
	return err
}

// TouchTx is Touch in a transaction.
func TouchTx(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, "update customers set seen = now() where id = $1", id)
	return err
}
