package sqlcgen

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func badB111BatchNeverRun(ctx context.Context, pool *pgxpool.Pool, names []string) error {
	b := New(pool).CreateAuthors(ctx, names) // want "b is never closed"
	if b == nil {
		return errors.New("no batch")
	}
	return nil
}

func okB111BatchExec(ctx context.Context, pool *pgxpool.Pool, names []string) (err error) {
	New(pool).CreateAuthors(ctx, names).okB110Exec(func(i int, e error) {
		if e != nil {
			err = errors.Join(err, fmt.Errorf("author %d: %w", i, e))
		}
	})
	return err
}

func okB112BatchClose(ctx context.Context, q *Queries, names []string) error {
	return q.CreateAuthors(ctx, names).Close()
}

type Store struct {
	*Queries
	pool *pgxpool.Pool
}

func NewStore(pool *pgxpool.Pool) *Store { return &Store{Queries: New(pool), pool: pool} }

// execTx of the well-known tutorial: rolls back on fn's error, commits otherwise.
func (s *Store) execTx(ctx context.Context, fn func(*Queries) error) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	err = fn(s.WithTx(tx))
	if err != nil {
		if rbErr := tx.Rollback(ctx); rbErr != nil {
			return fmt.Errorf("tx err: %v, rb err: %v", err, rbErr)
		}
		return err
	}
	return tx.Commit(ctx)
}

func (s *Store) okT110ExecTx(ctx context.Context, name string) error {
	return s.execTx(ctx, func(q *Queries) error {
		if err := q.CreateAuthor(ctx, name); err != nil {
			return err
		}
		_, err := q.GetAuthor(ctx, 1)
		return err
	})
}

// The closure leaves a batch of the transaction open: Commit finds the conn busy.
func (s *Store) badB113BatchOpenInTx(ctx context.Context, names []string) error {
	return s.execTx(ctx, func(q *Queries) error {
		q.CreateAuthors(ctx, names) // want "result of q\\.CreateAuthors is never closed"
		return nil
	})
}

func (s *Store) badT111WithTxManual(ctx context.Context, name string) (Author, error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{}) // want "tx is neither committed nor rolled back"
	if err != nil {
		return Author{}, err
	}
	qtx := s.WithTx(tx)
	a, err := qtx.GetAuthor(ctx, 1)
	if errors.Is(err, pgx.ErrNoRows) {
		return Author{}, fmt.Errorf("no such author")
	}
	if err != nil {
		_ = tx.Rollback(ctx)
		return Author{}, err
	}
	return a, tx.Commit(ctx)
}

func (s *Store) okT111WithTxManual(ctx context.Context, name string) (Author, error) {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return Author{}, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	qtx := s.WithTx(tx)
	a, err := qtx.GetAuthor(ctx, 1)
	if errors.Is(err, pgx.ErrNoRows) {
		return Author{}, fmt.Errorf("no such author")
	}
	if err != nil {
		return Author{}, err
	}
	return a, tx.Commit(ctx)
}

// The queries of a transaction are kept in a struct with the transaction; somebody else ends it.
type Scoped struct {
	*Queries
	tx pgx.Tx
}

func (s *Scoped) Done(ctx context.Context, err *error) {
	if *err != nil {
		_ = s.tx.Rollback(ctx)
		return
	}
	*err = s.tx.Commit(ctx)
}

func (s *Store) Scope(ctx context.Context) (*Scoped, error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("scope: %w", err)
	}
	return &Scoped{s.WithTx(tx), tx}, nil
}

func (s *Store) okT112Scope(ctx context.Context, name string) (err error) {
	sc, err := s.Scope(ctx)
	if err != nil {
		return err
	}
	defer sc.Done(ctx, &err)
	return sc.CreateAuthor(ctx, name)
}

func (s *Store) badT112Scope(ctx context.Context, name string) (err error) {
	sc, err := s.Scope(ctx) // want "sc is not closed"
	if err != nil {
		return err
	}
	if err = sc.CreateAuthor(ctx, name); err != nil {
		return err
	}
	sc.Done(ctx, &err)
	return err
}
