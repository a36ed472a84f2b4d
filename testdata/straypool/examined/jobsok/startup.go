package jobsok

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type Option func(*pgxpool.Config)

func WithMax(n int32) Option { return func(c *pgxpool.Config) { c.MaxConns = n } }

func okOptionsLoop(ctx context.Context, dsn string, opts ...Option) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	for _, o := range opts {
		o(cfg)
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

type openOpt func(*sql.DB) error

func okOptionsWithErr(dsn string, opts []openOpt) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(5)
	for i := range opts {
		if err := opts[i](db); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}

func okRolesParallel(ctx context.Context) (w, r *pgxpool.Pool, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { w, err = pgxpool.New(ctx, os.Getenv("PRIMARY")); return })
	g.Go(func() (err error) { r, err = pgxpool.New(ctx, os.Getenv("REPLICA")); return })
	err = g.Wait()
	return
}

type shard struct {
	n  int
	db *sql.DB
}

func okShardsAtStart(c struct{ ShardDSNs []string }) ([]shard, error) {
	out := make([]shard, 0, len(c.ShardDSNs))
	for i, d := range c.ShardDSNs {
		db, err := sql.Open("pgx", d)
		if err != nil {
			return nil, fmt.Errorf("shard %d: %w", i, err)
		}
		db.SetMaxOpenConns(4)
		out = append(out, shard{i, db})
	}
	return out, nil
}

func okRolesLoop(ctx context.Context) (map[string]*pgxpool.Pool, error) {
	pools := make(map[string]*pgxpool.Pool, 2)
	for _, r := range [...]string{"primary", "replica"} {
		p, err := dbx.NewPool(ctx, os.Getenv("DB_"+r))
		if err != nil {
			for _, o := range pools {
				o.Close()
			}
			return nil, err
		}
		pools[r] = p
	}
	return pools, nil
}

type Router struct {
	writer  *sqlx.DB
	readers []*sqlx.DB
	next    atomic.Uint32
}

func okNewRouter(writer string, replicas ...string) (*Router, error) {
	rt := &Router{writer: sqlx.MustOpen("postgres", writer)}
	for _, d := range replicas {
		x, err := sqlx.Open("postgres", d)
		if err != nil {
			return nil, err
		}
		rt.readers = append(rt.readers, x)
	}
	return rt, nil
}
