// Package dsnkeys has connection strings with keys of pgxpool (pool_max_conns and kin). Only pgxpool takes them out of the
// string; every other consumer sends them to the server, which refuses the connection.
package dsnkeys

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	pgx4 "github.com/jackc/pgx/v4"
)

const (
	base   = "postgres://app@localhost:5432/app?sslmode=disable"
	pooled = base + "&pool_max_conns=10"
)

// okPool is what the keys are for.
func okPool(ctx context.Context) (*pgxpool.Pool, error) { return pgxpool.New(ctx, pooled) }

// badOpen has the right limit twice, and the server refuses each connection.
func badOpen() (*sql.DB, error) {
	db, err := sql.Open("pgx", "postgres://app@localhost:5432/app?pool_max_conns=10") // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// badOpenPq uses the other driver. The server is the same.
func badOpenPq() (*sql.DB, error) {
	db, err := sql.Open("postgres", "host=localhost dbname=app pool_max_conns=10") // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// badConnect opens one connection for LISTEN with the string of the pool.
func badConnect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, pooled) // want "pool_max_conns is a key of pgxpool"
}

// okConnect uses the part before the keys.
func okConnect(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, base) }

// badParse parses for one connection.
func badParse(ctx context.Context) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(base + "&pool_max_conn_lifetime=1h") // want "pool_max_conn_lifetime is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, cfg)
}

// badPgconn is one level lower.
func badPgconn(ctx context.Context, host string) (*pgconn.PgConn, error) {
	return pgconn.Connect(ctx, fmt.Sprintf("host=%s dbname=app pool_health_check_period=30s", host)) // want "pool_health_check_period is a key of pgxpool"
}

// badV4 is the version before.
func badV4(ctx context.Context) (*pgx4.Conn, error) {
	return pgx4.Connect(ctx, "dbname=app pool_min_conns=1") // want "pool_min_conns is a key of pgxpool"
}

// badSqlx opens through sqlx.
func badSqlx(ctx context.Context) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "pgx", base+"&pool_max_conns=5") // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(5)
	return db, nil
}

// badGorm opens through gorm.
func badGorm() (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open("host=localhost dbname=app pool_max_conns=20")) // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db, err := g.DB()
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(20)
	return g, nil
}

// badXorm opens through xorm.
func badXorm() (*xorm.Engine, error) {
	engine, err := xorm.NewEngine("pgx", "postgres://app@localhost/app?pool_max_conn_idle_time=5m") // want "pool_max_conn_idle_time is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	engine.SetMaxOpenConns(5)
	return engine, nil
}

// migrate opens for the time of a migration.
func migrate(ctx context.Context, dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, "create table if not exists jobs (id bigint primary key)")
	return err
}

// badMigrate gives the helper the string of the pool.
func badMigrate(ctx context.Context) error {
	return migrate(ctx, pooled) // want "pool_max_conns is a key of pgxpool"
}

// okMigrate gives it the other one.
func okMigrate(ctx context.Context) error { return migrate(ctx, base) }

// okConnConfig uses the connection's part of a parsed configuration: the keys are no longer in it.
func okConnConfig(ctx context.Context) (*pgx.Conn, error) {
	cfg, err := pgxpool.ParseConfig(pooled)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, cfg.ConnConfig)
}

// okOpenDB does so for database/sql.
func okOpenDB() (*sql.DB, error) {
	cfg, err := pgxpool.ParseConfig(pooled)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*cfg.ConnConfig)
	db.SetMaxOpenConns(int(cfg.MaxConns))
	return db, nil
}

// okRemoved takes the keys out.
func okRemoved(ctx context.Context) (*pgx.Conn, error) {
	u, err := url.Parse(pooled)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	for key := range q {
		if strings.HasPrefix(key, "pool_") {
			q.Del(key)
		}
	}
	u.RawQuery = q.Encode()
	return pgx.Connect(ctx, u.String())
}

// okReplaced cuts them off.
func okReplaced() (*sql.DB, error) {
	db, err := sql.Open("pgx", strings.TrimSuffix(pooled, "&pool_max_conns=10"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// okOtherKey has the word in a value.
func okOtherKey(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, "host=localhost dbname=pool_stats application_name='pool_max_conns=10 test'")
}

// okOtherValue has it in the value of a URL.
func okOtherValue(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, "postgres://pool_user@localhost/pool_db?application_name=pool_max_conns")
}

// okBoth uses one string for the pool and its stem for the listener.
func okBoth(ctx context.Context, stem string) (*pgxpool.Pool, *pgx.Conn, error) {
	pool, err := pgxpool.New(ctx, stem+"?pool_max_conns=8&pool_min_conns=1")
	if err != nil {
		return nil, nil, err
	}
	conn, err := pgx.Connect(ctx, stem)
	if err != nil {
		pool.Close()
		return nil, nil, err
	}
	return pool, conn, nil
}

// okUnknown doesn't know the string.
func okUnknown(ctx context.Context, dsn string) (*pgx.Conn, error) { return pgx.Connect(ctx, dsn) }
