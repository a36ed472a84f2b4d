// Package singletons: lazy getters that work, and lazy getters that build a new pool each time.
package singletons

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/singleflight"
)

const dsn = "postgres://app@db/app"

var plain *sql.DB

func okPlain() (*sql.DB, error) {
	if plain == nil {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			return nil, err
		}
		plain = db
	}
	return plain, nil
}

var (
	lockedMu sync.Mutex
	locked   *pgxpool.Pool
)

func okLocked(ctx context.Context) (*pgxpool.Pool, error) {
	lockedMu.Lock()
	defer lockedMu.Unlock()
	if locked != nil {
		return locked, nil
	}
	var err error
	locked, err = pgxpool.New(ctx, dsn)
	return locked, err
}

var (
	doubleMu sync.RWMutex
	double   *sqlx.DB
)

// okDoubleChecked asks twice: before and after it waits for the lock.
func okDoubleChecked() *sqlx.DB {
	doubleMu.RLock()
	db := double
	doubleMu.RUnlock()
	if db != nil {
		return db
	}
	doubleMu.Lock()
	defer doubleMu.Unlock()
	if double == nil {
		double = sqlx.MustConnect("pgx", dsn)
	}
	return double
}

var (
	once    sync.Once
	onceDB  *sql.DB
	onceErr error
)

func okOnce() (*sql.DB, error) {
	once.Do(func() {
		onceDB, onceErr = sql.Open("pgx", dsn)
		if onceErr == nil {
			onceDB.SetMaxOpenConns(4)
		}
	})
	return onceDB, onceErr
}

// okOnceShadow has a short declaration inside of the literal, and assigns afterwards.
func okOnceShadow() *sql.DB {
	once.Do(func() {
		db, err := sql.Open("pgx", dsn)
		if err != nil {
			panic(err)
		}
		onceDB = db
	})
	return onceDB
}

// okOnceReset allows another attempt after a failure.
func okOnceReset() (*sql.DB, error) {
	once.Do(func() { onceDB, onceErr = sql.Open("pgx", dsn) })
	if onceErr != nil {
		once = sync.Once{}
		return nil, onceErr
	}
	return onceDB, nil
}

var onceValue = sync.OnceValue(func() *sqlx.DB { return sqlx.MustOpen("pgx", os.Getenv("DSN")) })

func okOnceValue() *sqlx.DB { return onceValue() }

var onceValues = sync.OnceValues(func() (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), os.Getenv("DSN"))
})

func okOnceValues() (*pgxpool.Pool, error) { return onceValues() }

// okOnceValueField makes a getter for the struct; the constructor runs once.
func okOnceValueField(dsn string) *lazyStore {
	return &lazyStore{db: sync.OnceValues(func() (*sql.DB, error) { return sql.Open("pgx", dsn) })}
}

type lazyStore struct{ db func() (*sql.DB, error) }

var pointer atomic.Pointer[pgxpool.Pool]

// okAtomic may build two pools in a race, and closes the one that lost.
func okAtomic(ctx context.Context) (*pgxpool.Pool, error) {
	if pool := pointer.Load(); pool != nil {
		return pool, nil
	}
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if !pointer.CompareAndSwap(nil, pool) {
		pool.Close()
		return pointer.Load(), nil
	}
	return pool, nil
}

// okAtomicStore stores.
func okAtomicStore(ctx context.Context) *pgxpool.Pool {
	pool := pointer.Load()
	if pool == nil {
		var err error
		if pool, err = pgxpool.New(ctx, dsn); err != nil {
			return nil
		}
		pointer.Store(pool)
	}
	return pool
}

var fromInit *sql.DB

func init() {
	var err error
	if fromInit, err = sql.Open("pgx", dsn); err != nil {
		panic(err)
	}
}

func okFromInit() *sql.DB { return fromInit }

var variable, variableErr = sql.Open("pgx", dsn)

func okVariable() (*sql.DB, error) { return variable, variableErr }

// Store has its pool in a field of the receiver.
type Store struct {
	mu   sync.Mutex
	dsn  string
	pool *pgxpool.Pool
	db   *sql.DB
}

func (s *Store) okField(ctx context.Context) (*pgxpool.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool == nil {
		pool, err := pgxpool.New(ctx, s.dsn)
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		s.pool = pool
	}
	return s.pool, nil
}

// open assigns the field; okFieldHelper asks.
func (s *Store) open() error {
	db, err := sql.Open("pgx", s.dsn)
	if err != nil {
		return err
	}
	s.db = db
	return nil
}

