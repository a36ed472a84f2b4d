// Package hooks: pgxpool's hooks run while a connection is made or handed out.
package hooks

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func badAfterConnect(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	var pool *pgxpool.Pool
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if pool == nil {
			return nil
		}
		_, err := pool.Exec(ctx, "insert into logins values (now())") // want `second connection`
		return err
	}
	var err error
	pool, err = pgxpool.NewWithConfig(ctx, cfg)
	return pool, err
}

func okAfterConnect(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "set search_path = app, public")
		return err
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// Tenants has its pool in a field; the hook is a literal in the constructor.
type Tenants struct {
	pool *pgxpool.Pool
}

func badPrepareConn(ctx context.Context, cfg *pgxpool.Config) (*Tenants, error) {
	t := &Tenants{}
	cfg.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		var role string
		if err := t.pool.QueryRow(ctx, "select role from tenants where id = $1", ctx.Value("tenant")).Scan(&role); err != nil { // want `second connection`
			return true, err
		}
		_, err := conn.Exec(ctx, "select set_config('role', $1, false)", role)
		return true, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	t.pool = pool
	return t, nil
}

func okPrepareConn(ctx context.Context, cfg *pgxpool.Config) (*Tenants, error) {
	cfg.PrepareConn = func(ctx context.Context, conn *pgx.Conn) (bool, error) {
		_, err := conn.Exec(ctx, "select set_config('app.tenant', $1, false)", ctx.Value("tenant"))
		return err == nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &Tenants{pool: pool}, nil
}

func badBeforeAcquire(ctx context.Context, cfg *pgxpool.Config) (*Tenants, error) {
	t := new(Tenants)
	cfg.BeforeAcquire = func(ctx context.Context, conn *pgx.Conn) bool {
		return t.alive(ctx) // want `second connection`
	}
	var err error
	t.pool, err = pgxpool.NewWithConfig(ctx, cfg)
	return t, err
}

func (t *Tenants) alive(ctx context.Context) bool {
	return t.pool.Ping(ctx) == nil
}

func okBeforeAcquire(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	cfg.BeforeAcquire = func(ctx context.Context, conn *pgx.Conn) bool {
		return !conn.IsClosed() && conn.Ping(ctx) == nil
	}
	cfg.AfterRelease = func(conn *pgx.Conn) bool { return !conn.PgConn().IsBusy() }
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okOtherPool: the hook of the second pool asks the first one, which was there before.
func okOtherPool(ctx context.Context, cfg *pgxpool.Config, vaultDSN string) (*pgxpool.Pool, error) {
	vault, err := pgxpool.New(ctx, vaultDSN)
	if err != nil {
		return nil, err
	}
	cfg.BeforeConnect = func(ctx context.Context, cc *pgx.ConnConfig) error {
		return vault.QueryRow(ctx, "select password from secrets where name = 'app'").Scan(&cc.Password)
	}
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := vault.Exec(ctx, "insert into logins values ($1)", time.Now())
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		vault.Close()
		return nil, err
	}
	return pool, nil
}

// okAfterBuild uses the pool when it is there; no hook does.
func okAfterBuild(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		types, err := conn.LoadTypes(ctx, []string{"mood"})
		if err != nil {
			return err
		}
		conn.TypeMap().RegisterTypes(types)
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, errors.Join(errors.New("no database"), err)
	}
	return pool, nil
}
