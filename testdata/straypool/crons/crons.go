// Package crons: what runs again and again by the clock, and health checks.
package crons

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/robfig/cron/v3"
	"github.com/spf13/cobra"
)

const dsn = "postgres://cron@db/app"

// badAddFunc gives cron a literal.
func badAddFunc(c *cron.Cron) error {
	_, err := c.AddFunc("@hourly", func() {
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each tick`
		if err != nil {
			log.Print(err)
			return
		}
		defer db.Close()
		_, _ = db.Exec("delete from sessions where expires < now()")
	})
	return err
}

// okAddFunc shares the pool with the job.
func okAddFunc(c *cron.Cron) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	_, err = c.AddFunc("@hourly", func() { _, _ = db.Exec("delete from sessions where expires < now()") })
	return err
}

// badNightly is registered below. Only the registration says that it runs often.
func badNightly() {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each tick`
	if err != nil {
		log.Print(err)
		return
	}
	defer conn.Close(ctx)
	_, _ = conn.Exec(ctx, "call rollup()")
}

type cleaner struct{ dsn string }

// badClean is registered as a method value.
func (c *cleaner) badClean() {
	db, err := sqlx.Connect("pgx", c.dsn) // want `sqlx\.Connect runs on each tick`
	if err != nil {
		log.Print(err)
		return
	}
	defer db.Close()
	db.MustExec("delete from trash")
}

func schedule() (*cron.Cron, error) {
	c := cron.New(cron.WithSeconds())
	if _, err := c.AddFunc("0 0 3 * * *", badNightly); err != nil {
		return nil, err
	}
	cl := &cleaner{dsn: dsn}
	if _, err := c.AddFunc("@every 10m", cl.badClean); err != nil {
		return nil, err
	}
	c.Start()
	return c, nil
}

// badJobFunc converts.
func badJobFunc(c *cron.Cron, every time.Duration) {
	c.Schedule(cron.Every(every), cron.FuncJob(func() {
		pool, err := pgxpool.New(context.Background(), dsn) // want `pgxpool\.New runs on each tick`
		if err != nil {
			return
		}
		defer pool.Close()
		_, _ = pool.Exec(context.Background(), "select refresh()")
	}))
}

// purge builds, works and closes.
func purge(ctx context.Context, table string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, "delete from "+pgx.Identifier{table}.Sanitize())
	return err
}

// badTickerRange ranges over the ticker's channel.
func badTickerRange(ctx context.Context) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for range t.C {
		if err := purge(ctx, "carts"); err != nil { // want "purge builds a pool in a loop"
			log.Print(err)
		}
	}
}

// badTickerSelect is the usual loop of a background task.
func badTickerSelect(ctx context.Context) error {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
			conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs in a loop`
			if err != nil {
				log.Print(err)
				continue
			}
			_, err = conn.Exec(ctx, "update leases set until = now() + interval '1 minute'")
			if err = errors.Join(err, conn.Close(ctx)); err != nil {
				log.Print(err)
			}
		}
	}
}

// okTicker builds before the loop.
func okTicker(ctx context.Context) error {
	db, err := sqlx.ConnectContext(ctx, "pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(time.Minute):
			if _, err := db.ExecContext(ctx, "select refresh()"); err != nil {
				log.Print(err)
			}
		}
	}
}

// okTickerUntilConnected waits by a ticker, but only until the database answers: a start-up retry.
func okTickerUntilConnected(ctx context.Context) (*sqlx.DB, error) {
	t := time.NewTicker(2 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-t.C:
			db, err := sqlx.ConnectContext(ctx, "pgx", dsn)
			if err == nil {
				return db, nil
			}
			log.Printf("database: %v", err)
		}
	}
}

// badSleepLoop polls.
func badSleepLoop(ctx context.Context) {
	for ctx.Err() == nil {
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs in a loop`
		if err != nil {
			log.Fatal(err)
		}
		var due int
		if err := db.QueryRowContext(ctx, "select count(*) from due").Scan(&due); err == nil && due > 0 {
			log.Printf("%d due", due)
		}
		_ = db.Close()
		time.Sleep(10 * time.Second)
	}
}

// okAfterFuncOnce builds later, but once: the timer is not set again.
func okAfterFuncOnce(ctx context.Context, ready chan<- *pgxpool.Pool) *time.Timer {
	return time.AfterFunc(5*time.Second, func() {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			log.Fatal(err)
		}
		ready <- pool
	})
}

// badAfterFunc sets itself again, so it is a ticker.
func badAfterFunc(ctx context.Context) {
	var tick func()
	tick = func() {
		if err := purge(ctx, "visits"); err != nil { // want "purge builds a pool on each tick"
			log.Print(err)
		}
		time.AfterFunc(time.Minute, tick)
	}
	tick()
}

// badTick is a method that sets itself again.
func (c *cleaner) badTick() {
	conn, err := pgx.Connect(context.Background(), c.dsn) // want `pgx\.Connect runs on each tick`
	if err == nil {
		_, _ = conn.Exec(context.Background(), "notify tick")
		_ = conn.Close(context.Background())
	}
	time.AfterFunc(time.Second, c.badTick)
}

// badHealthz is the probe of an orchestrator: it comes every few seconds, from each node.
func badHealthz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer conn.Close(ctx)
	fmt.Fprintln(w, "ok")
}

// okHealthz asks the pool that the service uses.
func okHealthz(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := pool.Ping(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

// badCheckHealth is a health check by its name and form; a framework calls it on each probe.
func badCheckHealth(ctx context.Context) error {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each health check`
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// probe is one dependency of the service.
type probe struct {
	name string
	ask  func(context.Context) error
}

// badProbes is a handler that asks each dependency.
func badProbes(w http.ResponseWriter, r *http.Request) {
	database := func(ctx context.Context) error {
		return purge(ctx, "probes")
	}
	if err := database(r.Context()); err != nil { // want "database builds a pool on each request"
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// okProbes makes the probes over a pool, once.
func okProbes(ctx context.Context) (http.HandlerFunc, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	probes := []probe{{"postgres", pool.Ping}}
	return func(w http.ResponseWriter, r *http.Request) {
		for _, p := range probes {
			if err := p.ask(r.Context()); err != nil {
				http.Error(w, p.name, http.StatusServiceUnavailable)
				return
			}
		}
	}, nil
}

// okHealthcheckCommand is `app healthcheck` of a container: a process of its own, which connects once and exits.
func okHealthcheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "healthcheck",
		RunE: func(cmd *cobra.Command, _ []string) error {
			conn, err := pgx.Connect(cmd.Context(), os.Getenv("DATABASE_URL"))
			if err != nil {
				return err
			}
			defer conn.Close(cmd.Context())
			return conn.Ping(cmd.Context())
		},
	}
}

// okWaitHealthy has "healthy" in its name and is a start-up wait.
func okWaitHealthy(ctx context.Context) (*pgxpool.Pool, error) {
	for {
		pool, err := pgxpool.New(ctx, dsn)
		if err == nil {
			if err = pool.Ping(ctx); err == nil {
				return pool, nil
			}
			pool.Close()
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(err, ctx.Err())
		case <-time.After(time.Second):
		}
	}
}

// okOnceADay is a program for the system's cron: the process runs once.
func okOnceADay(ctx context.Context) error {
	return purge(ctx, "daily")
}

// okSingleDelay waits for the night, then builds; no loop follows.
func okSingleDelay(ctx context.Context, at time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
	}
	return purge(ctx, "nightly")
}
