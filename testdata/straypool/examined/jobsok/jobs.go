// Package jobsok: schedules, queues and loops that share a pool, retries and reloads.
package jobsok

import (
	"context"
	"database/sql"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

func okCronShared(dsn string) (*cron.Cron, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	c := cron.New()
	_, err = c.AddFunc("@hourly", func() {
		if _, err := db.Exec("delete from s where old"); err != nil {
			log.Print(err)
		}
	})
	return c, err
}

type cleanup struct{ p *pgxpool.Pool }

func (c cleanup) Run() { _, _ = c.p.Exec(context.Background(), "select cleanup()") }

func okCronJobsInLoop(ctx context.Context) *cron.Cron {
	p, err := dbx.NewPool(ctx, os.Getenv("DSN"))
	if err != nil {
		log.Panic(err)
	}
	c := cron.New()
	for _, spec := range []string{"@daily", "@weekly"} {
		if _, err := c.AddJob(spec, cleanup{p}); err != nil {
			log.Panic(err)
		}
	}
	return c
}

type Args struct{}

func (Args) Kind() string { return "k" }

type W struct {
	river.WorkerDefaults[Args]
	p *pgxpool.Pool
}

func (w *W) Work(ctx context.Context, _ *river.Job[Args]) error { return w.p.Ping(ctx) }

func okRiverClient(ctx context.Context) error {
	p, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	ws := river.NewWorkers()
	river.AddWorker(ws, &W{p: p})
	return serve(ctx, ws)
}

func okTickerUsesPool(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			if _, err := pool.Exec(ctx, "select tick()"); err != nil {
				return err
			}
		}
	}
}

func serve(ctx context.Context, _ *river.Workers) error { <-ctx.Done(); return ctx.Err() }
