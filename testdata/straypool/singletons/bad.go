package singletons

import (
	"context"
	"database/sql"
	"log"
	"os"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

var forgotten *sql.DB

// badNeverAssigned asks for a variable that nothing sets.
func badNeverAssigned() (*sql.DB, error) {
	if forgotten != nil {
		return forgotten, nil
	}
	db, err := sql.Open("pgx", dsn) // want `forgotten is checked at L\d+ and never set`
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(5)
	return db, nil
}

var shadowed *gorm.DB

// badShadowed declares a new variable of the same name in the block.
func badShadowed() *gorm.DB {
	if shadowed == nil {
		shadowed, err := gorm.Open(postgres.Open(dsn)) // want `gorm\.Open runs on each call: := makes a new shadowed`
		if err != nil {
			log.Fatal(err)
		}
		return shadowed
	}
	return shadowed
}

var shadowedPool *pgxpool.Pool

// badShadowedLocked has the lock right and the assignment wrong.
func badShadowedLocked(ctx context.Context) *pgxpool.Pool {
	lockedMu.Lock()
	defer lockedMu.Unlock()
	if shadowedPool != nil {
		return shadowedPool
	}
	shadowedPool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs on each call: := makes a new shadowedPool`
	if err != nil {
		panic(err)
	}
	return shadowedPool
}

// badShadowInIf returns the variable of the package, which is nil for ever, so that each call opens another one.
func badShadowInIf() *sql.DB {
	if forgotten == nil {
		if forgotten, err := sql.Open("pgx", dsn); err != nil { // want `sql\.Open runs on each call: := makes a new forgotten`
			log.Print(err)
		} else {
			forgotten.SetMaxOpenConns(2)
		}
	}
	return forgotten
}

var reader, writer *sqlx.DB

// badWrongVariable asks for one and assigns the other.
func badWrongVariable() *sqlx.DB {
	if reader == nil {
		writer = sqlx.MustConnect("pgx", os.Getenv("REPLICA")) // want `reader is checked at L\d+ and never set`
	}
	return reader
}

// okWriter does it right.
func okWriter() *sqlx.DB {
	if writer == nil {
		writer = sqlx.MustConnect("pgx", os.Getenv("PRIMARY"))
	}
	return writer
}

// Repo is a repository.
type Repo struct {
	mu    sync.Mutex
	url   string
	pool  *pgxpool.Pool
	db    *sql.DB
	other *sql.DB
	pools map[string]*pgxpool.Pool
}

// badFieldNeverAssigned returns what it built and does not keep it.
func (r *Repo) badFieldNeverAssigned(ctx context.Context) (*pgxpool.Pool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pool != nil {
		return r.pool, nil
	}
	return pgxpool.New(ctx, r.url) // want `pool is checked at L\d+ and never set`
}

// badLocalCopy assigns the copy.
func (r *Repo) badLocalCopy(ctx context.Context) (*pgxpool.Pool, error) {
	pool := r.pool
	if pool == nil {
		var err error
		pool, err = pgxpool.New(ctx, r.url) // want `pool is checked at L\d+ and never set`
		if err != nil {
			return nil, err
		}
	}
	return pool, nil
}

// badWrongField asks for db and assigns other.
func (r *Repo) badWrongField() (*sql.DB, error) {
	if r.db == nil {
		db, err := sql.Open("pgx", r.url) // want `sql\.Open runs on each call: .*db`
		if err != nil {
			return nil, err
		}
		r.other = db
	}
	return r.db, nil
}

// Value has methods on the value.
type Value struct {
	url string
	db  *sql.DB
}

// badValueReceiver assigns the field of a copy, which is lost when the method returns.
func (v Value) badValueReceiver() (*sql.DB, error) {
	if v.db == nil {
		db, err := sql.Open("pgx", v.url) // want "db is assigned in a copy of the receiver"
		if err != nil {
			return nil, err
		}
		v.db = db
	}
	return v.db, nil
}

// badValueParameter has the same mistake with a parameter.
func badValueParameter(v Value) (_ *sql.DB, err error) {
	if v.db == nil {
		v.db, err = sql.Open("pgx", v.url) // want "db is assigned in a copy of the receiver"
	}
	return v.db, err
}

// badMapNeverStored looks the tenant up and forgets to store it.
func (r *Repo) badMapNeverStored(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if pool, ok := r.pools[tenant]; ok {
		return pool, nil
	}
	pool, err := pgxpool.New(ctx, r.url+"/"+tenant) // want "pools .* never gets the new pool"
	if err != nil {
		return nil, err
	}
	return pool, nil
}

var pools = map[string]*pgxpool.Pool{}

// badMapUnbounded keeps a pool for each tenant that ever came.
func badMapUnbounded(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	if pool := pools[tenant]; pool != nil {
		return pool, nil
	}
	pool, err := pgxpool.New(ctx, dsn+"_"+tenant) // want "pools gets one more pool"
	if err != nil {
		return nil, err
	}
	pools[tenant] = pool
	return pool, nil
}

// registry keeps a handle per DSN.
type registry struct {
	sync.RWMutex
	byDSN map[string]*sqlx.DB
}

// badMapPerDSN has correct locks; that does not bound it.
func (g *registry) badMapPerDSN(dsn string) (*sqlx.DB, error) {
	g.RLock()
	db, ok := g.byDSN[dsn]
	g.RUnlock()
	if ok {
		return db, nil
	}
	g.Lock()
	defer g.Unlock()
	if db, ok := g.byDSN[dsn]; ok {
		return db, nil
	}
	db, err := sqlx.Open("pgx", dsn) // want "byDSN gets one more pool"
	if err != nil {
		return nil, err
	}
	g.byDSN[dsn] = db
	return db, nil
}

// badMapWrongKey looks up by tenant and stores by DSN, so it never finds anything.
func (g *registry) badMapWrongKey(tenant string) (*sqlx.DB, error) {
	g.Lock()
	defer g.Unlock()
	if db, ok := g.byDSN[tenant]; ok {
		return db, nil
	}
	url := "postgres://app@db/" + tenant
	db, err := sqlx.Open("pgx", url) // want "byDSN gets one more pool"
	if err != nil {
		return nil, err
	}
	g.byDSN[url] = db
	return db, nil
}

var tenantDBs sync.Map

// badSyncMapUnbounded is the same without a lock.
func badSyncMapUnbounded(tenantID string) (*sql.DB, error) {
	if v, ok := tenantDBs.Load(tenantID); ok {
		return v.(*sql.DB), nil
	}
	db, err := sql.Open("pgx", dsn+"_"+tenantID) // want "tenantDBs gets one more pool"
	if err != nil {
		return nil, err
	}
	tenantDBs.Store(tenantID, db)
	return db, nil
}

var regions sync.Map

// badSyncMapNeverStored loads what nobody stores.
func badSyncMapNeverStored(r Role) (*sql.DB, error) {
	if v, ok := regions.Load(r); ok {
		return v.(*sql.DB), nil
	}
	return sql.Open("pgx", os.Getenv("DSN_"+string(r))) // want "regions .* never gets the new pool"
}

// badLocalOnce has a Once of its own for each call.
func badLocalOnce() (db *sql.DB, err error) {
	var once sync.Once
	once.Do(func() {
		db, err = sql.Open("pgx", dsn) // want `sql\.Open runs on each call: its sync\.Once is new each time`
	})
	return db, err
}

// badLocalOnceValue makes a new getter for each call.
func badLocalOnceValue() *sqlx.DB {
	get := sync.OnceValue(func() *sqlx.DB {
		return sqlx.MustConnect("pgx", dsn) // want `sqlx\.MustConnect runs on each call: its sync\.Once.* is new each time`
	})
	return get()
}

// badValueHelper calls a helper that assigns the field of a copy.
func (h holder) badValueHelper() (*sql.DB, error) {
	if h.db != nil {
		return h.db, nil
	}
	if err := h.connect(); err != nil { // want "db is assigned in a copy of the receiver"
		return nil, err
	}
	return h.db, nil
}

// connect has a value receiver as well.
func (h holder) connect() (err error) {
	h.db, err = sql.Open("pgx", dsn)
	return err
}

type holder struct{ db *sql.DB }

var current atomic.Pointer[sql.DB]

// badAtomicNeverStored loads only.
func badAtomicNeverStored() (*sql.DB, error) {
	if db := current.Load(); db != nil {
		return db, nil
	}
	db, err := sql.Open("pgx", dsn) // want `current is checked at L\d+ and never set`
	if err != nil {
		return nil, err
	}
	return db, db.Ping()
}

// badSingleflightOnly joins calls that happen at the same time; the next one builds again.
func badSingleflightOnly(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	if pool, ok := byName.get(tenant); ok {
		return pool, nil
	}
	v, err, _ := flights.Do(tenant, func() (any, error) {
		return pgxpool.New(ctx, dsn+"_"+tenant) // want "never gets the new pool"
	})
	if err != nil {
		return nil, err
	}
	return v.(*pgxpool.Pool), nil
}

type named struct{ m map[string]*pgxpool.Pool }

func (n named) get(name string) (*pgxpool.Pool, bool) {
	p, ok := n.m[name]
	return p, ok
}

var byName = named{m: map[string]*pgxpool.Pool{}}

var conn *pgx.Conn

// badConnShadowed is a single connection, not a pool; the mistake is the same.
func badConnShadowed(ctx context.Context) (*pgx.Conn, error) {
	if conn == nil || conn.IsClosed() {
		conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each call: := makes a new conn`
		return conn, err
	}
	return conn, nil
}

// reopen returns a new pool and stores nothing.
func reopen() (*sql.DB, error) { return sql.Open("pgx", dsn) }

var viaHelper *sql.DB

// badHelperAssignsNothing trusts a helper.
func badHelperAssignsNothing() (*sql.DB, error) {
	if viaHelper == nil {
		return reopen() // want `viaHelper is checked at L\d+ and never set`
	}
	return viaHelper, nil
}

// badAssignedOnError keeps the handle in the wrong branch: on success nothing is stored.
func badAssignedOnError() (*sql.DB, error) {
	if conn2 != nil {
		return conn2, nil
	}
	db, err := sql.Open("pgx", dsn) // want `is set only where something has failed`
	if err != nil {
		conn2 = db
		return nil, err
	}
	return db, nil
}

var conn2 *sql.DB
