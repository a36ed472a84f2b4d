// Package channels: a goroutine for each message, tick or connection. The brokers have the form of the real clients.
package channels

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"iter"
	"log"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/robfig/cron/v3"
)

// Msg is a message of the broker.
type Msg struct {
	Key  string
	Data []byte
}

// Ack confirms.
func (Msg) Ack() error { return nil }

// Reader reads messages.
type Reader struct{ in chan Msg }

// FetchMessage waits for the next message.
func (r *Reader) FetchMessage(ctx context.Context) (Msg, error) {
	select {
	case m := <-r.in:
		return m, nil
	case <-ctx.Done():
		return Msg{}, ctx.Err()
	}
}

// Messages are all messages until ctx is done.
func (r *Reader) Messages(ctx context.Context) iter.Seq[Msg] {
	return func(yield func(Msg) bool) {
		for {
			m, err := r.FetchMessage(ctx)
			if err != nil || !yield(m) {
				return
			}
		}
	}
}

// Subscribe calls cb for each message.
func (r *Reader) Subscribe(topic string, cb func(Msg)) error {
	go func() {
		for m := range r.in {
			cb(m)
		}
	}()
	return nil
}

type store struct{ pool *pgxpool.Pool }

func (s *store) handle(ctx context.Context, m Msg) error {
	_, err := s.pool.Exec(ctx, "insert into messages values ($1, $2)", m.Key, m.Data)
	return errors.Join(err, m.Ack())
}

func (s *store) sweep() {
	_, _ = s.pool.Exec(context.Background(), "delete from sessions where expires < now()")
}

// U4: a goroutine for each message.
func (s *store) badPerMessage(ctx context.Context, msgs <-chan Msg) {
	for m := range msgs {
		go s.handle(ctx, m) // want `no bound \(one for each message of msgs`
	}
}

func (s *store) badFetchLoop(ctx context.Context, r *Reader) error {
	for {
		m, err := r.FetchMessage(ctx)
		if err != nil {
			return err
		}
		go func() { // want `no bound \(one in each round of the loop`
			if err := s.handle(ctx, m); err != nil {
				log.Print(err)
			}
		}()
	}
}

func (s *store) badSelect(ctx context.Context, msgs <-chan Msg) {
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-msgs:
			if !ok {
				return
			}
			go s.handle(ctx, m) // want `no bound \(one in each round of the loop`
		}
	}
}

func (s *store) badIterator(ctx context.Context, r *Reader) {
	for m := range r.Messages(ctx) {
		go s.handle(ctx, m) // want `no bound \(one for each of r\.Messages\(ctx\)`
	}
}

func (s *store) badWaitGroup(ctx context.Context, msgs <-chan Msg) {
	var wg sync.WaitGroup
	defer wg.Wait()
	for m := range msgs {
		wg.Go(func() { // want `no bound \(one for each message of msgs`
			_ = s.handle(ctx, m)
		})
	}
}

// badCallback: the library calls back for each message, the callback starts a goroutine for it.
func (s *store) badCallback(ctx context.Context, r *Reader) error {
	return r.Subscribe("orders", func(m Msg) {
		go s.handle(ctx, m) // want `no bound \(one for each message`
	})
}

// U5: the ticks do not wait for the task.
func (s *store) badTicker(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for range t.C {
		go s.sweep() // want `no bound \(one on each tick`
	}
}

func (s *store) badTickerSelect(ctx context.Context) {
	t := time.NewTicker(30 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			go s.sweep() // want `no bound \(one in each round of the loop`
		}
	}
}

func (s *store) badTick() {
	for range time.Tick(time.Minute) {
		go func() { s.sweep() }() // want `no bound \(one on each tick`
	}
}

func (s *store) badSleep() {
	for {
		go s.sweep() // want `no bound \(one in each round of the loop`
		time.Sleep(time.Minute)
	}
}

// badTickLongTimeout: nothing says that the timeout is shorter than the period.
func (s *store) badTickLongTimeout(timeout time.Duration) {
	for range time.Tick(30 * time.Second) {
		go func() { // want `no bound \(one on each tick`
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			defer cancel()
			_, _ = s.pool.Exec(ctx, "refresh materialized view stats")
		}()
	}
}

func (s *store) badTickAll(ctx context.Context, names []string) {
	for range time.Tick(time.Minute) {
		for _, name := range names {
			go s.pool.Exec(ctx, "call refresh($1)", name) // want `no bound \(up to len\(names\)`
		}
	}
}

// badCron: the scheduler runs the job, the job starts another goroutine, which may overlap with the next one.
func (s *store) badCron(c *cron.Cron) error {
	_, err := c.AddFunc("@every 10s", func() {
		go s.sweep() // want `no bound \(one on each tick`
	})
	return err
}

// U9: a goroutine for each accepted connection.
func (s *store) badAccept(ln net.Listener) error {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go s.serve(conn) // want `no bound \(one in each round of the loop`
	}
}

func (s *store) serve(conn net.Conn) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if err := s.handle(context.Background(), Msg{Data: lines.Bytes()}); err != nil {
			return
		}
	}
}

// U9: a goroutine for each datagram, as in a DNS server.
func (s *store) badDatagrams(ctx context.Context, pc net.PacketConn) error {
	buf := make([]byte, 1500)
	for {
		n, addr, err := pc.ReadFrom(buf)
		if err != nil {
			return err
		}
		name := string(buf[:n])
		go func() { // want `no bound \(one in each round of the loop`
			var answer string
			if err := s.pool.QueryRow(ctx, "select answer from zones where name = $1", name).Scan(&answer); err == nil {
				_, _ = pc.WriteTo([]byte(answer), addr)
			}
		}()
	}
}

// badNotifications: LISTEN has a connection of its own, the handlers do not.
func (s *store) badNotifications(ctx context.Context, conn *pgx.Conn) error {
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		go s.handle(ctx, Msg{Key: n.Channel, Data: []byte(n.Payload)}) // want `no bound \(one in each round of the loop`
	}
}

// badCrewOfSpawners: the crew is bounded, what it starts is not.
func (s *store) badCrewOfSpawners(ctx context.Context, msgs <-chan Msg) {
	for range 4 {
		go func() {
			for m := range msgs {
				go s.handle(ctx, m) // want `no bound \(one for each message of msgs`
			}
		}()
	}
}

// badBufferedJobs: the buffer bounds the messages that wait, not the goroutines.
func (s *store) badBufferedJobs(ctx context.Context, r *Reader) {
	jobs := make(chan Msg, 8)
	go func() {
		defer close(jobs)
		for m := range r.Messages(ctx) {
			jobs <- m
		}
	}()
	for m := range jobs {
		go s.handle(ctx, m) // want `no bound \(one for each message of jobs`
	}
}

// badPipeline: the second stage has a goroutine for each item.
func badPipeline(ctx context.Context, db *sql.DB, in <-chan int64) <-chan error {
	out := make(chan error)
	go func() {
		defer close(out)
		var wg sync.WaitGroup
		for id := range in {
			wg.Add(1)
			go func() { // want `no bound \(one for each message of in`
				defer wg.Done()
				_, err := db.ExecContext(ctx, "call process($1)", id)
				out <- err
			}()
		}
		wg.Wait()
	}()
	return out
}
