package jobs

import (
	"context"
	"database/sql"
	"log"
	"log/slog"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type Msg struct{ Key, Body string }

func badConsumeChan(ctx context.Context, in <-chan Msg) error {
	for m := range in {
		conn, err := pgx.Connect(ctx, os.Getenv("DSN")) // want `pgx\.Connect runs in a loop`
		if err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "insert into q values($1,$2)", m.Key, m.Body); err != nil {
			_ = conn.Close(ctx)
			return err
		}
		if err := conn.Close(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

type Consumer struct {
	ch <-chan Msg
	h  func(context.Context, Msg) error
}

func (c *Consumer) Loop(ctx context.Context) {
	for {
		select {
		case m, ok := <-c.ch:
			if !ok {
				return
			}
			if err := c.h(ctx, m); err != nil {
				slog.Warn("nack", "key", m.Key)
			}
		case <-ctx.Done():
			return
		}
	}
}

// each delivers every message to fn.
func each(ctx context.Context, ch <-chan Msg, fn func(context.Context, Msg) error) error {
	for m := range ch {
		if err := fn(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func badCallbackEach(ctx context.Context, ch <-chan Msg) error {
	return each(ctx, ch, func(ctx context.Context, m Msg) error {
		st, err := dbx.NewStore(ctx, os.Getenv("DSN")) // want `dbx\.NewStore builds a pool in a loop`
		if err != nil {
			return err
		}
		defer st.Close()
		_, err = st.Count(ctx)
		return err
	})
}

func saveMsg(ctx context.Context, m Msg) error {
	db, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "insert into m values($1)", m.Body)
	return err
}

func badNamedCallback(ctx context.Context, ch <-chan Msg) error { return each(ctx, ch, saveMsg) } // want "builds a pool in a loop"

func badGoroutinePerItem(ctx context.Context, ids []int) {
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Add(1)
		go func(id int) {
			defer wg.Done()
			c, err := pgx.Connect(ctx, os.Getenv("DSN")) // want `pgx\.Connect runs in each goroutine`
			if err != nil {
				return
			}
			defer c.Close(ctx)
			_, _ = c.Exec(ctx, "update t set done=true where id=$1", id)
		}(id)
	}
	wg.Wait()
}

func badErrgroupPerItem(ctx context.Context, names []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, n := range names {
		g.Go(func() error {
			p, err := dbx.NewPool(ctx, os.Getenv("DSN")) // want `dbx\.NewPool builds a pool in each goroutine`
			if err != nil {
				return err
			}
			defer p.Close()
			_, err = p.Exec(ctx, "analyze "+n)
			return err
		})
	}
	return g.Wait()
}

type crawlWorker struct{ db *sql.DB }

func newCrawlWorker(dsn string) *crawlWorker { return &crawlWorker{db: dbx.MustOpen(dsn)} }

func (c *crawlWorker) run(in <-chan string) {
	for u := range in {
		_, _ = c.db.Exec("insert into pages values($1)", u)
	}
}

func badPoolPerWorker(n int, in <-chan string) {
	for i := 0; i < n; i++ {
		w := newCrawlWorker(os.Getenv("DSN")) // want "newCrawlWorker builds a pool in a loop"
		go w.run(in)
	}
}

func worker(id int, jobs <-chan int, done chan<- error) {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		done <- err
		return
	}
	defer db.Close()
	for j := range jobs {
		_, err := db.Exec("select work($1,$2)", id, j)
		done <- err
	}
}

func badWorkerOwnsPool(jobs <-chan int, done chan<- error) {
	for w := 1; w <= 32; w++ {
		go worker(w, jobs, done) // want "worker builds a pool in each goroutine"
	}
}

// sink has one implementation in the package.
type sink interface {
	write(ctx context.Context, m Msg) error
}

type pgSink struct{ dsn string }

func (s pgSink) write(ctx context.Context, m Msg) error {
	p, err := dbx.NewPool(ctx, s.dsn)
	if err != nil {
		return err
	}
	defer p.Close()
	_, err = p.Exec(ctx, "insert into m values($1)", m.Body)
	return err
}

func badSinkLoop(ctx context.Context, ch chan Msg) {
	var s sink = pgSink{os.Getenv("DSN")}
	for m := range ch {
		if err := s.write(ctx, m); err != nil { // want `s\.write builds a pool in a loop`
			log.Print(err)
		}
	}
}
