// Package received has transactions and connections of which it is not known where they were taken.
package received

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type key struct{}

func txFrom(ctx context.Context) pgx.Tx {
	tx, _ := ctx.Value(key{}).(pgx.Tx)
	return tx
}

func mustTx(ctx context.Context) (pgx.Tx, error) {
	if tx, ok := ctx.Value(key{}).(pgx.Tx); ok {
		return tx, nil
	}
	return nil, errors.New("no transaction")
}

func maybeTx(ctx context.Context) (*sql.Tx, bool) {
	tx, ok := ctx.Value(key{}).(*sql.Tx)
	return tx, ok
}

func badError(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := mustTx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "select 2") // want `pool.Exec may wait for a second connection while tx holds one \(L\d+, assuming one pool\)`
	return err
}

func badNil(ctx context.Context, pool *pgxpool.Pool) error {
	if tx := txFrom(ctx); tx != nil {
		_, err := pool.Exec(ctx, "select 2") // want `pool.Exec may wait for a second connection while tx holds one`
		return err
	}
	return nil
}

func badOk(ctx context.Context, db *sql.DB) error {
	if tx, ok := maybeTx(ctx); ok {
		if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "select 2") // want `db.ExecContext may wait for a second connection while tx holds one`
		return err
	}
	return nil
}

// okElse uses the pool where there is no transaction.
func okElse(ctx context.Context, pool *pgxpool.Pool) error {
	if tx := txFrom(ctx); tx != nil {
		_, err := tx.Exec(ctx, "select 2")
		return err
	}
	_, err := pool.Exec(ctx, "select 2")
	return err
}

func okElseBool(ctx context.Context, db *sql.DB) error {
	if tx, ok := maybeTx(ctx); ok {
		_, err := tx.ExecContext(ctx, "select 2")
		return err
	}
	_, err := db.ExecContext(ctx, "select 2")
	return err
}

func okElseError(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := mustTx(ctx)
	if err != nil {
		_, err := pool.Exec(ctx, "select 2")
		return err
	}
	_, err = tx.Exec(ctx, "select 2")
	return err
}

// okAfter uses the pool when the transaction has ended.
func okAfter(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := mustTx(ctx)
	if err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "select 2")
	return err
}

func acquire(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conns, errs := make(chan *pgxpool.Conn), make(chan error)
	go func() {
		c, err := pool.Acquire(ctx)
		if err != nil {
			errs <- err
			return
		}
		conns <- c
	}()
	select {
	case c := <-conns:
		return c, nil
	case err := <-errs:
		return nil, err
	case <-time.After(time.Second):
		return nil, errors.New("no connection in time")
	}
}

func badChannel(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := acquire(ctx, pool)
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = pool.Exec(ctx, "select 2") // want `pool.Exec may wait for a second connection while conn holds one`
	return err
}

type listener struct {
	conn *pgxpool.Conn
	tx   pgx.Tx
	pool *pgxpool.Pool
}

func (l *listener) own() *pgxpool.Conn { return l.conn }

// OkForLife has a connection that the listener keeps: it is one for the process, not one for each call.
func (l *listener) OkForLife(ctx context.Context) error {
	if _, err := l.own().Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	conn := l.own()
	if _, err := conn.Exec(ctx, "listen more"); err != nil {
		return err
	}
	_, err := l.pool.Exec(ctx, "select 2")
	return err
}

func (l *listener) current() pgx.Tx { return l.tx }

func (l *listener) BadField(ctx context.Context) error {
	tx := l.current()
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	_, err := l.pool.Exec(ctx, "select 2") // want `pool.Exec may wait for a second connection while tx holds one`
	return err
}