func (s *Store) okFieldHelper() (*sql.DB, error) {
	if s.db != nil {
		return s.db, nil
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s.db, nil
}

// okReconnect builds again only when the old pool does not answer, and keeps the new one.
func (s *Store) okReconnect(ctx context.Context) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		if err := s.db.PingContext(ctx); err == nil {
			return s.db, nil
		}
		_ = s.db.Close()
		s.db = nil
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s.db, nil
}

// assign stores by a pointer.
func assign(to **sql.DB, dsn string) (err error) {
	*to, err = sql.Open("pgx", dsn)
	return err
}

var byPointer *sql.DB

func okHelperPointer() (*sql.DB, error) {
	if byPointer == nil {
		if err := assign(&byPointer, dsn); err != nil {
			return nil, err
		}
	}
	return byPointer, nil
}

// okNamedResult assigns the result and the variable.
func okNamedResult() (db *sql.DB, err error) {
	if plain != nil {
		return plain, nil
	}
	if db, err = sql.Open("pgx", dsn); err != nil {
		return nil, err
	}
	defer func() { plain = db }()
	return db, nil
}

// okShadowThenAssign shadows the name and still stores the pool.
func okShadowThenAssign() (*sql.DB, error) {
	if plain == nil {
		plain2, err := sql.Open("pgx", dsn)
		if err != nil {
			return nil, err
		}
		plain, plain2 = plain2, nil
	}
	return plain, nil
}

// okEnsure is dependency injection with a default: the caller keeps the Store.
func (s *Store) okEnsure(db *sql.DB) (err error) {
	if db == nil {
		db, err = sql.Open("pgx", s.dsn)
		if err != nil {
			return err
		}
	}
	s.db = db
	return nil
}

// Role names one of the few databases that the program knows.
type Role string

// The roles.
const (
	Primary Role = "primary"
	Replica Role = "replica"
	Archive Role = "archive"
)

var (
	rolesMu sync.Mutex
	roles   = map[Role]*sql.DB{}
)

// okRole has at most three pools, as there are three roles.
func okRole(r Role) (*sql.DB, error) {
	rolesMu.Lock()
	defer rolesMu.Unlock()
	if db, ok := roles[r]; ok {
		return db, nil
	}
	db, err := sql.Open("pgx", os.Getenv("DSN_"+string(r)))
	if err != nil {
		return nil, err
	}
	roles[r] = db
	return db, nil
}

var roleMap sync.Map // Role → *sqlx.DB

// okLoadOrStore closes what lost the race.
func okLoadOrStore(r Role) (*sqlx.DB, error) {
	if v, ok := roleMap.Load(r); ok {
		return v.(*sqlx.DB), nil
	}
	db, err := sqlx.Open("pgx", os.Getenv("DSN_"+string(r)))
	if err != nil {
		return nil, err
	}
	v, loaded := roleMap.LoadOrStore(r, db)
	if loaded {
		_ = db.Close()
	}
	return v.(*sqlx.DB), nil
}

// okSwitch has one variable per role.
func (c *twoPools) okSwitch(ctx context.Context, write bool) (pool *pgxpool.Pool, err error) {
	slot, url := &c.replica, c.replicaURL
	if write {
		slot, url = &c.primary, c.primaryURL
	}
	if *slot == nil {
		if *slot, err = pgxpool.New(ctx, url); err != nil {
			return nil, err
		}
	}
	return *slot, nil
}

type twoPools struct {
	primary, replica       *pgxpool.Pool
	primaryURL, replicaURL string
}

const maxTenants = 20

// Tenants has a pool per tenant, with a limit.
type Tenants struct {
	mu    sync.Mutex
	pools map[string]*entry
}

type entry struct {
	pool *pgxpool.Pool
	used time.Time
}

// okCap closes the pool that was idle for the longest time when there are too many.
func (t *Tenants) okCap(ctx context.Context, tenant string) (*pgxpool.Pool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.pools[tenant]; e != nil {
		e.used = time.Now()
		return e.pool, nil
	}
	if len(t.pools) >= maxTenants {
		t.evict()
	}
	pool, err := pgxpool.New(ctx, dsn+"_"+tenant)
	if err != nil {
		return nil, err
	}
	t.pools[tenant] = &entry{pool: pool, used: time.Now()}
	return pool, nil
}

func (t *Tenants) evict() {
	var oldest string
	for name, e := range t.pools {
		if oldest == "" || e.used.Before(t.pools[oldest].used) {
			oldest = name
		}
	}
	if e := t.pools[oldest]; e != nil {
		e.pool.Close()
		delete(t.pools, oldest)
	}
}

var errTooMany = errors.New("too many tenants")

// Limited refuses what is above its limit.
type Limited struct {
	mu  sync.Mutex
	max int
	dbs map[string]*sql.DB
}

