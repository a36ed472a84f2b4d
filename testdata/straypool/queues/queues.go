// Package queues: consumers of messages. The brokers are small types with the same form as the real clients.
package queues

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const dsn = "postgres://queue@db/queue"

// Msg is a message of the broker.
type Msg struct {
	Subject string
	Data    []byte
}

// Ack confirms.
func (*Msg) Ack() error { return nil }

// Conn is a connection to the broker.
type Conn struct{ in chan *Msg }

// Subscribe calls cb for each message, in a goroutine of its own.
func (c *Conn) Subscribe(subject string, cb func(m *Msg)) error {
	go func() {
		for m := range c.in {
			if m.Subject == subject {
				cb(m)
			}
		}
	}()
	return nil
}

// Fetch waits for the next message.
func (c *Conn) Fetch(ctx context.Context) (*Msg, error) {
	select {
	case m := <-c.in:
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Run calls fn for each message until ctx is done.
func (c *Conn) Run(ctx context.Context, fn func(context.Context, *Msg) error) error {
	for {
		m, err := c.Fetch(ctx)
		if err != nil {
			return err
		}
		if err := fn(ctx, m); err != nil {
			slog.Error("message", "err", err)
		}
	}
}

// badSubscribe builds in the callback.
func badSubscribe(nc *Conn) error {
	return nc.Subscribe("orders.created", func(m *Msg) {
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs for each message`
		if err != nil {
			slog.Error("open", "err", err)
			return
		}
		defer db.Close()
		_, _ = db.Exec("insert into orders (body) values ($1)", string(m.Data))
		_ = m.Ack()
	})
}

// okSubscribe builds before it subscribes.
func okSubscribe(nc *Conn) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	return nc.Subscribe("orders.created", func(m *Msg) {
		_, _ = db.Exec("insert into orders (body) values ($1)", string(m.Data))
	})
}

// badRun gives the consumer a literal.
func badRun(ctx context.Context, nc *Conn) error {
	return nc.Run(ctx, func(ctx context.Context, m *Msg) error {
		conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs in a loop`
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "insert into log (body) values ($1)", m.Data)
		return err
	})
}

// store writes one message with a pool of its own.
func store(ctx context.Context, body []byte) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, "insert into inbox (body) values ($1)", body)
	return err
}

// badFetchLoop pulls.
func badFetchLoop(ctx context.Context, nc *Conn) error {
	for {
		m, err := nc.Fetch(ctx)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := store(ctx, m.Data); err != nil { // want "store builds a pool in a loop"
			slog.Error("store", "err", err)
			continue
		}
		_ = m.Ack()
	}
}

// okStoreOnce is a command that stores one message.
func okStoreOnce(ctx context.Context, nc *Conn) error {
	m, err := nc.Fetch(ctx)
	if err != nil {
		return err
	}
	return store(ctx, m.Data)
}

// badChannel ranges over a channel.
func badChannel(ctx context.Context, jobs <-chan int64) {
	for id := range jobs {
		db, err := gorm.Open(postgres.Open(dsn)) // want `gorm\.Open runs in a loop`
		if err != nil {
			slog.Error("open", "id", id, "err", err)
			continue
		}
		db.WithContext(ctx).Exec("update jobs set done = true where id = ?", id)
		if raw, err := db.DB(); err == nil {
			_ = raw.Close()
		}
	}
}

// okChannel has the pool before the loop, and each worker shares it.
func okChannel(ctx context.Context, jobs <-chan int64) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for id := range jobs {
				_, _ = pool.Exec(ctx, "update jobs set done = true where id = $1", id)
			}
		})
	}
	wg.Wait()
	return nil
}

// badSelect receives in a select.
func badSelect(ctx context.Context, jobs <-chan []byte, quit <-chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case body, open := <-jobs:
			if !open {
				return
			}
			conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs in a loop`
			if err != nil {
				continue
			}
			_, _ = conn.Exec(ctx, "insert into inbox (body) values ($1)", body)
			_ = conn.Close(ctx)
		}
	}
}

// badGoPerMessage starts a goroutine for each message, and each builds.
func badGoPerMessage(ctx context.Context, jobs <-chan []byte) {
	for body := range jobs {
		go func() {
			if err := store(ctx, body); err != nil { // want "store builds a pool in each goroutine"
				slog.Error("store", "err", err)
			}
		}()
	}
}

// mailArgs is a river job.
type mailArgs struct{ To string }

func (mailArgs) Kind() string { return "mail" }

// badWorkFunc is a river worker made of a literal.
func badWorkFunc(workers *river.Workers) {
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[mailArgs]) error {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs for each job`
		if err != nil {
			return err
		}
		defer pool.Close()
		_, err = pool.Exec(ctx, "insert into mails (to_) values ($1)", job.Args.To)
		return err
	}))
}

// okWorkFunc shares.
func okWorkFunc(ctx context.Context, workers *river.Workers) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[mailArgs]) error {
		_, err := pool.Exec(ctx, "insert into mails (to_) values ($1)", job.Args.To)
		return err
	}))
	return nil
}

// badRiverFunc has the signature of a worker; another package registers it.
func badRiverFunc(ctx context.Context, job *river.Job[mailArgs]) error {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs for each job`
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "insert into mails (to_) values ($1)", job.Args.To)
	return err
}

// badPeriodic is the constructor of a periodic job, which river calls at each period.
func badPeriodic() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) {
		var to string
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each tick`
		if err == nil {
			_ = db.QueryRow("select email from admins limit 1").Scan(&to)
			_ = db.Close()
		}
		return mailArgs{To: to}, nil
	}, nil)
}

// consumer keeps its pool.
type consumer struct {
	pool *pgxpool.Pool
	nc   *Conn
}

// okNewConsumer is its constructor.
func okNewConsumer(ctx context.Context, nc *Conn) (*consumer, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &consumer{pool, nc}, nil
}

func (c *consumer) handle(ctx context.Context, m *Msg) error {
	var v map[string]any
	if err := json.Unmarshal(m.Data, &v); err != nil {
		return err
	}
	_, err := c.pool.Exec(ctx, "insert into inbox (body) values ($1)", v)
	return err
}

// okConsumer runs until the end; the pool is built before.
func okConsumer(ctx context.Context, nc *Conn) error {
	c, err := okNewConsumer(ctx, nc)
	if err != nil {
		return err
	}
	defer c.pool.Close()
	return nc.Run(ctx, c.handle)
}

// okGoOnce starts one goroutine, which owns its pool for the life of the process.
func okGoOnce(ctx context.Context, jobs <-chan []byte) {
	go func() {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			slog.Error("consumer", "err", err)
			return
		}
		defer pool.Close()
		for body := range jobs {
			_, _ = pool.Exec(ctx, "insert into inbox (body) values ($1)", body)
		}
	}()
}
