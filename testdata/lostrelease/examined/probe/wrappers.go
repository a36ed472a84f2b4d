package probe

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// bool-guarded wrapper, flag set by either end
type BTx struct {
	tx     *sql.Tx
	closed bool
}

func (b *BTx) Commit() error {
	if b.closed {
		return errors.New("closed")
	}
	b.closed = true
	return b.tx.Commit()
}

func (b *BTx) Rollback() error {
	if b.closed {
		return nil
	}
	b.closed = true
	return b.tx.Rollback()
}

func beginB(ctx context.Context, db *sql.DB) (*BTx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &BTx{tx: tx}, nil
}

func okT50(ctx context.Context, db *sql.DB) error {
	b, err := beginB(ctx, db)
	if err != nil {
		return err
	}
	defer b.Rollback()
	if _, err := b.tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return b.Commit()
}

// mutex guarded + nil-ing
type CC struct {
	mu sync.Mutex
	c  *pgxpool.Conn
}

func (c *CC) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.c == nil {
		return
	}
	c.c.Release()
	c.c = nil
}

func okA51x(ctx context.Context, p *pgxpool.Pool) error {
	c, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	cc := &CC{c: c}
	defer cc.Close()
	return cc.c.Ping(ctx)
}

// closed channel guard
type Sub struct {
	conn *pgxpool.Conn
	quit chan struct{}
	wg   sync.WaitGroup
}

func Subscribe(ctx context.Context, p *pgxpool.Pool) (*Sub, error) {
	c, err := p.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Exec(ctx, "listen x"); err != nil {
		c.Release()
		return nil, err
	}
	s := &Sub{conn: c, quit: make(chan struct{})}
	s.wg.Add(1)
	go s.loop(ctx)
	return s, nil
}

func (s *Sub) loop(ctx context.Context) {
	defer s.wg.Done()
	defer s.conn.Release()
	for {
		select {
		case <-s.quit:
			return
		default:
		}
		if _, err := s.conn.Conn().WaitForNotification(ctx); err != nil {
			return
		}
	}
}

func (s *Sub) Stop() { close(s.quit); s.wg.Wait() }

// the goroutine owns the connection, and its loop runs until Stop or the end of the context
func okA52x(ctx context.Context, p *pgxpool.Pool) error {
	s, err := Subscribe(ctx, p)
	if err != nil {
		return err
	}
	defer s.Stop()
	<-ctx.Done()
	return nil
}

func okA53x(ctx context.Context, p *pgxpool.Pool) error {
	_, err := Subscribe(ctx, p)
	return err
}

// repository method that takes optional tx by functional options
type opt struct{ tx pgx.Tx }

type Opt func(*opt)

func WithTx(tx pgx.Tx) Opt { return func(o *opt) { o.tx = tx } }

type R struct{ p *pgxpool.Pool }

func (r *R) Save(ctx context.Context, opts ...Opt) error {
	var o opt
	for _, f := range opts {
		f(&o)
	}
	if o.tx != nil {
		_, err := o.tx.Exec(ctx, "x")
		return err
	}
	_, err := r.p.Exec(ctx, "x")
	return err
}

func okT54(ctx context.Context, r *R) error {
	tx, err := r.p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := r.Save(ctx, WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func badT54(ctx context.Context, r *R) error {
	tx, err := r.p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := r.Save(ctx, WithTx(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func badT55(ctx context.Context, r *R, audit func(context.Context, pgx.Tx) error) error {
	tx, err := r.p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := audit(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// repos built on a tx
type Repos struct {
	Users  *UserRepo
	Orders *OrderRepo
}

type UserRepo struct{ db DBTX }

type OrderRepo struct{ db DBTX }

func (u *UserRepo) Do(ctx context.Context) error {
	var n int
	return u.db.QueryRow(ctx, "x").Scan(&n)
}

func NewRepos(db DBTX) *Repos { return &Repos{&UserRepo{db}, &OrderRepo{db}} }

func badT56(ctx context.Context, p *pgxpool.Pool, fn func(*Repos) error) error {
	tx, err := p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := fn(NewRepos(tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okT56(ctx context.Context, p *pgxpool.Pool, fn func(*Repos) error) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	rs := NewRepos(tx)
	if err := fn(rs); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func badT57(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	rs := NewRepos(tx)
	if err := rs.Users.Do(ctx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okT58(ctx context.Context, p *pgxpool.Pool) (*Repos, func(context.Context, error) error, error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	return NewRepos(tx), func(ctx context.Context, err error) error {
		if err != nil {
			return errors.Join(err, tx.Rollback(ctx))
		}
		return tx.Commit(ctx)
	}, nil
}

func okT59(ctx context.Context, p *pgxpool.Pool) (err error) {
	rs, end, err := okT58(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = end(ctx, err) }()
	return rs.Users.Do(ctx)
}

func badT59(ctx context.Context, p *pgxpool.Pool) (err error) {
	rs, end, err := okT58(ctx, p) // want "end is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := rs.Users.Do(ctx); err != nil {
		return err
	}
	return end(ctx, nil)
}

// global state
var globalTx pgx.Tx

func okT60(ctx context.Context, p *pgxpool.Pool) (err error) {
	globalTx, err = p.Begin(ctx)
	return err
}

// anon struct, closures nested two deep
func okT61(ctx context.Context, p *pgxpool.Pool) error {
	run := func(f func(pgx.Tx) error) error {
		tx, err := p.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback(ctx) }()
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit(ctx)
	}
	return run(func(tx pgx.Tx) error {
		return run(func(tx2 pgx.Tx) error {
			_, err := tx2.Exec(ctx, "x")
			return err
		})
	})
}

func badT61(ctx context.Context, p *pgxpool.Pool) error {
	run := func(f func(pgx.Tx) error) error {
		tx, err := p.Begin(ctx) // want "tx is neither committed nor rolled back"
		if err != nil {
			return err
		}
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit(ctx)
	}
	return run(func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "x"); return err })
}
