// Package optionaltx: functions that take a transaction and use the pool where there is none.
package optionaltx

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type DB interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

type Seats struct {
	pool *pgxpool.Pool
}

// db is the transaction if there is one.
func (s *Seats) db(tx pgx.Tx) DB {
	if tx == nil {
		return s.pool
	}
	return tx
}

func (s *Seats) Reserve(ctx context.Context, tx pgx.Tx, seat int64) error {
	_, err := s.db(tx).Exec(ctx, "update seats set taken = true where id = $1", seat)
	return err
}

func (s *Seats) Free(ctx context.Context, tx pgx.Tx, seat int64) error {
	const query = "update seats set taken = false where id = $1"
	if tx != nil {
		_, err := tx.Exec(ctx, query, seat)
		return err
	}
	_, err := s.pool.Exec(ctx, query, seat)
	return err
}

// Count begins a transaction of its own if it is given none.
func (s *Seats) Count(ctx context.Context, tx pgx.Tx) (n int, err error) {
	if tx == nil {
		if tx, err = s.pool.Begin(ctx); err != nil {
			return 0, err
		}
		defer tx.Rollback(ctx)
	}
	err = tx.QueryRow(ctx, "select count(*) from seats where not taken").Scan(&n)
	return n, err
}

func (s *Seats) OkInTx(ctx context.Context, seats []int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for _, seat := range seats {
		if err := s.Reserve(ctx, tx, seat); err != nil {
			return err
		}
	}
	if n, err := s.Count(ctx, tx); err != nil || n == 0 {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Seats) OkWithout(ctx context.Context, seat int64) error {
	if err := s.Reserve(ctx, nil, seat); err != nil {
		return err
	}
	return s.Free(ctx, nil, seat)
}

func (s *Seats) OkFreeInTx(ctx context.Context, old, seat int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if err := s.Free(ctx, tx, old); err != nil {
			return err
		}
		return s.Reserve(ctx, tx, seat)
	})
}

// BadNil has a transaction and hands over none.
func (s *Seats) BadNil(ctx context.Context, old, seat int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := s.Reserve(ctx, tx, seat); err != nil {
		return err
	}
	if err := s.Free(ctx, nil, old); err != nil { // want `s\.Free may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (s *Seats) BadNilInFunc(ctx context.Context, seat int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		n, err := s.Count(ctx, nil) // want `s\.Count may wait for a second connection while \S+ holds one`
		if err != nil || n == 0 {
			return err
		}
		return s.Reserve(ctx, tx, seat)
	})
}

// BadUnusedParameter: swap ignores the transaction that it is given.
func (s *Seats) BadUnusedParameter(ctx context.Context, old, seat int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := s.swap(ctx, tx, old, seat); err != nil { // want `s\.swap may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (s *Seats) swap(ctx context.Context, _ pgx.Tx, old, seat int64) error {
	_, err := s.pool.Exec(ctx, "update seats set taken = id = $2 where id in ($1, $2)", old, seat)
	return err
}

// Halls is the same with database/sql.
type Halls struct {
	db *sql.DB
}

func (h *Halls) rename(ctx context.Context, tx *sql.Tx, id int64, name string) error {
	exec := h.db.ExecContext
	if tx != nil {
		exec = tx.ExecContext
	}
	_, err := exec(ctx, "update halls set name = $2 where id = $1", id, name)
	return err
}

func (h *Halls) load(ctx context.Context, tx *sql.Tx, id int64) (name string, err error) {
	const query = "select name from halls where id = $1"
	var row *sql.Row
	if tx == nil {
		row = h.db.QueryRowContext(ctx, query, id)
	} else {
		row = tx.QueryRowContext(ctx, query, id)
	}
	err = row.Scan(&name)
	return name, err
}

func (h *Halls) OkRename(ctx context.Context, id int64) error {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	name, err := h.load(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := h.rename(ctx, tx, id, name+" (old)"); err != nil {
		return err
	}
	return tx.Commit()
}

func (h *Halls) OkRenameWithout(ctx context.Context, id int64) error {
	name, err := h.load(ctx, nil, id)
	if err != nil {
		return err
	}
	return h.rename(ctx, nil, id, name+" (old)")
}

func (h *Halls) BadLoadOutside(ctx context.Context, id int64) error {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	name, err := h.load(ctx, nil, id) // want `h\.load may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	if err := h.rename(ctx, tx, id, name); err != nil {
		return err
	}
	return tx.Commit()
}

// OkEnsure holds a transaction on the path where it passes one, none where it passes nil.
func (h *Halls) OkEnsure(ctx context.Context, id int64, atomic bool) (err error) {
	var tx *sql.Tx
	if atomic {
		if tx, err = h.db.BeginTx(ctx, nil); err != nil {
			return err
		}
		defer tx.Rollback()
	}
	if err := h.rename(ctx, tx, id, "main hall"); err != nil {
		return err
	}
	if tx != nil {
		return tx.Commit()
	}
	return nil
}

// Option is a functional option with a transaction.
type Option func(*options)

type options struct{ exec DB }

// In runs a query in tx.
func In(tx pgx.Tx) Option { return func(o *options) { o.exec = tx } }

func (s *Seats) price(ctx context.Context, seat int64, opts ...Option) (cents int, err error) {
	o := options{exec: s.pool}
	for _, opt := range opts {
		opt(&o)
	}
	err = o.exec.QueryRow(ctx, "select cents from seats where id = $1", seat).Scan(&cents)
	return cents, err
}

// OkPriceOutside has no transaction at all.
func (s *Seats) OkPriceOutside(ctx context.Context, seat int64) (int, error) {
	return s.price(ctx, seat)
}

// OkPriceInTx: the option puts the transaction in the place of the pool.
func (s *Seats) OkPriceInTx(ctx context.Context, seat int64) (cents int, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		cents, err = s.price(ctx, seat, In(tx))
		return err
	})
	return cents, err
}
