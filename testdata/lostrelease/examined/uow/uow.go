// Package uow: units of work, and structs that hold a transaction or several connections.
package uow

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// UnitOfWork starts lazily: the receiver keeps the transaction.
type UnitOfWork struct {
	pool *pgxpool.Pool
	tx   pgx.Tx
	mu   sync.Mutex
}

func (u *UnitOfWork) okT301Begin(ctx context.Context) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.tx != nil {
		return nil
	}
	tx, err := u.pool.Begin(ctx)
	if err != nil {
		return err
	}
	u.tx = tx
	return nil
}

func (u *UnitOfWork) Complete(ctx context.Context, err error) error {
	if u.tx == nil {
		return err
	}
	defer func() { u.tx = nil }()
	if err != nil {
		return errors.Join(err, u.tx.Rollback(ctx))
	}
	return u.tx.Commit(ctx)
}

func (u *UnitOfWork) Exec(ctx context.Context, q string) error {
	_, err := u.tx.Exec(ctx, q)
	return err
}

// The unit is local and only the happy path completes it.
func badT302LocalUnit(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	u := &UnitOfWork{pool: pool, tx: tx}
	if err := u.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return u.Complete(ctx, nil)
}

func okT302LocalUnit(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	u := &UnitOfWork{pool: pool, tx: tx}
	return u.Complete(ctx, u.Exec(ctx, "select 1"))
}

// beginUnit returns the unit by value.
type unit struct {
	ctx context.Context
	tx  *sql.Tx
	err error
}

func beginUnit(ctx context.Context, db *sql.DB) (unit, error) {
	tx, err := db.BeginTx(ctx, nil)
	return unit{ctx: ctx, tx: tx}, err
}

func (u *unit) exec(q string) {
	if u.err == nil {
		_, u.err = u.tx.ExecContext(u.ctx, q)
	}
}

func (u *unit) end() error {
	if u.err != nil {
		_ = u.tx.Rollback()
		return u.err
	}
	return u.tx.Commit()
}

func okT303UnitValue(ctx context.Context, db *sql.DB) error {
	u, err := beginUnit(ctx, db)
	if err != nil {
		return err
	}
	u.exec("insert into a values(1)")
	u.exec("insert into b values(1)")
	return u.end()
}

func badT303UnitValue(ctx context.Context, db *sql.DB, dry bool) error {
	u, err := beginUnit(ctx, db) // want "u is not closed"
	if err != nil {
		return err
	}
	u.exec("insert into a values(1)")
	if dry {
		return u.err
	}
	u.exec("insert into b values(1)")
	return u.end()
}

// Holders closes all in reverse order.
type Holders struct {
	closers []func()
}

func (h *Holders) add(f func()) { h.closers = append(h.closers, f) }

func (h *Holders) Close() {
	for i := len(h.closers) - 1; i >= 0; i-- {
		h.closers[i]()
	}
}

func okA301Holders(ctx context.Context, pool *pgxpool.Pool) error {
	var h Holders
	defer h.Close()
	for range 2 {
		c, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		h.add(c.Release)
		if _, err := c.Exec(ctx, "select 1"); err != nil {
			return err
		}
	}
	return nil
}

// conns in a slice of a struct with a closer
type Shards struct {
	conns []*pgxpool.Conn
}

func (s *Shards) Close() {
	for _, c := range s.conns {
		c.Release()
	}
	s.conns = nil
}

func okA302OpenShards(ctx context.Context, pools []*pgxpool.Pool) (*Shards, error) {
	s := &Shards{}
	for _, p := range pools {
		c, err := p.Acquire(ctx)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.conns = append(s.conns, c)
	}
	return s, nil
}

// When shard k fails, shards 0..k-1 stay taken.
func badA302OpenShards(ctx context.Context, pools []*pgxpool.Pool) (*Shards, error) {
	s := &Shards{}
	for _, p := range pools {
		c, err := p.Acquire(ctx) // want "c is not released"
		if err != nil {
			return nil, err
		}
		s.conns = append(s.conns, c)
	}
	return s, nil
}

func badA303LocalSlice(ctx context.Context, pools []*pgxpool.Pool) error {
	var conns []*pgxpool.Conn
	for _, p := range pools {
		c, err := p.Acquire(ctx) // want "c is never released"
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	for _, c := range conns {
		if _, err := c.Exec(ctx, "select 1"); err != nil {
			return err
		}
	}
	return nil
}

func okA303LocalSlice(ctx context.Context, pools []*pgxpool.Pool) error {
	var conns []*pgxpool.Conn
	defer func() {
		for _, c := range conns {
			c.Release()
		}
	}()
	for _, p := range pools {
		c, err := p.Acquire(ctx)
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	for _, c := range conns {
		if _, err := c.Exec(ctx, "select 1"); err != nil {
			return err
		}
	}
	return nil
}

func badA304AllIdle(ctx context.Context, pool *pgxpool.Pool) int {
	n := 0
	for _, c := range pool.AcquireAllIdle(ctx) { // want "result of pool\\.AcquireAllIdle is not closed"
		if c.Conn().IsClosed() {
			n++
			continue
		}
		c.Release()
	}
	return n
}

func okA304AllIdle(ctx context.Context, pool *pgxpool.Pool) int {
	n := 0
	for _, c := range pool.AcquireAllIdle(ctx) {
		if c.Conn().IsClosed() {
			n++
		}
		c.Release()
	}
	return n
}

// keyed by tenant, released by a method of the same type
type Tenants struct {
	mu    sync.Mutex
	conns map[string]*pgxpool.Conn
	pool  *pgxpool.Pool
}

func (t *Tenants) okA305Get(ctx context.Context, name string) (*pgxpool.Conn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c, ok := t.conns[name]; ok {
		return c, nil
	}
	c, err := t.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	t.conns[name] = c
	return c, nil
}

func (t *Tenants) Close() {
	for _, c := range t.conns {
		c.Release()
	}
}

// The set-up statement fails before the map has it.
func (t *Tenants) badA305Get(ctx context.Context, name string) (*pgxpool.Conn, error) {
	c, err := t.pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "set search_path to "+pgx.Identifier{name}.Sanitize()); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.conns[name] = c
	return c, nil
}
