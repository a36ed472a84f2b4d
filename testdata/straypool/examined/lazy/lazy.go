// Package lazy: pools that are built on first use, and again.
package lazy

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/singleflight"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

var dbA *sql.DB

func badNeverAssigns() (*sql.DB, error) {
	if dbA != nil {
		return dbA, nil
	}
	d, err := sql.Open("postgres", os.Getenv("DSN")) // want `dbA is checked at L\d+ and never set`
	if err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(5)
	return d, nil
}

var db *sql.DB

func badShadow() *sql.DB {
	if db == nil {
		db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open runs on each call: := makes a new db`
		if err != nil {
			panic(err)
		}
		db.SetMaxOpenConns(4)
		return db
	}
	return db
}

var pool *pgxpool.Pool

func badShadowTopLevel(ctx context.Context) (*pgxpool.Pool, error) {
	if pool != nil {
		return pool, nil
	}
	pool, err := pgxpool.New(ctx, os.Getenv("DSN")) // want `pgxpool\.New runs on each call: := makes a new pool`
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return pool, nil
}

type Repo struct {
	dsn string
	db  *sqlx.DB
	mu  sync.Mutex
}

func (r *Repo) badFieldNeverSet(ctx context.Context) (*sqlx.DB, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.db == nil {
		x, err := sqlx.ConnectContext(ctx, "postgres", r.dsn) // want `db is checked at L\d+ and never set`
		if err != nil {
			return nil, err
		}
		return x, nil
	}
	return r.db, nil
}

type VRepo struct {
	dsn  string
	pool *pgxpool.Pool
}

// badValueReceiver assigns to its copy of the receiver.
func (r VRepo) badValueReceiver(ctx context.Context) (*pgxpool.Pool, error) {
	if r.pool == nil {
		p, err := dbx.NewPool(ctx, r.dsn) // want "pool is assigned in a copy of the receiver"
		if err != nil {
			return nil, err
		}
		r.pool = p
	}
	return r.pool, nil
}

var gdb *gorm.DB

func badGormShadow() *gorm.DB {
	if gdb == nil {
		gdb, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `gorm\.Open runs on each call: := makes a new gdb`
		if err != nil {
			panic(err)
		}
		return gdb
	}
	return gdb
}

var (
	mu    sync.Mutex
	pools = map[string]*pgxpool.Pool{}
)

func badMapUnbounded(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	mu.Lock()
	defer mu.Unlock()
	if p, ok := pools[tenant]; ok {
		return p, nil
	}
	p, err := pgxpool.New(ctx, "postgres://db/"+tenant) // want "pools gets one more pool"
	if err != nil {
		return nil, err
	}
	pools[tenant] = p
	return p, nil
}

type registry struct {
	sync.RWMutex
	m map[string]*sql.DB
}

func (g *registry) badMapNeverStores(dsn string) (*sql.DB, error) {
	g.RLock()
	d := g.m[dsn]
	g.RUnlock()
	if d != nil {
		return d, nil
	}
	d, err := sql.Open("pgx", dsn) // want "m .* never gets the new pool"
	if err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(2)
	return d, d.Ping()
}

var byTenant sync.Map

func badSyncMapUnbounded(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	if v, ok := byTenant.Load(tenant); ok {
		return v.(*pgxpool.Pool), nil
	}
	p, err := dbx.NewPool(ctx, "postgres://db/"+tenant) // want "byTenant gets one more pool"
	if err != nil {
		return nil, err
	}
	if prev, loaded := byTenant.LoadOrStore(tenant, p); loaded {
		p.Close()
		return prev.(*pgxpool.Pool), nil
	}
	return p, nil
}

type tenantDBs struct {
	lock sync.Mutex
	dbs  map[int64]*gorm.DB
}

func (t *tenantDBs) badGormPerTenantMap(id int64) *gorm.DB {
	t.lock.Lock()
	defer t.lock.Unlock()
	g, ok := t.dbs[id]
	if !ok {
		var err error
		g, err = gorm.Open(postgres.Open(fmt.Sprintf("host=db dbname=tenant_%d", id)), nil) // want "dbs gets one more pool"
		if err != nil {
			return nil
		}
		t.dbs[id] = g
	}
	return g
}

func badOnceLocal(w http.ResponseWriter, r *http.Request) {
	var once sync.Once
	var p *pgxpool.Pool
	once.Do(func() { p, _ = pgxpool.New(r.Context(), os.Getenv("DSN")) }) // want `pgxpool\.New runs on each call: its sync\.Once is new each time`
	if p == nil {
		http.Error(w, "db", 500)
		return
	}
	defer p.Close()
	_ = p.Ping(r.Context())
}

func badOnceValueLocal(w http.ResponseWriter, r *http.Request) {
	get := sync.OnceValue(func() *sql.DB { return dbx.MustOpen(os.Getenv("DSN")) }) // want `dbx\.MustOpen runs on each call: its sync\.Once.* is new each time`
	_ = get().PingContext(r.Context())
}

var sf singleflight.Group

func badSingleflightNoStore(w http.ResponseWriter, r *http.Request) {
	v, err, _ := sf.Do("pool", func() (any, error) {
		return pgxpool.New(context.WithoutCancel(r.Context()), os.Getenv("DSN")) // want `pgxpool\.New runs on each request`
	})
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	_ = v.(*pgxpool.Pool).Ping(r.Context())
}

var conn *pgx.Conn

func badDirectReturn(ctx context.Context) (*pgx.Conn, error) {
	if conn == nil {
		return pgx.Connect(ctx, os.Getenv("DSN")) // want `conn is checked at L\d+ and never set`
	}
	return conn, nil
}

func hello(w http.ResponseWriter, r *http.Request) {
	c, err := badDirectReturn(r.Context())
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer c.Close(r.Context())
}

type Singleton struct{ db *sql.DB }

var instance *Singleton

func badStructSingletonShadow() *Singleton {
	if instance == nil {
		instance := &Singleton{db: dbx.MustOpen(os.Getenv("DSN"))} // want `dbx\.MustOpen runs on each call: .*instance`
		return instance
	}
	return instance
}

var rw sync.RWMutex
var primary *pgxpool.Pool

func badDoubleCheckedShadow(ctx context.Context) (*pgxpool.Pool, error) {
	rw.RLock()
	p := primary
	rw.RUnlock()
	if p != nil {
		return p, nil
	}
	rw.Lock()
	defer rw.Unlock()
	if primary == nil {
		primary, err := pgxpool.New(ctx, os.Getenv("DSN")) // want `pgxpool\.New runs on each call: := makes a new primary`
		if err != nil {
			return nil, err
		}
		return primary, nil
	}
	return primary, nil
}

// badLocalCopy assigns to a copy of the variable.
func badLocalCopy() *sql.DB {
	d := dbA
	if d == nil {
		var err error
		if d, err = sql.Open("postgres", os.Getenv("DSN")); err != nil { // want `dbA is checked at L\d+ and never set`
			return nil
		}
	}
	return d
}

// fill assigns to its parameter; the caller's variable stays nil.
func fill(d *sql.DB, dsn string) *sql.DB {
	if d == nil {
		d = dbx.MustOpen(dsn)
	}
	return d
}

func badParamAssigned(w http.ResponseWriter, r *http.Request) {
	d := fill(nil, os.Getenv("DSN")) // want "fill builds a pool on each request"
	defer d.Close()
	_ = d.PingContext(r.Context())
}
