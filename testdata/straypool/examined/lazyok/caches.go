package lazyok

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type Tenants struct {
	mu    sync.Mutex
	cache *lru.Cache[string, *pgxpool.Pool]
}

func NewTenants() (*Tenants, error) {
	c, err := lru.NewWithEvict(32, func(_ string, p *pgxpool.Pool) { go p.Close() })
	if err != nil {
		return nil, err
	}
	return &Tenants{cache: c}, nil
}

func (t *Tenants) okLru(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.cache.Get(tenant); ok {
		return p, nil
	}
	p, err := pgxpool.New(ctx, "postgres://db/"+tenant)
	if err != nil {
		return nil, err
	}
	t.cache.Add(tenant, p)
	return p, nil
}

func (t *Tenants) okLruHandler(w http.ResponseWriter, r *http.Request) {
	p, err := t.okLru(r.Context(), r.Header.Get("X-Tenant"))
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	_ = p.Ping(r.Context())
}

var exp = expirable.NewLRU(16, func(_ int, d *sql.DB) { _ = d.Close() }, 10*time.Minute)

func okExpirableLRU(id int) (*sql.DB, error) {
	if d, ok := exp.Get(id); ok {
		return d, nil
	}
	d, err := sql.Open("pgx", fmt.Sprintf("dbname=t%d", id))
	if err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(2)
	exp.Add(id, d)
	return d, nil
}

const maxTenants = 20

type bounded struct {
	mu sync.Mutex
	m  map[string]*pgxpool.Pool
}

var errTooMany = errors.New("too many tenants")

func (b *bounded) okMapWithCap(ctx context.Context, t string) (*pgxpool.Pool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.m[t]; p != nil {
		return p, nil
	}
	if len(b.m) >= maxTenants {
		return nil, errTooMany
	}
	p, err := dbx.NewPool(ctx, "postgres://db/"+t)
	if err != nil {
		return nil, err
	}
	b.m[t] = p
	return p, nil
}

type entry struct {
	pool *pgxpool.Pool
	used time.Time
}

type ttlPools struct {
	mu sync.Mutex
	m  map[string]*entry
}

func (t *ttlPools) okMapWithJanitor(ctx context.Context, k string) (*pgxpool.Pool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.m[k]; ok {
		e.used = time.Now()
		return e.pool, nil
	}
	p, err := pgxpool.New(ctx, k)
	if err != nil {
		return nil, err
	}
	t.m[k] = &entry{p, time.Now()}
	return p, nil
}

func (t *ttlPools) Janitor(every, idle time.Duration) {
	for range time.Tick(every) {
		t.mu.Lock()
		for k, e := range t.m {
			if time.Since(e.used) > idle {
				e.pool.Close()
				delete(t.m, k)
			}
		}
		t.mu.Unlock()
	}
}

type evictOldest struct {
	mu    sync.Mutex
	order []string
	m     map[string]*sqlx.DB
}

func (e *evictOldest) okEvictOldest(dsn string) (*sqlx.DB, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if x, ok := e.m[dsn]; ok {
		return x, nil
	}
	x, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	if len(e.order) == 8 {
		old := e.order[0]
		e.order = e.order[1:]
		_ = e.m[old].Close()
		delete(e.m, old)
	}
	e.m[dsn] = x
	e.order = append(e.order, dsn)
	return x, nil
}
