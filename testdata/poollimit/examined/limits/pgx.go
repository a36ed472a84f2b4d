package limits

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"time"

	v4 "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func badPgxMax500(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 500 // want "limit 500 is more than a server"
	cfg.MaxConnIdleTime = time.Minute
	return pgxpool.NewWithConfig(ctx, cfg)
}

func badPgxConst(ctx context.Context) *pgxpool.Pool {
	cfg, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	cfg.MaxConns = int32(conf.HugeOpen) // want "limit 250 is more than a server"
	p, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		panic(err)
	}
	return p
}

func badMinOverMax(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns, c.MinConns = 5, 10 // want "MinConns 10 is above MaxConns 5"
	return pgxpool.NewWithConfig(ctx, c)
}

const minC, maxC = 12, 6

func badMinOverMaxConst(ctx context.Context) (p *pgxpool.Pool, err error) {
	c, err := pgxpool.ParseConfig(conf.DSN)
	if err != nil {
		return
	}
	c.MinConns = minC // want "MinConns 12 is above MaxConns 6"
	c.MaxConns = maxC
	return pgxpool.NewWithConfig(ctx, c)
}

func badDeadGuardLE(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns <= 0 { // want "this is never true"
		cfg.MaxConns = 10
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

func badDeadGuardEQ(ctx context.Context) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if pc.MaxConns == 0 { // want "this is never true"
		pc.MaxConns = 8
	}
	if pc.MinConns == 0 {
		pc.MinConns = 1
	}
	return pgxpool.NewWithConfig(ctx, pc)
}

func badDeadGuardLT1(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return nil, err
	}
	if n := c.MaxConns; n < 1 { // want "this is never true"
		c.MaxConns = 4
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func badDeadGuardHelper(c *pgxpool.Config) {
	if c.MaxConns == 0 { // want "this is never true"
		c.MaxConns = 6
	}
}

func withDefaults(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	badDeadGuardHelper(c)
	return pgxpool.NewWithConfig(ctx, c)
}

func badDsnURL(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app:secret@db:5432/app?pool_max_conns=200") // want "pool_max_conns 200 is more than a server"
}

func badDsnKV(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "host=db user=app dbname=app pool_max_conns=150 pool_max_conn_lifetime=1h") // want "pool_max_conns 150 is more than a server"
}

func badDsnSprintf(ctx context.Context, host, pw string) (*pgxpool.Pool, error) {
	dsn := fmt.Sprintf("postgres://app:%s@%s/app?sslmode=require&pool_max_conns=%d", pw, host, 300)
	return pgxpool.New(ctx, dsn) // want "pool_max_conns 300 is more than a server"
}

func badDsnSprintfLiteral(ctx context.Context, user, host string, port int) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("user=%s host=%s port=%d pool_max_conns=128", user, host, port)) // want "pool_max_conns 128 is more than a server"
}

func badDsnConcat(ctx context.Context) (*pgxpool.Pool, error) {
	base := os.Getenv("DSN")
	return pgxpool.New(ctx, base+"?pool_max_conns=250") // want "pool_max_conns 250 is more than a server"
}

func badDsnConstOtherPkg(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, conf.WideDSN) // want "pool_max_conns 400 is more than a server"
}

func badDsnMinOverMax(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://db/app?pool_min_conns=20&pool_max_conns=10") // want "MinConns 20 is above MaxConns 10"
}

func badDsnParseConfig(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("host=db dbname=x pool_max_conns=999") // want "pool_max_conns 999 is more than a server"
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "x"
	return pgxpool.NewWithConfig(ctx, cfg)
}

func badDsnMinLiteralMaxField(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("postgres://db/x?pool_min_conns=10") // want "MinConns 10 is above MaxConns 4"
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 4
	return pgxpool.NewWithConfig(ctx, cfg)
}

func badPoolKeySqlOpen() (*sql.DB, error) {
	db, err := sql.Open("pgx", "postgres://app@db/app?pool_max_conns=10") // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

func badPoolKeySqlx() (*sqlx.DB, error) {
	x, err := sqlx.Connect("pgx", conf.PooledDSN) // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	x.SetMaxOpenConns(10)
	return x, nil
}

func badPoolKeyPgxConnect(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, "host=db user=u pool_max_conn_lifetime=30m") // want "pool_max_conn_lifetime is a key of pgxpool"
}

func badPoolKeyParse(ctx context.Context, host string) (*pgx.Conn, error) {
	cc, err := pgx.ParseConfig("host=" + host + " pool_min_conns=1") // want "pool_min_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, cc)
}

func badPoolKeyPQ() *sql.DB {
	db, err := sql.Open("postgres", fmt.Sprintf("host=%s pool_max_conns=5", os.Getenv("H"))) // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	return db
}

func badPoolKeyStdlib() (*sql.DB, error) {
	cc, err := pgx.ParseConfig("postgres://db/x?pool_max_conns=8") // want "pool_max_conns is a key of pgxpool"
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*cc)
	db.SetMaxOpenConns(8)
	return db, nil
}

func badV4Huge(ctx context.Context) (*v4.Pool, error) {
	c, err := v4.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 256 // want "limit 256 is more than a server"
	return v4.ConnectConfig(ctx, c)
}

func badV4DSN(ctx context.Context) (*v4.Pool, error) {
	return v4.Connect(ctx, "postgres://db/x?pool_max_conns=110") // want "pool_max_conns 110 is more than a server"
}

func build(ctx context.Context, opts ...func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	for _, o := range opts {
		o(c)
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func badOptionOtherPkg(ctx context.Context) (*pgxpool.Pool, error) {
	return build(ctx, conf.Size(400)) // want "limit 400 is more than a server"
}

func badOptionClosure(ctx context.Context) (*pgxpool.Pool, error) {
	return build(ctx, func(c *pgxpool.Config) {
		c.MaxConns = 120 // want "limit 120 is more than a server"
		c.MaxConnLifetime = time.Hour
	})
}

func badConfigHelper(dsn string) (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 180 // want "limit 180 is more than a server"
	return c, nil
}

func bigPool(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := badConfigHelper(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func sized(ctx context.Context, dsn string, n int32) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = n
	return pgxpool.NewWithConfig(ctx, c)
}

func badParamHuge(ctx context.Context) (*pgxpool.Pool, error) {
	return sized(ctx, os.Getenv("DSN"), 333) // want "limit 333 is more than a server"
}

func badMaxOfCPU(ctx context.Context) (*pgxpool.Pool, error) {
	return sized(ctx, os.Getenv("DSN"), int32(max(4, runtime.NumCPU()*4))) // want "follows the number of processors"
}
