// Package locks: a mutex that somebody else keeps for long, locked while a connection is held. H6, S4.
package locks

import (
	"context"
	"database/sql"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Prices locks mu across a query of the pool in Refresh.
type Prices struct {
	mu    sync.Mutex
	pool  *pgxpool.Pool
	cache map[string]int
}

func (p *Prices) Refresh(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var n int
	if err := p.pool.QueryRow(ctx, "select count(*) from prices").Scan(&n); err != nil {
		return err
	}
	p.cache["n"] = n
	return nil
}

// BadLockInTx waits for Refresh, and Refresh waits for a connection.
func (p *Prices) BadLockInTx(ctx context.Context, sku string) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	p.mu.Lock() // want `tx is held while`
	price := p.cache[sku]
	p.mu.Unlock()
	if _, err := tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, price); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkLockBeforeTx reads the cache first.
func (p *Prices) OkLockBeforeTx(ctx context.Context, sku string) error {
	p.mu.Lock()
	price := p.cache[sku]
	p.mu.Unlock()
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, price); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (p *Prices) get(sku string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cache[sku]
}

// BadLockInHelper: the lock is in the helper.
func (p *Prices) BadLockInHelper(ctx context.Context, sku string) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, p.get(sku)); err != nil { // want `tx is held while`
		return err
	}
	return tx.Commit(ctx)
}

// OkTryLock doesn't wait.
func (p *Prices) OkTryLock(ctx context.Context, sku string) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	price := 0
	if p.mu.TryLock() {
		price = p.cache[sku]
		p.mu.Unlock()
	}
	if _, err := tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, price); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Counters locks its mutex for work on memory only.
type Counters struct {
	mu sync.RWMutex
	db *sql.DB
	n  map[string]int
}

func (c *Counters) inc(name string) {
	c.mu.Lock()
	c.n[name]++
	c.mu.Unlock()
}

func (c *Counters) value(name string) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.n[name]
}

func (c *Counters) OkShort(ctx context.Context, name string) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	c.inc(name)
	if _, err := tx.ExecContext(ctx, "update counters set n = $2 where name = $1", name, c.value(name)); err != nil {
		return err
	}
	return tx.Commit()
}

func (c *Counters) OkShortInline(ctx context.Context, name string) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	c.mu.RLock()
	n := c.n[name]
	c.mu.RUnlock()
	if _, err := tx.ExecContext(ctx, "update counters set n = $2 where name = $1", name, n); err != nil {
		return err
	}
	return tx.Commit()
}

// Token locks mu across a request.
type Token struct {
	mu    sync.Mutex
	value string
	until time.Time
	db    *sql.DB
}

func (t *Token) Renew(url string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	t.value, t.until = resp.Header.Get("Token"), time.Now().Add(time.Hour)
	return resp.Body.Close()
}

func (t *Token) BadWaitForRenewal(ctx context.Context) error {
	conn, err := t.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t.mu.Lock() // want `conn is held while`
	defer t.mu.Unlock()
	_, err = conn.ExecContext(ctx, "insert into tokens values ($1, $2)", t.value, t.until)
	return err
}

// OkCopyFirst takes what it needs from under the lock.
func (t *Token) OkCopyFirst(ctx context.Context) error {
	t.mu.Lock()
	value, until := t.value, t.until
	t.mu.Unlock()
	conn, err := t.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "insert into tokens values ($1, $2)", value, until)
	return err
}

// registry has a package-level mutex, kept over a sleep.
var (
	registryMu sync.RWMutex
	registry   = map[string]string{}
)

func reload() {
	registryMu.Lock()
	defer registryMu.Unlock()
	time.Sleep(time.Second)
	registry["loaded"] = "yes"
}

func badPackageLock(ctx context.Context, db *sql.DB) error {
	go reload()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	registryMu.RLock() // want `tx is held while`
	v := registry["loaded"]
	registryMu.RUnlock()
	if _, err := tx.ExecContext(ctx, "insert into registry values ($1)", v); err != nil {
		return err
	}
	return tx.Commit()
}

// okLocalLock guards a variable of this function.
func okLocalLock(ctx context.Context, db *sql.DB, names []string) error {
	var mu sync.Mutex
	seen := map[string]bool{}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, name := range names {
		mu.Lock()
		seen[name] = true
		mu.Unlock()
	}
	if _, err := tx.ExecContext(ctx, "insert into registry values ($1)", len(seen)); err != nil {
		return err
	}
	return tx.Commit()
}
