package stmts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"
)

// pools lost
func badA801PingFails(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn) // want "pool is not closed"
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return pool, nil
}

func okA801PingFails(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("ping: %w", err)
	}
	return pool, nil
}

func badA802RetryLoop(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	var last error
	for i := range 10 {
		pool, err := pgxpool.New(ctx, dsn) // want "pool is not closed"
		if err == nil {
			if err = pool.Ping(ctx); err == nil {
				return pool, nil
			}
		}
		last = err
		time.Sleep(time.Duration(i) * time.Second)
	}
	return nil, last
}

func okA802RetryLoop(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	for i := range 10 {
		if err = pool.Ping(ctx); err == nil {
			return pool, nil
		}
		time.Sleep(time.Duration(i) * time.Second)
	}
	pool.Close()
	return nil, err
}

func badS711OpenPing(dsn string) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn) // want "db is not closed"
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		return nil, err
	}
	return db, nil
}

func okS711OpenPing(dsn string) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// pgEdge/ace#105
func badA803PoolPerNode(ctx context.Context, dsns []string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, dsn := range dsns {
		p, err := pgxpool.New(ctx, dsn) // want "p is not closed"
		if err != nil {
			return nil, err
		}
		var n int64
		if err := p.QueryRow(ctx, "select count(*) from t").Scan(&n); err != nil {
			return nil, fmt.Errorf("%s: %w", dsn, err)
		}
		out[dsn] = n
		p.Close()
	}
	return out, nil
}

func okA803PoolPerNode(ctx context.Context, dsns []string) (map[string]int64, error) {
	out := map[string]int64{}
	for _, dsn := range dsns {
		n, err := count(ctx, dsn)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dsn, err)
		}
		out[dsn] = n
	}
	return out, nil
}

func count(ctx context.Context, dsn string) (n int64, err error) {
	p, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer p.Close()
	err = p.QueryRow(ctx, "select count(*) from t").Scan(&n)
	return n, err
}

// The application struct owns the pool.
type App struct {
	Pool *pgxpool.Pool
	DB   *sql.DB
}

func (a *App) Close() {
	if a.DB != nil {
		_ = a.DB.Close()
	}
	a.Pool.Close()
}

func okA804NewApp(ctx context.Context, dsn string) (*App, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 8
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &App{Pool: pool, DB: stdlib.OpenDBFromPool(pool)}, nil
}

func badA804NewAppPing(ctx context.Context, dsn string) (*App, error) {
	pool, err := pgxpool.New(ctx, dsn) // want "pool is not closed"
	if err != nil {
		return nil, err
	}
	app := &App{Pool: pool}
	if err := app.migrate(ctx); err != nil {
		return nil, err
	}
	return app, nil
}

func okA805NewAppPing(ctx context.Context, dsn string) (*App, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	app := &App{Pool: pool}
	if err := app.migrate(ctx); err != nil {
		app.Close()
		return nil, err
	}
	return app, nil
}

func (a *App) migrate(ctx context.Context) error {
	_, err := a.Pool.Exec(ctx, "create table if not exists t()")
	return err
}

// tests
func okA806TestPool(t *testing.T, dsn string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

func okT801TestTx(t *testing.T, pool *pgxpool.Pool) pgx.Tx {
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	if _, err := tx.Exec(t.Context(), "set local role tester"); err != nil {
		t.Fatal(err)
	}
	return tx
}

func badA807ConnectEach(ctx context.Context, dsn string) (int, error) {
	c, err := pgx.Connect(ctx, dsn) // want "c is not closed"
	if err != nil {
		return 0, err
	}
	var n int
	if err := c.QueryRow(ctx, "select 1").Scan(&n); err != nil {
		return 0, err
	}
	return n, c.Close(ctx)
}

func okA807ConnectEach(ctx context.Context, dsn string) (n int, err error) {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	err = c.QueryRow(ctx, "select 1").Scan(&n)
	return n, err
}

// lib/pq listener
func badA808PqListener(dsn string) error {
	l := pq.NewListener(dsn, time.Second, time.Minute, nil) // want "l is not closed"
	if err := l.Listen("jobs"); err != nil {
		return err
	}
	for n := range l.Notify {
		if n == nil {
			break
		}
		log.Print(n.Extra)
	}
	return l.Close()
}

func okA808PqListener(dsn string) error {
	l := pq.NewListener(dsn, time.Second, time.Minute, nil)
	defer l.Close()
	if err := l.Listen("jobs"); err != nil {
		return err
	}
	for n := range l.Notify {
		log.Print(n.Extra)
	}
	return nil
}

// stdlib.Conn through Raw: borrowed
func okS712Raw(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(dc any) error {
		pc := dc.(*stdlib.Conn).Conn()
		_, err := pc.Exec(ctx, "select 1")
		return err
	})
}
