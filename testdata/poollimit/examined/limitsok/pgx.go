package limitsok

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	v4 "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okPgxTen(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 10
	c.MinConns = 2
	return pgxpool.NewWithConfig(ctx, c)
}

func okPgxConst(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = conf.MaxOpen
	c.MinConns = conf.MaxOpen
	return pgxpool.NewWithConfig(ctx, c)
}

func okClampAfterParse(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	if c.MaxConns > 10 {
		c.MaxConns = 10
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okMinClamp(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = min(c.MaxConns, 12)
	c.MinConns = min(c.MinConns, c.MaxConns)
	return pgxpool.NewWithConfig(ctx, c)
}

type Opts struct {
	URL string
	Max int32
	Min int32
}

func okOwnOptGuard(ctx context.Context, o Opts) (*pgxpool.Pool, error) {
	if o.Max <= 0 {
		o.Max = 10
	}
	c, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, err
	}
	c.MaxConns = o.Max
	return pgxpool.NewWithConfig(ctx, c)
}

func okOwnOptGuardPositive(ctx context.Context, o Opts) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Max > 0 {
		c.MaxConns = o.Max
	}
	if o.Min > 0 && o.Min <= c.MaxConns {
		c.MinConns = o.Min
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okMinGuardIsAlive(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 8
	if c.MinConns == 0 {
		c.MinConns = 1
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okGuardOnKey(ctx context.Context) (*pgxpool.Pool, error) {
	dsn := os.Getenv("DSN")
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(dsn, "pool_max_conns") {
		c.MaxConns = 8
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okGuardAfterOverwrite(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	n, _ := strconv.Atoi(os.Getenv("MAX"))
	c.MaxConns = int32(n)
	if c.MaxConns <= 0 {
		c.MaxConns = 10
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func OkRejectZero(ctx context.Context, c *pgxpool.Config) (*pgxpool.Pool, error) {
	if c.MaxConns == 0 {
		return nil, errors.New("MaxConns is required")
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okDsnURL(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_max_conns=10&pool_min_conns=2")
}

func okDsnKV(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "host=db dbname=app pool_max_conns=5 pool_max_conn_idle_time=5m")
}

func okDsnConst(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, conf.PooledDSN)
}

func okDsnSprintf(ctx context.Context, host string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("host=%s port=%d pool_max_conns=%d", host, 5432, 12))
}

func okDsnSprintfParam(ctx context.Context, host string, max int) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("postgres://%s/app?pool_max_conns=%d", host, max))
}

func okDsnConcat(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, os.Getenv("DSN")+"&pool_max_conns=8")
}

func okDsnURLValues(ctx context.Context) (*pgxpool.Pool, error) {
	u, err := url.Parse(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Set("pool_max_conns", "10")
	u.RawQuery = q.Encode()
	return pgxpool.New(ctx, u.String())
}

func okPortLooksLikeLimit(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db:6432/app?connect_timeout=300&pool_max_conns=4")
}

func okWideOverridden(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 4
	c.ConnConfig.RuntimeParams["statement_timeout"] = "30000"
	return pgxpool.NewWithConfig(ctx, c)
}

func okSqlOpenPlainKeys() (*sql.DB, error) {
	db, err := sql.Open("pgx", "postgres://db/app?application_name=pool_max_conns&sslmode=disable")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

func okPoolConfigToStdlib() (*sql.DB, error) {
	c, err := pgxpool.ParseConfig("postgres://db/app?pool_max_conns=5")
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*c.ConnConfig) // the pool_* keys were removed by pgxpool
	db.SetMaxOpenConns(int(c.MaxConns))
	return db, nil
}

func okStripKey(ctx context.Context) (*pgx.Conn, error) {
	u, err := url.Parse(conf.PooledDSN)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	q.Del("pool_max_conns")
	u.RawQuery = q.Encode()
	return pgx.Connect(ctx, u.String())
}

func okV4(ctx context.Context) (*v4.Pool, error) {
	c, err := v4.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 10
	return v4.ConnectConfig(ctx, c)
}

func okNumCPUMin(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = int32(min(runtime.NumCPU()*2, 10))
	return pgxpool.NewWithConfig(ctx, c)
}

type PoolOpt func(*pgxpool.Config)

func New(ctx context.Context, dsn string, opts ...PoolOpt) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c.MaxConns = 10
	for _, o := range opts {
		o(c)
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okOptions2(ctx context.Context) (*pgxpool.Pool, error) {
	return New(ctx, conf.DSN, PoolOpt(conf.Size(4)), func(c *pgxpool.Config) { c.MaxConnIdleTime = time.Minute })
}

func sizedPool(ctx context.Context, n int32) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = n
	return pgxpool.NewWithConfig(ctx, c)
}

func okSized(ctx context.Context) (*pgxpool.Pool, error) { return sizedPool(ctx, 6) }

func okConfigFromHelper(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := cfg()
	if err != nil {
		return nil, err
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func cfg() (*pgxpool.Config, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns, c.MinConns = 8, 0
	return c, nil
}

func okLogsMaxConns(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := cfg()
	if err != nil {
		return nil, err
	}
	if c.MaxConns < 4 {
		log.Println("small pool", c.MaxConns)
	}
	return pgxpool.NewWithConfig(ctx, c)
}

func okPerRoleSizes(ctx context.Context, replica bool) (*pgxpool.Pool, error) {
	n := int32(10)
	if replica {
		n = 5
	}
	return sizedPool(ctx, n)
}

func okMinIdle(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = 10
	c.MinConns = 2
	c.MinIdleConns = 2
	return pgxpool.NewWithConfig(ctx, c)
}

func okMinBeforeMax(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MinConns = 5
	c.MaxConns = 5
	return pgxpool.NewWithConfig(ctx, c)
}

func okGuardOnCallerConfig(ctx context.Context, c *pgxpool.Config) (*pgxpool.Pool, error) {
	c = c.Copy()
	c.MaxConns = int32(conf.EnvInt("MAX_CONNS", 0))
	clampLow(c)
	return pgxpool.NewWithConfig(ctx, c)
}

func clampLow(c *pgxpool.Config) {
	if c.MaxConns < 1 {
		c.MaxConns = 5
	}
}
