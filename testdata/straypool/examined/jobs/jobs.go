// Package jobs: schedules, queues and loops that build pools.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

func badCronAddFunc(c *cron.Cron, dsn string) error {
	_, err := c.AddFunc("@every 5m", func() {
		db, err := sql.Open("postgres", dsn) // want `sql\.Open runs on each tick`
		if err != nil {
			log.Print(err)
			return
		}
		defer db.Close()
		if _, err := db.Exec("delete from sessions where expires < now()"); err != nil {
			log.Print(err)
		}
	})
	return err
}

func badNightlyReport() {
	o, err := svc.NewOrders(context.TODO()) // want `svc\.NewOrders builds a pool on each tick`
	if err != nil {
		panic(err)
	}
	defer o.Close()
	n, _ := o.Total(context.TODO())
	fmt.Println(n)
}

func ScheduleNightly(c *cron.Cron) { _, _ = c.AddFunc("0 3 * * *", badNightlyReport) }

type EmailArgs struct{ To string }

func (EmailArgs) Kind() string { return "email" }

func badRiverWorkFunc(ws *river.Workers, m *dbx.Manager) {
	river.AddWorker(ws, river.WorkFunc(func(ctx context.Context, job *river.Job[EmailArgs]) error {
		x, err := m.Open(ctx) // want `m\.Open builds a pool for each job`
		if err != nil {
			return river.JobCancel(err)
		}
		defer x.Close()
		return x.PingContext(ctx)
	}))
}

func badTickerRange(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for range t.C {
		db, err := sqlx.Open("postgres", os.Getenv("DSN")) // want `sqlx\.Open runs in a loop`
		if err != nil {
			continue
		}
		var lag float64
		if err := db.GetContext(ctx, &lag, "select extract(epoch from now()-ts) from hb"); err == nil {
			slog.Info("lag", "s", lag)
		}
		db.Close()
	}
}

type Poller struct {
	interval time.Duration
	quit     chan struct{}
}

func (p *Poller) poll() error {
	db := dbx.Conn()
	defer db.Close()
	_, err := db.Exec("select pg_notify('tick','')")
	return err
}

func (p *Poller) badTickerSelect() {
	tick := time.NewTicker(p.interval)
	defer tick.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-tick.C:
			if err := p.poll(); err != nil { // want `p\.poll builds a pool in a loop`
				log.Println("poll failed", err)
			}
		}
	}
}

func badSleepLoop(url string) {
	for {
		pool, err := pgxpool.New(context.Background(), url) // want `pgxpool\.New runs in a loop`
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		_, _ = pool.Exec(context.Background(), "select process_batch()")
		pool.Close()
		time.Sleep(10 * time.Second)
	}
}
