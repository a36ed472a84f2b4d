// Package reports queries, behind several layers.
package reports

import (
	"context"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Repo reads from the database.
type Repo struct{ pool *pgxpool.Pool }

// NewRepo reads from pool.
func NewRepo(pool *pgxpool.Pool) *Repo { return &Repo{pool: pool} }

// Sum queries.
func (r *Repo) Sum(ctx context.Context, id int64) (n int, err error) {
	err = r.row(ctx, "select sum(amount) from sales where item = $1", id, &n)
	return n, err
}

func (r *Repo) row(ctx context.Context, query string, id int64, dst any) error {
	return r.pool.QueryRow(ctx, query, id).Scan(dst)
}

// Title does not query.
func (r *Repo) Title(id int64) string {
	if id == 0 {
		return "all"
	}
	return "one"
}

// Source is what a report needs.
type Source interface {
	Sum(ctx context.Context, id int64) (int, error)
}

var _ Source = (*Repo)(nil)

// Build reads from its source.
func Build(ctx context.Context, src Source, id int64) (string, error) {
	if _, err := src.Sum(ctx, id); err != nil {
		return "", err
	}
	return "report", nil
}

// Close closes the pool.
func (r *Repo) Close() { r.pool.Close() }
