package probe

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Mgr struct {
	p    *pgxpool.Pool
	quit chan struct{}
}

func (m *Mgr) Close() { close(m.quit); m.p.Close() }

func (m *Mgr) health() {
	for {
		select {
		case <-m.quit:
			return
		case <-time.After(time.Second):
			_ = m.p.Ping(context.Background())
		}
	}
}

// goroutine via closure
func okA130(ctx context.Context, dsn string) (*Mgr, error) {
	m := &Mgr{quit: make(chan struct{})}
	var err error
	m.p, err = pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	go func() { m.health() }()
	return m, nil
}

// go method
func okA131(ctx context.Context, dsn string) (*Mgr, error) {
	p, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	m := &Mgr{quit: make(chan struct{}), p: p}
	go m.health()
	return m, nil
}

// BeforeClose captured by config closure
func okA132(ctx context.Context, dsn string) (*Mgr, error) {
	m := &Mgr{quit: make(chan struct{})}
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error { m.quit <- struct{}{}; return nil }
	m.p, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	go func() { m.health() }()
	return m, nil
}

// the same without a goroutine
func okA133(ctx context.Context, dsn string) (*Mgr, error) {
	m := &Mgr{quit: make(chan struct{})}
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error { m.quit <- struct{}{}; return nil }
	m.p, err = pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Close of the owner goes through a Once
func okA134(ctx context.Context, p *pgxpool.Pool) (*Mgr2, error) {
	m := &Mgr2{}
	var err error
	m.c, err = p.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			time.Sleep(time.Second)
			_ = m.c.Ping(ctx)
		}
	}()
	return m, nil
}

type Mgr2 struct{ c *pgxpool.Conn }

func (m *Mgr2) Close() { m.c.Release() }

func okS135(t *testing.T, db *sql.DB) {
	_, err := db.Query("bad")
	if err == nil {
		t.Fatal("expected an error")
	}
}
