// Package fields keeps its pools in structs and package variables.
package fields

import (
	"context"
	"database/sql"
	"os"
	"sync"
	"time"

	_ "github.com/lib/pq"
)

// Store opens in one method and limits in another.
type Store struct {
	db  *sql.DB
	max int
}

func (s *Store) okOpen(dsn string) (err error) {
	if s.db, err = sql.Open("postgres", dsn); err != nil {
		return err
	}
	s.limit()
	return nil
}

func (s *Store) limit() {
	s.db.SetMaxOpenConns(s.max)
	s.db.SetMaxIdleConns(2)
}

// Close ends the store.
func (s *Store) Close() error { return s.db.Close() }

// Cache keeps a pool that none of its methods limits.
type Cache struct {
	mu sync.Mutex
	db *sql.DB
}

func badNewCache(dsn string) (*Cache, error) {
	db, err := sql.Open("postgres", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return &Cache{db: db}, nil
}

// Get reads one entry.
func (c *Cache) Get(ctx context.Context, key string) (value string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	err = c.db.QueryRowContext(ctx, "select value from cache where key = $1", key).Scan(&value)
	return value, err
}

// Server has an exported field that Start configures.
type Server struct {
	DB *sql.DB
}

func okNewServer(dsn string) (*Server, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	return &Server{DB: db}, nil
}

// Start is called by the program after it has changed the fields it wants to change.
func (s *Server) Start(ctx context.Context) error {
	s.DB.SetMaxOpenConns(10)
	return s.DB.PingContext(ctx)
}

// Databases has several pools. One of them is forgotten.
type Databases struct {
	orders, stock, mail *sql.DB
}

func badNewDatabases(dsn string) (*Databases, error) {
	var d Databases
	var err error
	if d.orders, err = sql.Open("postgres", dsn+" dbname=orders"); err != nil {
		return nil, err
	}
	if d.stock, err = sql.Open("postgres", dsn+" dbname=stock"); err != nil {
		return nil, err
	}
	if d.mail, err = sql.Open("postgres", dsn+" dbname=mail"); err != nil { // want `d\.mail has no limit`
		return nil, err
	}
	d.tune(5)
	return &d, nil
}

func (d *Databases) tune(n int) {
	d.orders.SetMaxOpenConns(n)
	d.stock.SetMaxOpenConns(n)
}

// Repo embeds the pool.
type Repo struct{ *sql.DB }

func okNewRepo(dsn string) (*Repo, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	r := &Repo{DB: db}
	r.SetMaxOpenConns(4) // promoted
	return r, nil
}

// Ledger embeds the pool and forgets it.
type Ledger struct{ *sql.DB }

func badNewLedger(dsn string) (l Ledger, err error) {
	l.DB, err = sql.Open("postgres", dsn) // want `l\.DB leaves this package without a limit`
	return l, err
}

// Total sums up.
func (l Ledger) Total(ctx context.Context) (n int64, err error) {
	return n, l.QueryRowContext(ctx, "select sum(amount) from entries").Scan(&n)
}

var (
	users    *sql.DB
	sessions *sql.DB
	metrics  *sql.DB
	archive  = okMustOpen("archive")
)

func init() {
	var err error
	if users, err = sql.Open("postgres", os.Getenv("USERS_DSN")); err != nil {
		panic(err)
	}
	users.SetMaxOpenConns(10)
	archive.SetMaxOpenConns(2)
}

// okMustOpen is limited in init: archive is its only use.
func okMustOpen(name string) *sql.DB {
	db, err := sql.Open("postgres", "dbname="+name)
	if err != nil {
		panic(err)
	}
	return db
}

// okConnectSessions leaves the limit to ConfigureSessions.
func okConnectSessions(dsn string) (err error) {
	sessions, err = sql.Open("postgres", dsn)
	return err
}

// ConfigureSessions is called when the configuration has been read.
func ConfigureSessions(n int) { sessions.SetMaxOpenConns(n) }

// badConnectMetrics has no such partner.
func badConnectMetrics(dsn string) (err error) {
	metrics, err = sql.Open("postgres", dsn) // want "metrics has no limit"
	if err != nil {
		return err
	}
	metrics.SetConnMaxLifetime(time.Hour)
	return nil
}

// Observe stores one value.
func Observe(ctx context.Context, name string, v float64) error {
	_, err := metrics.ExecContext(ctx, "insert into samples values ($1, $2)", name, v)
	return err
}

// Tenants opens one pool for each tenant.
type Tenants struct {
	mu    sync.Mutex
	pools map[string]*sql.DB
}

func (t *Tenants) okPool(tenant string) (*sql.DB, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if db, ok := t.pools[tenant]; ok {
		return db, nil
	}
	db, err := sql.Open("postgres", "dbname="+tenant)
	if err != nil {
		return nil, err
	}
	t.pools[tenant] = db
	t.pools[tenant].SetMaxOpenConns(2)
	return db, nil
}

// Regions forgets the limit and the entry.
type Regions struct{ pools sync.Map }

func (r *Regions) badPool(region, dsn string) (*sql.DB, error) {
	if db, ok := r.pools.Load(region); ok {
		return db.(*sql.DB), nil
	}
	db, err := sql.Open("postgres", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return db, nil
}

// App builds itself in steps.
type App struct {
	cfg struct{ dsn string }
	db  *sql.DB
}

func (a *App) okInit(ctx context.Context) error {
	for _, step := range []func(context.Context) error{a.openDB, a.tuneDB, a.ping} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) openDB(context.Context) (err error) {
	a.db, err = sql.Open("postgres", a.cfg.dsn)
	return err
}

func (a *App) tuneDB(context.Context) error {
	a.db.SetMaxOpenConns(10)
	return nil
}

func (a *App) ping(ctx context.Context) error { return a.db.PingContext(ctx) }
