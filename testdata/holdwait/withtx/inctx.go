package withtx

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type txKey struct{}

// Executor is what pool and transaction have in common.
type Executor interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// Manager keeps the transaction in the context.
type Manager struct {
	pool *pgxpool.Pool
}

func (m *Manager) WithinTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if _, ok := ctx.Value(txKey{}).(pgx.Tx); ok {
		return fn(ctx)
	}
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := fn(context.WithValue(ctx, txKey{}, tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (m *Manager) executor(ctx context.Context) Executor {
	if tx, ok := ctx.Value(txKey{}).(pgx.Tx); ok {
		return tx
	}
	return m.pool
}

type Guests struct {
	m *Manager
}

func (g *Guests) Add(ctx context.Context, name string) (id int64, err error) {
	err = g.m.executor(ctx).QueryRow(ctx, "insert into guests (name) values ($1) returning id", name).Scan(&id)
	return id, err
}

func (g *Guests) count(ctx context.Context) (n int, err error) {
	err = g.m.pool.QueryRow(ctx, "select count(*) from guests").Scan(&n)
	return n, err
}

type Reception struct {
	m      *Manager
	guests *Guests
}

// OkCheckIn: the context of the function has the transaction, Add finds it there.
func (r *Reception) OkCheckIn(ctx context.Context, name string, room int64) error {
	return r.m.WithinTx(ctx, func(ctx context.Context) error {
		id, err := r.guests.Add(ctx, name)
		if err != nil {
			return err
		}
		_, err = r.m.executor(ctx).Exec(ctx, "update rooms set guest = $2 where id = $1", room, id)
		return err
	})
}

// OkNestedInCtx: the inner call finds the transaction of the outer one.
func (r *Reception) OkNestedInCtx(ctx context.Context, names []string) error {
	return r.m.WithinTx(ctx, func(ctx context.Context) error {
		for _, name := range names {
			err := r.m.WithinTx(ctx, func(ctx context.Context) error {
				_, err := r.guests.Add(ctx, name)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// BadOuterContext: the context outside has no transaction, so Add takes the pool.
func (r *Reception) BadOuterContext(ctx context.Context, name string, room int64) error {
	return r.m.WithinTx(ctx, func(txCtx context.Context) error {
		id, err := r.guests.Add(ctx, name) // want `second connection while \S+ holds one`
		if err != nil {
			return err
		}
		_, err = r.m.executor(txCtx).Exec(txCtx, "update rooms set guest = $2 where id = $1", room, id)
		return err
	})
}

// BadForgotten calls a method that doesn't look into the context.
func (r *Reception) BadForgotten(ctx context.Context, name string) error {
	return r.m.WithinTx(ctx, func(ctx context.Context) error {
		if _, err := r.guests.Add(ctx, name); err != nil {
			return err
		}
		if n, err := r.guests.count(ctx); err != nil || n > 100 { // want `guests\.count may wait for a second connection while \S+ holds one`
			return errors.Join(err, errors.ErrUnsupported)
		}
		return nil
	})
}

// OkOutside: no transaction anywhere.
func (r *Reception) OkOutside(ctx context.Context, name string) (int, error) {
	if _, err := r.guests.Add(ctx, name); err != nil {
		return 0, err
	}
	return r.guests.count(ctx)
}
