// Package lazyok: pools that are built on first use, once.
package lazyok

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

var (
	once sync.Once
	db   *sql.DB
)

func okOnce() *sql.DB {
	once.Do(func() {
		var err error
		db, err = sql.Open("postgres", os.Getenv("DSN"))
		if err != nil {
			panic(err)
		}
		db.SetMaxOpenConns(5)
	})
	return db
}

var okOnceValue = sync.OnceValue(func() *sqlx.DB {
	return sqlx.MustConnect("postgres", os.Getenv("DSN"))
})

var getPool = sync.OnceValues(func() (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), os.Getenv("DSN"))
})

func okHandlerOnceValues(w http.ResponseWriter, r *http.Request) {
	p, err := getPool()
	if err != nil {
		http.Error(w, "db", 500)
		return
	}
	if err := p.Ping(r.Context()); err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func okHandlerShared(w http.ResponseWriter, r *http.Request) {
	p, err := dbx.Shared(r.Context())
	if err != nil {
		w.WriteHeader(500)
		return
	}
	_ = p.Ping(r.Context())
}

func okHandlerDefault(w http.ResponseWriter, r *http.Request) {
	d, err := dbx.Default()
	if err != nil {
		w.WriteHeader(500)
		return
	}
	_ = d.PingContext(r.Context())
}

func okOnceInHandler(w http.ResponseWriter, r *http.Request) {
	once.Do(open)
	_ = db.PingContext(r.Context())
}

func open() { db = dbx.MustOpen(os.Getenv("DSN")) }

type Lazy struct {
	mu   sync.Mutex
	dsn  string
	pool *pgxpool.Pool
}

func (l *Lazy) okMutexField(ctx context.Context) (*pgxpool.Pool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pool == nil {
		p, err := pgxpool.New(ctx, l.dsn)
		if err != nil {
			return nil, err
		}
		l.pool = p
	}
	return l.pool, nil
}

func (l *Lazy) okHandlerViaMutexField(w http.ResponseWriter, r *http.Request) {
	p, err := l.okMutexField(r.Context())
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	_ = p.Ping(r.Context())
}

var (
	mu sync.Mutex
	g  *gorm.DB
)

func okNamedResultAssign() (_ *gorm.DB, err error) {
	mu.Lock()
	defer mu.Unlock()
	if g != nil {
		return g, nil
	}
	if g, err = gorm.Open(postgres.Open(os.Getenv("DSN"))); err != nil {
		g = nil
		return nil, fmt.Errorf("gorm: %w", err)
	}
	return g, nil
}

var rw sync.RWMutex
var handle *sql.DB

func okDoubleChecked() (*sql.DB, error) {
	rw.RLock()
	h := handle
	rw.RUnlock()
	if h != nil {
		return h, nil
	}
	rw.Lock()
	defer rw.Unlock()
	if handle != nil {
		return handle, nil
	}
	nh, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	nh.SetMaxOpenConns(4)
	handle = nh
	return handle, nil
}

var current atomic.Pointer[pgxpool.Pool]

func okAtomicCAS(ctx context.Context) (*pgxpool.Pool, error) {
	if p := current.Load(); p != nil {
		return p, nil
	}
	p, err := dbx.NewPool(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	if !current.CompareAndSwap(nil, p) {
		p.Close()
	}
	return current.Load(), nil
}

func (l *Lazy) okRebuildOnPingFailure(ctx context.Context) (*pgxpool.Pool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pool != nil {
		if err := l.pool.Ping(ctx); err == nil {
			return l.pool, nil
		}
		l.pool.Close()
		l.pool = nil
	}
	var err error
	l.pool, err = dbx.NewPool(ctx, l.dsn)
	return l.pool, err
}

type role string

const (
	primary role = "primary"
	replica role = "replica"
)

type Cluster struct {
	mu    sync.Mutex
	pools map[role]*pgxpool.Pool
}

func (c *Cluster) okRolesMapConst(ctx context.Context) (rw, ro *pgxpool.Pool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range []role{primary, replica} {
		if c.pools[r] != nil {
			continue
		}
		p, perr := dbx.NewPool(ctx, os.Getenv("DSN_"+string(r)))
		if perr != nil {
			return nil, nil, perr
		}
		c.pools[r] = p
	}
	return c.pools[primary], c.pools[replica], nil
}
