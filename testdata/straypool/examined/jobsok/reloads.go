package jobsok

import (
	"context"
	"database/sql"
	"log"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type Live struct{ p atomic.Pointer[pgxpool.Pool] }

func (l *Live) okSighupSwap(ctx context.Context) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	for range hup {
		np, err := dbx.NewPool(ctx, os.Getenv("DSN"))
		if err != nil {
			log.Println("reload:", err)
			continue
		}
		if old := l.p.Swap(np); old != nil {
			go old.Close()
		}
	}
}

type Config struct{ DSN string }

type Reloader struct {
	mu sync.RWMutex
	db *sql.DB
}

func (r *Reloader) apply(c Config) error {
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(8)
	r.mu.Lock()
	old := r.db
	r.db = db
	r.mu.Unlock()
	if old != nil {
		return old.Close()
	}
	return nil
}

func (r *Reloader) okConfigWatch(ctx context.Context, ch <-chan Config) error {
	for {
		select {
		case c := <-ch:
			if err := r.apply(c); err != nil {
				log.Print(err)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func okSighupGoroutine(dsn func() string) *Live {
	l := new(Live)
	p, err := pgxpool.New(context.Background(), dsn())
	if err != nil {
		panic(err)
	}
	l.p.Store(p)
	sig := make(chan os.Signal, 1)
	signal.Notify(sig, syscall.SIGHUP)
	go func() {
		for {
			<-sig
			n, err := pgxpool.New(context.Background(), dsn())
			if err != nil {
				continue
			}
			old := l.p.Swap(n)
			time.AfterFunc(30*time.Second, old.Close)
		}
	}()
	return l
}

func okSignalSelectReload(ctx context.Context, l *Live) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			p, err := pgxpool.New(ctx, os.Getenv("DSN"))
			if err != nil {
				log.Print("keeping the old pool: ", err)
				continue
			}
			if err := p.Ping(ctx); err != nil {
				p.Close()
				continue
			}
			old := l.p.Swap(p)
			old.Close()
		}
	}
}

// okRotateCredentials builds the pool anew for new credentials and closes the old one.
func (r *Reloader) okRotateCredentials(dsns <-chan string) {
	for dsn := range dsns {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			continue
		}
		r.mu.Lock()
		old := r.db
		r.db = db
		r.mu.Unlock()
		if old != nil {
			_ = old.Close()
		}
	}
}