func (l *Limited) okRefuse(tenant string) (*sql.DB, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	db, ok := l.dbs[tenant]
	if ok {
		return db, nil
	}
	if len(l.dbs) == l.max {
		return nil, errTooMany
	}
	db, err := sql.Open("pgx", dsn+"_"+tenant)
	if err != nil {
		return nil, err
	}
	l.dbs[tenant] = db
	return db, nil
}

// Idle has no limit, but a goroutine that closes what nobody uses.
type Idle struct {
	mu  sync.Mutex
	dbs map[string]*idleDB
}

type idleDB struct {
	*sqlx.DB
	last time.Time
}

func (i *Idle) okIdle(tenant string) (*sqlx.DB, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if d, ok := i.dbs[tenant]; ok {
		d.last = time.Now()
		return d.DB, nil
	}
	db, err := sqlx.Connect("pgx", dsn+"_"+tenant)
	if err != nil {
		return nil, err
	}
	i.dbs[tenant] = &idleDB{db, time.Now()}
	return db, nil
}

func (i *Idle) janitor(ctx context.Context) {
	t := time.NewTicker(time.Minute)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			i.mu.Lock()
			for name, d := range i.dbs {
				if now.Sub(d.last) > 10*time.Minute {
					_ = d.Close()
					delete(i.dbs, name)
				}
			}
			i.mu.Unlock()
		}
	}
}

// okNewLRU bounds the number and closes what it evicts.
func okNewLRU(size int) (*lru.Cache[string, *pgxpool.Pool], error) {
	return lru.NewWithEvict(size, func(_ string, pool *pgxpool.Pool) { pool.Close() })
}

func okLRU(ctx context.Context, cache *lru.Cache[string, *pgxpool.Pool], tenant string) (*pgxpool.Pool, error) {
	if pool, ok := cache.Get(tenant); ok {
		return pool, nil
	}
	pool, err := pgxpool.New(ctx, dsn+"_"+tenant)
	if err != nil {
		return nil, err
	}
	cache.Add(tenant, pool)
	return pool, nil
}

// byTenant has no size, but what was not used for a quarter of an hour goes.
var byTenant = expirable.NewLRU(0, func(_ string, db *sql.DB) { _ = db.Close() }, 15*time.Minute)

func okExpirable(tenant string) (*sql.DB, error) {
	db, ok := byTenant.Get(tenant)
	if !ok {
		var err error
		if db, err = sql.Open("pgx", dsn+"_"+tenant); err != nil {
			return nil, err
		}
		byTenant.Add(tenant, db)
	}
	return db, nil
}

var flights singleflight.Group

// okSingleflight joins concurrent calls and keeps the result in the bounded cache.
func okSingleflight(ctx context.Context, cache *lru.Cache[string, *pgxpool.Pool], tenant string) (*pgxpool.Pool, error) {
	if pool, ok := cache.Get(tenant); ok {
		return pool, nil
	}
	v, err, _ := flights.Do(tenant, func() (any, error) {
		pool, err := pgxpool.New(ctx, dsn+"_"+tenant)
		if err != nil {
			return nil, err
		}
		cache.Add(tenant, pool)
		return pool, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*pgxpool.Pool), nil
}

// Shards knows its databases from the configuration: a name that is not there is refused, so the map cannot grow beyond it.
type Shards struct {
	mu   sync.Mutex
	urls map[string]string
	dbs  map[string]*sql.DB
}

func (s *Shards) okConfigured(name string) (*sql.DB, error) {
	url, known := s.urls[name]
	if !known {
		return nil, fmt.Errorf("no shard %q", name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if db := s.dbs[name]; db != nil {
		return db, nil
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	s.dbs[name] = db
	return db, nil
}

// okSharded has an array: as many pools as elements.
func okSharded(ctx context.Context, pools *[8]*pgxpool.Pool, id uint64) (*pgxpool.Pool, error) {
	slot := &pools[id%8]
	if *slot == nil {
		pool, err := pgxpool.New(ctx, fmt.Sprintf("postgres://app@db%d/app", id%8))
		if err != nil {
			return nil, err
		}
		*slot = pool
	}
	return *slot, nil
}

// okConstructor is no getter: it asks about something else, and the caller keeps the result.
func okConstructor(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	if cfg != nil {
		return pgxpool.NewWithConfig(ctx, cfg)
	}
	return pgxpool.New(ctx, dsn)
}

// okNewStore builds a struct around a pool.
func okNewStore(ctx context.Context, dsn string) (*Store, error) {
	if dsn == "" {
		return nil, errors.New("no dsn")
	}
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Store{dsn: dsn, pool: pool}, nil
}
