package jobsok

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"
)

func okWorkersShare(ctx context.Context, in <-chan int) error {
	p, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer p.Close()
	g, ctx := errgroup.WithContext(ctx)
	for range 4 {
		g.Go(func() error {
			for i := range in {
				if _, err := p.Exec(ctx, "select work($1)", i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

func okOneGoroutine(dsn string) <-chan error {
	out := make(chan error, 1)
	go func() {
		db, err := sql.Open("postgres", dsn)
		if err != nil {
			out <- err
			return
		}
		defer db.Close()
		_, err = db.Exec("select pg_sleep(1)")
		out <- err
	}()
	return out
}

func okConsumerShared(ctx context.Context, ch <-chan []byte, dsn string) error {
	x, err := sqlx.ConnectContext(ctx, "postgres", dsn)
	if err != nil {
		return err
	}
	defer x.Close()
	for b := range ch {
		if _, err := x.ExecContext(ctx, "insert into q values($1)", b); err != nil {
			return err
		}
	}
	return nil
}

func okSqliteLoop(dir string, names []string) error {
	for _, n := range names {
		db, err := sql.Open("sqlite3", "file:"+n+"?mode=memory&cache=shared")
		if err != nil {
			return err
		}
		_, err = db.Exec("create table t(x)")
		if cerr := db.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func okBuildThenLoop(ctx context.Context, items []string) (err error) {
	c, err := pgx.Connect(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	for _, it := range items {
		if _, err = c.Exec(ctx, "insert into t values($1)", it); err != nil {
			return
		}
	}
	return
}
