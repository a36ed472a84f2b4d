// Package thirdparty: a library that is given the pool takes connections of its own.
package thirdparty

import (
	"context"

	"github.com/georgysavva/scany/v2/pgxscan"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

type MailArgs struct{ To string }

func (MailArgs) Kind() string { return "mail" }

type Signup struct {
	pool *pgxpool.Pool
	jobs *river.Client[pgx.Tx]
}

func (s *Signup) OkInsertTx(ctx context.Context, to string) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := s.jobs.InsertTx(ctx, tx, MailArgs{to}, nil); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Signup) BadScany(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var names []string
		if err := pgxscan.Select(ctx, s.pool, &names, "select name from users"); err != nil { // want `pgxscan\.Select may wait for a second connection while \S+ holds one`
			return err
		}
		_, err := tx.Exec(ctx, "insert into digests values ($1)", names)
		return err
	})
}

func (s *Signup) OkScany(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var names []string
		if err := pgxscan.Select(ctx, tx, &names, "select name from users"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into digests values ($1)", names)
		return err
	})
}
