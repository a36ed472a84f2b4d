package channels

import (
	"context"
	"database/sql"
	"log"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/robfig/cron/v3"
)

// B5: counted workers over a channel.
func (s *store) okWorkers(ctx context.Context, msgs <-chan Msg, n int) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for m := range msgs {
				_ = s.handle(ctx, m)
			}
		}()
	}
	wg.Wait()
}

func (s *store) worker(ctx context.Context, jobs <-chan Msg, results chan<- error) {
	for m := range jobs {
		results <- s.handle(ctx, m)
	}
}

// B5: the worker is a method.
func (s *store) okWorkerMethod(ctx context.Context, msgs []Msg) (failed int) {
	jobs := make(chan Msg, len(msgs))
	results := make(chan error, len(msgs))
	for range 5 {
		go s.worker(ctx, jobs, results)
	}
	for _, m := range msgs {
		jobs <- m
	}
	close(jobs)
	for range msgs {
		if <-results != nil {
			failed++
		}
	}
	return failed
}

// okWorkerSelect reads its jobs in a select.
func (s *store) okWorkerSelect(ctx context.Context, jobs <-chan Msg) {
	for range 3 {
		go func() {
			for {
				select {
				case <-ctx.Done():
					return
				case m := <-jobs:
					_ = s.handle(ctx, m)
				}
			}
		}()
	}
}

// okInline handles in the loop.
func (s *store) okInline(ctx context.Context, msgs <-chan Msg) {
	for m := range msgs {
		_ = s.handle(ctx, m)
	}
}

// okOneConsumer is one goroutine for all messages.
func (s *store) okOneConsumer(ctx context.Context, msgs <-chan Msg) {
	go func() {
		for m := range msgs {
			_ = s.handle(ctx, m)
		}
	}()
}

// okDispatch: the loop only hands over.
func (s *store) okDispatch(ctx context.Context, r *Reader) error {
	jobs := make(chan Msg, 64)
	defer close(jobs)
	go s.worker(ctx, jobs, make(chan error))
	for {
		m, err := r.FetchMessage(ctx)
		if err != nil {
			return err
		}
		jobs <- m
	}
}

// okCallbackInline: how often the library calls at the same time is its business.
func (s *store) okCallbackInline(ctx context.Context, r *Reader) error {
	return r.Subscribe("orders", func(m Msg) {
		if err := s.handle(ctx, m); err != nil {
			log.Print(err)
		}
	})
}

// B10: the task runs in the loop of the ticker.
func (s *store) okTickerInline(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			s.sweep()
		}
	}
}

// B10: the run ends before the next one begins.
func (s *store) okTickShortTimeout() {
	for range time.Tick(time.Minute) {
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			defer cancel()
			_, _ = s.pool.Exec(ctx, "refresh materialized view stats")
		}()
	}
}

// okTickGuarded skips a tick while the last run is at work.
func (s *store) okTickGuarded() {
	var running atomic.Bool
	for range time.Tick(time.Minute) {
		if !running.CompareAndSwap(false, true) {
			continue
		}
		go func() {
			defer running.Store(false)
			s.sweep()
		}()
	}
}

func (s *store) okTickTryLock() {
	var mu sync.Mutex
	for range time.Tick(time.Minute) {
		if mu.TryLock() {
			go func() {
				defer mu.Unlock()
				s.sweep()
			}()
		}
	}
}

// okCron: the job runs inline.
func (s *store) okCron(c *cron.Cron) error {
	_, err := c.AddFunc("@every 10s", s.sweep)
	return err
}

// okTasks starts a fixed number of background loops (B10).
func (s *store) okTasks(ctx context.Context) {
	every := func(d time.Duration, task func()) {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(d):
				task()
			}
		}
	}
	go every(time.Minute, s.sweep)
	go every(time.Hour, func() { _, _ = s.pool.Exec(ctx, "analyze") })
}

// okAcceptEcho has a goroutine for each connection, without a database.
func okAcceptEcho(ln net.Listener) error {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			_, _ = conn.Write([]byte("pong\n"))
		}()
	}
}

// okAcceptAdmission admits a fixed number of connections.
func (s *store) okAcceptAdmission(ln net.Listener) error {
	slots := make(chan struct{}, 10)
	for {
		slots <- struct{}{}
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer func() { <-slots }()
			s.serve(conn)
		}()
	}
}

// Channel has the methods of an AMQP channel.
type Channel struct{ deliveries chan Msg }

// Qos is the number of messages that the broker sends ahead of their acknowledgement.
func (c *Channel) Qos(prefetchCount, prefetchSize int, global bool) error { return nil }

// Consume starts delivery.
func (c *Channel) Consume(queue, consumer string, autoAck, exclusive, noLocal, noWait bool, args map[string]any) (<-chan Msg, error) {
	return c.deliveries, nil
}

// B12: the broker sends the next message after the acknowledgement of the last one.
func (s *store) okQos(ctx context.Context, ch *Channel) error {
	if err := ch.Qos(1, 0, false); err != nil {
		return err
	}
	msgs, err := ch.Consume("orders", "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for m := range msgs {
		go s.handle(ctx, m)
	}
	return nil
}

// okPipeline: the stages are goroutines, one for each stage.
func okPipeline(ctx context.Context, db *sql.DB, in <-chan int64) <-chan error {
	names := make(chan string)
	go func() {
		defer close(names)
		for id := range in {
			var name string
			if db.QueryRowContext(ctx, "select name from items where id = $1", id).Scan(&name) == nil {
				names <- name
			}
		}
	}()
	out := make(chan error)
	go func() {
		defer close(out)
		for name := range names {
			_, err := db.ExecContext(ctx, "insert into names values ($1)", name)
			out <- err
		}
	}()
	return out
}
