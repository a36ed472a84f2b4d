// Package pgxpools sets the limits of pgx pools in configurations and connection strings.
package pgxpools

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	pgxpool4 "github.com/jackc/pgx/v4/pgxpool"
)

// okParse limits the parsed configuration.
func okParse(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	cfg.MaxConns = 10
	cfg.MinConns = 2
	cfg.MaxConnIdleTime = 5 * time.Minute
	return pgxpool.NewWithConfig(ctx, cfg)
}

// badParse needs five servers.
func badParse(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	cfg.MaxConns = 500 // want "limit 500 is more than a server"
	cfg.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "set time zone 'UTC'")
		return err
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okNew leaves the limit to whoever wrote the connection string.
func okNew(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
}

// okHighest takes all that a default server gives. Advice at most: the user may own the server.
func okHighest(cfg *pgxpool.Config) { cfg.MaxConns = 97 }

// badOneMore takes one more than that.
func badOneMore(cfg *pgxpool.Config) {
	cfg.MaxConns = 98 // want "limit 98 is more than a server"
}

// badZero is no default: the constructor returns an error.
func badZero(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 0 // want "a limit of 0 is refused"
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okURL has the limit in the URL.
func okURL(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@localhost:5432/app?sslmode=disable&pool_max_conns=10&pool_min_conns=1")
}

// badURL too, but a wrong one.
func badURL(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@localhost:5432/app?sslmode=disable&pool_max_conns=300") // want "pool_max_conns 300 is more than a server"
}

// okKeywords has it in the other form.
func okKeywords(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "host=/run/postgresql dbname=app pool_max_conns=8")
}

// badKeywords too.
func badKeywords(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "host=/run/postgresql dbname=app pool_max_conns=128 pool_max_conn_idle_time=5m") // want "pool_max_conns 128 is more than a server"
}

// badQuoted has a value in quotes.
func badQuoted(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, `user=app password='it\'s' pool_max_conns = '400'`) // want "pool_max_conns 400 is more than a server"
}

const reportsDSN = "postgres://reports@db/reports?pool_max_conns=200"

// badConstant gets the string from a constant.
func badConstant(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, reportsDSN) // want "pool_max_conns 200 is more than a server"
}

// okOverridden replaces the number of the string.
func okOverridden(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(reportsDSN)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 10
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okClamped takes what the string says, but no more than 20.
func okClamped(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(reportsDSN)
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns > 20 {
		cfg.MaxConns = 20
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// badParsed keeps it.
func badParsed(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("postgres://reports@db/reports?pool_max_conns=200") // want "pool_max_conns 200 is more than a server"
	if err != nil {
		return nil, err
	}
	cfg.ConnConfig.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS13}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okInPassword has the key inside another value.
func okInPassword(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app:pool_max_conns=500@localhost/app?application_name=pool_max_conns%3D500&pool_max_conns=5")
}

// okSprintf formats a limit from outside.
func okSprintf(ctx context.Context, host string, n int) (*pgxpool.Pool, error) {
	dsn := fmt.Sprintf("postgres://app@%s/app?pool_max_conns=%d", host, n)
	return pgxpool.New(ctx, dsn)
}

// badSprintf has the number in the format.
func badSprintf(ctx context.Context, user, password, host, name string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("postgres://%s:%s@%s/%s?pool_max_conns=250", user, password, host, name)) // want "pool_max_conns 250 is more than a server"
}

const workers = 120

// badSprintfArgument has it in an argument.
func badSprintfArgument(ctx context.Context, host string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("host=%s dbname=app pool_max_conns=%d", host, workers)) // want "pool_max_conns 120 is more than a server"
}

// okSprintfOther has a large number that is no limit of connections.
func okSprintfOther(ctx context.Context, host string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, fmt.Sprintf("host=%s port=%d statement_timeout=%d pool_max_conns=%d", host, 5432, 30_000, 10))
}

// okConcatenated puts the string together.
func okConcatenated(ctx context.Context, host, name string) (*pgxpool.Pool, error) {
	dsn := "postgres://app@" + net.JoinHostPort(host, "5432") + "/" + name
	dsn += "?sslmode=require&pool_max_conns=" + strconv.Itoa(10)
	return pgxpool.New(ctx, dsn)
}

