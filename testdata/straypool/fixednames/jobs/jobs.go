// Package jobs: workers and cron jobs that are methods with a given name.
package jobs

import (
	"context"
	"database/sql"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"
)

const dsn = "postgres://jobs@db/jobs"

// MailArgs is a job.
type MailArgs struct{ To string }

// Kind is the name of the job.
func (MailArgs) Kind() string { return "mail" }

// MailWorker connects for each job.
type MailWorker struct {
	river.WorkerDefaults[MailArgs]
}

// Work sends a mail.
func (w *MailWorker) Work(ctx context.Context, job *river.Job[MailArgs]) error {
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs for each job`
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "insert into mails (to_) values ($1)", job.Args.To)
	return err
}

// BillArgs is a job.
type BillArgs struct{ Customer int64 }

// Kind is the name of the job.
func (BillArgs) Kind() string { return "bill" }

// BillWorker has a pool.
type BillWorker struct {
	river.WorkerDefaults[BillArgs]
	pool *pgxpool.Pool
}

// Work writes a bill.
func (w *BillWorker) Work(ctx context.Context, job *river.Job[BillArgs]) error {
	_, err := w.pool.Exec(ctx, "insert into bills (customer) values ($1)", job.Args.Customer)
	return err
}

// okWorkers builds the pool of the workers.
func okWorkers(ctx context.Context) (*river.Workers, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &BillWorker{pool: pool})
	if err := river.AddWorkerSafely(workers, &MailWorker{}); err != nil {
		return nil, err
	}
	return workers, nil
}

// vacuumJob is a cron.Job.
type vacuumJob struct{ table string }

// Run vacuums the table.
func (j vacuumJob) Run() {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each tick`
	if err != nil {
		log.Print(err)
		return
	}
	defer db.Close()
	if _, err := db.Exec("vacuum " + pgx.Identifier{j.table}.Sanitize()); err != nil {
		log.Print(err)
	}
}

// analyzeJob is a cron.Job with a pool.
type analyzeJob struct{ db *sql.DB }

// Run analyzes.
func (j *analyzeJob) Run() { _, _ = j.db.Exec("analyze") }

// okSchedule builds the pool of the jobs.
func okSchedule(c *cron.Cron) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	if _, err := c.AddJob("@daily", &analyzeJob{db}); err != nil {
		return err
	}
	_, err = c.AddJob("@weekly", vacuumJob{table: "orders"})
	return err
}

// server has a method Run too, but it is a program's main loop and no job: it runs once.
type server struct{}

// Run serves until ctx is done.
func (server) Run(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	<-ctx.Done()
	return ctx.Err()
}

// okRunServer is main.
func okRunServer(ctx context.Context) error { return server{}.Run(ctx) }
