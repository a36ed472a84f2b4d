// Package sqlcs: sqlc's Queries on the pool and on the transaction.
package sqlcs

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/sqlcs/db"
)

type Publisher struct {
	pool *pgxpool.Pool
	q    *db.Queries
}

func NewPublisher(pool *pgxpool.Pool) *Publisher {
	return &Publisher{pool: pool, q: db.New(pool)}
}

func (p *Publisher) BadMerge(ctx context.Context, from int64, to string) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	qtx := p.q.WithTx(tx)
	if err := qtx.DeleteAuthor(ctx, from); err != nil {
		return err
	}
	if _, err := p.q.CreateAuthor(ctx, to); err != nil { // want `q\.CreateAuthor may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (p *Publisher) OkMerge(ctx context.Context, from int64, to string) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	qtx := p.q.WithTx(tx)
	if err := qtx.DeleteAuthor(ctx, from); err != nil {
		return err
	}
	if _, err := qtx.CreateAuthor(ctx, to); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkNewOnTx makes the queries from the transaction.
func (p *Publisher) OkNewOnTx(ctx context.Context, names []string) error {
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		for _, name := range names {
			if _, err := q.CreateAuthor(ctx, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *Publisher) BadNewOnPool(ctx context.Context, names []string) error {
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		q := db.New(p.pool)
		for _, name := range names {
			if _, err := q.CreateAuthor(ctx, name); err != nil { // want `q\.CreateAuthor may wait for a second connection while \S+ holds one`
				return err
			}
		}
		_, err := tx.Exec(ctx, "analyze authors")
		return err
	})
}

func (p *Publisher) execTx(ctx context.Context, fn func(*db.Queries) error) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := fn(p.q.WithTx(tx)); err != nil {
		if rbErr := tx.Rollback(ctx); rbErr != nil {
			return fmt.Errorf("tx err: %w, rb err: %v", err, rbErr)
		}
		return err
	}
	return tx.Commit(ctx)
}

func (p *Publisher) OkExecTx(ctx context.Context) error {
	return p.execTx(ctx, func(q *db.Queries) error {
		all, err := q.ListAuthors(ctx)
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := q.DeleteAuthor(ctx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *Publisher) BadExecTx(ctx context.Context) error {
	return p.execTx(ctx, func(q *db.Queries) error {
		all, err := p.q.ListAuthors(ctx) // want `q\.ListAuthors may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		for _, a := range all {
			if err := q.DeleteAuthor(ctx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// Store embeds the queries, as the book on sqlc does.
type Store struct {
	*db.Queries
	pool *pgxpool.Pool
}

func NewStore(pool *pgxpool.Pool) *Store { return &Store{Queries: db.New(pool), pool: pool} }

func (s *Store) execTx(ctx context.Context, fn func(*db.Queries) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return fn(db.New(tx)) })
}

// BadPromoted calls the method of the embedded queries, which are on the pool.
func (s *Store) BadPromoted(ctx context.Context, id int64, name string) (a db.Author, err error) {
	err = s.execTx(ctx, func(q *db.Queries) error {
		if err := s.DeleteAuthor(ctx, id); err != nil { // want `s\.DeleteAuthor may wait for a second connection while \S+ holds one`
			return err
		}
		a, err = q.CreateAuthor(ctx, name)
		return err
	})
	return a, err
}

func (s *Store) OkPromoted(ctx context.Context, id int64, name string) (a db.Author, err error) {
	err = s.execTx(ctx, func(q *db.Queries) error {
		if err := q.DeleteAuthor(ctx, id); err != nil {
			return err
		}
		a, err = q.CreateAuthor(ctx, name)
		return err
	})
	return a, err
}

// OkPromotedAlone needs no transaction.
func (s *Store) OkPromotedAlone(ctx context.Context, id int64) ([]db.Author, error) {
	if err := s.DeleteAuthor(ctx, id); err != nil {
		return nil, err
	}
	return s.ListAuthors(ctx)
}

// okQuerier: the interface of the parameter is the transaction's here.
func okQuerier(ctx context.Context, pool *pgxpool.Pool, names []string) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		return createAll(ctx, db.New(tx), names)
	})
}

// badQuerier gives the same function the queries on the pool.
func badQuerier(ctx context.Context, pool *pgxpool.Pool, names []string) error {
	q := db.New(pool)
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "truncate authors"); err != nil {
			return err
		}
		return createAll(ctx, q, names) // want `createAll may wait for a second connection while \S+ holds one`
	})
}

func createAll(ctx context.Context, q db.Querier, names []string) error {
	for _, name := range names {
		if _, err := q.CreateAuthor(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// okListFirst: ListAuthors has closed its rows when it returns.
func okListFirst(ctx context.Context, q *db.Queries) error {
	all, err := q.ListAuthors(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := q.DeleteAuthor(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}