// badConcatenated has a wrong number in the last part.
func badConcatenated(ctx context.Context, base string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, base+"&pool_max_conns=256&pool_max_conn_lifetime=1h") // want "pool_max_conns 256 is more than a server"
}

// badJoined joins keywords.
func badJoined(ctx context.Context, host string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, strings.Join([]string{"host=" + host, "dbname=app", "pool_max_conns=200"}, " ")) // want "pool_max_conns 200 is more than a server"
}

// okValues builds the query part.
func okValues(ctx context.Context, host, name string) (*pgxpool.Pool, error) {
	q := url.Values{}
	q.Set("sslmode", "verify-full")
	q.Set("pool_max_conns", "10")
	q.Set("statement_timeout", "30000")
	u := url.URL{Scheme: "postgres", Host: host, Path: name, RawQuery: q.Encode()}
	return pgxpool.New(ctx, u.String())
}

// okValuesUnknown takes the number from the caller.
func okValuesUnknown(ctx context.Context, raw string, n int) (*pgxpool.Pool, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	if !q.Has("pool_max_conns") {
		q.Set("pool_max_conns", strconv.Itoa(n))
	}
	u.RawQuery = q.Encode()
	return pgxpool.New(ctx, u.String())
}

// badValues sets a wrong one.
func badValues(ctx context.Context, host, name string) (*pgxpool.Pool, error) {
	q := url.Values{}
	q.Set("sslmode", "verify-full")
	q.Set("pool_max_conns", "500") // want "pool_max_conns 500 is more than a server"
	u := url.URL{Scheme: "postgres", Host: host, Path: name, RawQuery: q.Encode()}
	return pgxpool.New(ctx, u.String())
}

// badValuesLiteral has it in a literal.
func badValuesLiteral(ctx context.Context, host string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://"+host+"/app?"+url.Values{"pool_max_conns": {"150"}}.Encode()) // want "pool_max_conns 150 is more than a server"
}

// okOtherQuery is no connection string at all.
func okOtherQuery(host string) string {
	return "https://" + host + "/docs?example=" + url.QueryEscape("postgres://localhost/app?pool_max_conns=500")
}

// connect is the only way to a pool in this file's second half.
func connect(ctx context.Context, dsn string, setup ...func(*pgxpool.Config)) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	for _, f := range setup {
		f(cfg)
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okThrough gives the helper a small pool.
func okThrough(ctx context.Context) (*pgxpool.Pool, error) {
	return connect(ctx, "dbname=app pool_max_conns=4")
}

// badThrough gives it a large one.
func badThrough(ctx context.Context) (*pgxpool.Pool, error) {
	return connect(ctx, "dbname=app pool_max_conns=1000") // want "pool_max_conns 1000 is more than a server"
}

// badClosure sets it in a closure.
func badClosure(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	return connect(ctx, dsn, func(cfg *pgxpool.Config) {
		cfg.MaxConnIdleTime = time.Minute
		cfg.MaxConns = 200 // want "limit 200 is more than a server"
	})
}

// okCopy changes a copy for a second, small pool.
func okCopy(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	small := cfg.Copy()
	small.MaxConns = 2
	return pgxpool.NewWithConfig(ctx, small)
}

// badCopy changes a copy for a large one.
func badCopy(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Pool, error) {
	large := pool.Config()
	large.MaxConns = 180 // want "limit 180 is more than a server"
	return pgxpool.NewWithConfig(ctx, large)
}

// okV4 limits a pool of the version before.
func okV4(ctx context.Context, dsn string) (*pgxpool4.Pool, error) {
	cfg, err := pgxpool4.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 10
	cfg.LazyConnect = true
	return pgxpool4.ConnectConfig(ctx, cfg)
}

// badV4 too, with a wrong number.
func badV4(ctx context.Context, dsn string) (*pgxpool4.Pool, error) {
	cfg, err := pgxpool4.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 150 // want "limit 150 is more than a server"
	return pgxpool4.ConnectConfig(ctx, cfg)
}

// badV4URL has it in the URL.
func badV4URL(ctx context.Context) (*pgxpool4.Pool, error) {
	return pgxpool4.Connect(ctx, "postgres://app@db/app?pool_max_conns=150") // want "pool_max_conns 150 is more than a server"
}
