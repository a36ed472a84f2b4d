// Package guards: releases that are armed and disarmed, kept in small types of their own, or reached through the context.
package guards

import (
	"container/list"
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var errEmpty = errors.New("empty")

// Cursor owns rows.
type Cursor struct{ rows pgx.Rows }

// Close closes.
func (c *Cursor) Close() { c.rows.Close() }

// okDisarmByNil gives the rows away and sets the variable to nil, so that the deferred closure does nothing.
func okDisarmByNil(ctx context.Context, pool *pgxpool.Pool) (*Cursor, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	defer func() {
		if rows != nil {
			rows.Close()
		}
	}()
	if len(rows.FieldDescriptions()) != 1 {
		return nil, errEmpty
	}
	c := &Cursor{rows: rows}
	rows = nil
	return c, nil
}

// badDisarmTooEarly disarms before the last check.
func badDisarmTooEarly(ctx context.Context, pool *pgxpool.Pool) (*Cursor, error) {
	rows, err := pool.Query(ctx, listNames) // want "(rows|c) is not closed"
	if err != nil {
		return nil, err
	}
	defer func() {
		if rows != nil {
			rows.Close()
		}
	}()
	c := &Cursor{rows: rows}
	rows = nil
	if len(c.rows.FieldDescriptions()) != 1 {
		return nil, errEmpty
	}
	return c, nil
}

// okDisarmFunc keeps the release in a variable that it sets to nil.
func okDisarmFunc(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	cleanup := conn.Release
	defer func() {
		if cleanup != nil {
			cleanup()
		}
	}()
	if err := conn.Ping(ctx); err != nil {
		return nil, err
	}
	cleanup = nil
	return conn, nil
}

// guard rolls back unless it is told not to.
type guard struct {
	tx   *sql.Tx
	done bool
}

func (g *guard) rollback() {
	if !g.done {
		_ = g.tx.Rollback()
	}
}

func (g *guard) commit() error {
	g.done = true
	return g.tx.Commit()
}

// okGuard ends the transaction through it.
func okGuard(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	g := &guard{tx: tx}
	defer g.rollback()
	if _, err := tx.ExecContext(ctx, "delete from sessions"); err != nil {
		return err
	}
	return g.commit()
}

// badGuard has one and does not defer it.
func badGuard(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil) // want "(tx|g) is n(either|ever|ot)"
	if err != nil {
		return err
	}
	g := &guard{tx: tx}
	if _, err := tx.ExecContext(ctx, "delete from sessions"); err != nil {
		return err
	}
	return g.commit()
}

// closer is a function with a method.
type closer func()

func (c closer) Close() { c() }

// okNamedFunc closes by way of it.
func okNamedFunc(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer closer(rows.Close).Close()
	return rows.Next(), rows.Err()
}

// closers are closed together.
type closers []func()

func (c *closers) add(f func()) { *c = append(*c, f) }

func (c closers) Close() {
	for i := len(c) - 1; i >= 0; i-- {
		c[i]()
	}
}

// okClosers adds each release to a list that is closed at the end.
func okClosers(ctx context.Context, a, b *pgxpool.Pool) error {
	var all closers
	defer func() { all.Close() }()
	x, err := a.Acquire(ctx)
	if err != nil {
		return err
	}
	all.add(x.Release)
	y, err := b.Acquire(ctx)
	if err != nil {
		return err
	}
	all.add(func() { y.Release() })
	return errors.Join(x.Ping(ctx), y.Ping(ctx))
}

// conns are released together.
type conns []*pgxpool.Conn

func (c conns) release() {
	for _, conn := range c {
		conn.Release()
	}
}

// okNamedSlice releases what is in it.
func okNamedSlice(ctx context.Context, pool *pgxpool.Pool, n int) (err error) {
	var all conns
	defer func() { all.release() }()
	for range n {
		conn, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		all = append(all, conn)
	}
	return nil
}

// okLocalMap releases what is in a map.
func okLocalMap(ctx context.Context, pools map[string]*pgxpool.Pool) error {
	held := make(map[string]*pgxpool.Conn)
	defer func() {
		for name, conn := range held {
			conn.Release()
			delete(held, name)
		}
	}()
	for name, pool := range pools {
		conn, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		held[name] = conn
	}
	return nil
}

type txKey struct{}

// Manager keeps the transaction in the context.
type Manager struct {
	pool    *pgxpool.Pool
	current atomic.Pointer[pgxpool.Conn]
	spare   sync.Pool
	queue   *list.List
}

// okBegin returns a context with a transaction in it.
func (m *Manager) okBegin(ctx context.Context) (context.Context, error) {
	tx, err := m.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return context.WithValue(ctx, txKey{}, tx), nil
}

// okEnd ends the transaction in the context.
func (m *Manager) okEnd(ctx context.Context, err *error) {
	tx, ok := ctx.Value(txKey{}).(pgx.Tx)
	if !ok {
		return
	}
	if *err != nil {
		_ = tx.Rollback(ctx)
		return
	}
	*err = tx.Commit(ctx)
}

// okDo does both.
func (m *Manager) okDo(ctx context.Context, fn func(context.Context) error) (err error) {
	ctx, err = m.okBegin(ctx)
	if err != nil {
		return err
	}
	defer m.okEnd(ctx, &err)
	return fn(ctx)
}

// okAtomic keeps a connection in an atomic pointer.
func (m *Manager) okAtomic(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	if old := m.current.Swap(conn); old != nil {
		old.Release()
	}
	return nil
}

// okSpare keeps one in a sync.Pool.
func (m *Manager) okSpare(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	m.spare.Put(conn)
	return nil
}

// okQueued keeps one in a list.
func (m *Manager) okQueued(ctx context.Context) error {
	conn, err := m.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	m.queue.PushBack(conn)
	return nil
}

// attach keeps rows in the receiver.
func (c *Cursor) attach(rows pgx.Rows) { c.rows = rows }

// okAttached gives the rows to a method that keeps them in what is returned.
func okAttached(ctx context.Context, pool *pgxpool.Pool) (*Cursor, error) {
	c := new(Cursor)
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	c.attach(rows)
	return c, nil
}

// badAttached keeps them in what nobody gets.
func badAttached(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	c := new(Cursor)
	rows, err := pool.Query(ctx, listNames) // want "(rows|c) is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	c.attach(rows)
	return c.rows.Next(), nil
}

// okSources returns rows inside a slice of structs.
func okSources(ctx context.Context, a, b *pgxpool.Pool) ([]Cursor, error) {
	x, err := a.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	y, err := b.Query(ctx, listNames)
	if err != nil {
		x.Close()
		return nil, err
	}
	return []Cursor{{rows: x}, {rows: y}}, nil
}

// okCloseThenForget closes, and sets the variable to nil for the deferred closure.
func okCloseThenForget(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	defer func() {
		if rows != nil {
			err = errors.Join(err, rows.Close())
		}
	}()
	for rows.Next() {
		if n++; n > 100 {
			return n, errEmpty
		}
	}
	err = rows.Close()
	rows = nil
	return n, err
}
