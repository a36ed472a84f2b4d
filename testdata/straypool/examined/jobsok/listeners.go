package jobsok

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/lib/pq"
)

func okListenReconnect(ctx context.Context, dsn string, out chan<- string) error {
	for ctx.Err() == nil {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		if _, err = conn.Exec(ctx, "listen jobs"); err == nil {
			for {
				n, err := conn.WaitForNotification(ctx)
				if err != nil {
					break
				}
				out <- n.Payload
			}
		}
		_ = conn.Close(context.WithoutCancel(ctx))
		time.Sleep(time.Second)
	}
	return ctx.Err()
}

type Listener struct{ url string }

func (l *Listener) session(ctx context.Context, f func(string)) error {
	c, err := pgx.Connect(ctx, l.url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "LISTEN ch"); err != nil {
		return err
	}
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		f(n.Payload)
	}
}

func (l *Listener) okListenSplit(ctx context.Context, f func(string)) {
	backoff := time.Second
	for {
		if err := l.session(ctx, f); errors.Is(err, context.Canceled) {
			return
		}
		time.Sleep(backoff)
		backoff = min(2*backoff, time.Minute)
	}
}

func okPqListenerMain(dsn string) {
	l := pq.NewListener(dsn, 10*time.Second, time.Minute, func(ev pq.ListenerEventType, err error) {
		if err != nil {
			log.Println(ev, err)
		}
	})
	defer l.Close()
	_ = l.Listen("x")
	for {
		select {
		case n := <-l.Notify:
			log.Println(n)
		case <-time.After(90 * time.Second):
			go func() { _ = l.Ping() }()
		}
	}
}
