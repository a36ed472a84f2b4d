package lazyok

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/singleflight"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

var group singleflight.Group

func okSingleflightStored(ctx context.Context) (*pgxpool.Pool, error) {
	if p := current.Load(); p != nil {
		return p, nil
	}
	v, err, _ := group.Do("init", func() (any, error) {
		if p := current.Load(); p != nil {
			return p, nil
		}
		p, err := pgxpool.New(context.WithoutCancel(ctx), os.Getenv("DSN"))
		if err != nil {
			return nil, err
		}
		current.Store(p)
		return p, nil
	})
	if err != nil {
		return nil, err
	}
	return v.(*pgxpool.Pool), nil
}

var okPackageVar = dbx.MustOpen(os.Getenv("DSN"))

var initPool *pgxpool.Pool

func init() {
	p, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	initPool = p
}

func okUsesInitPool(w http.ResponseWriter, r *http.Request) { _ = initPool.Ping(r.Context()) }

// Once builds its value once.
type Once[T any] struct {
	o   sync.Once
	v   T
	err error
}

func (o *Once[T]) Get(mk func() (T, error)) (T, error) {
	o.o.Do(func() { o.v, o.err = mk() })
	return o.v, o.err
}

var reporting Once[*sql.DB]

func okGenericOnce(w http.ResponseWriter, r *http.Request) {
	d, err := reporting.Get(func() (*sql.DB, error) { return sql.Open("pgx", os.Getenv("REPORT_DSN")) })
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	_ = d.PingContext(r.Context())
}

var chanPool = make(chan *pgxpool.Pool, 1)

// okChannelSlot keeps the pool in a channel with one slot.
func okChannelSlot(ctx context.Context) (*pgxpool.Pool, error) {
	select {
	case p := <-chanPool:
		chanPool <- p
		return p, nil
	default:
	}
	rw.Lock()
	defer rw.Unlock()
	if len(chanPool) == 0 {
		p, err := dbx.NewPool(ctx, os.Getenv("DSN"))
		if err != nil {
			return nil, err
		}
		chanPool <- p
	}
	p := <-chanPool
	chanPool <- p
	return p, nil
}

var state struct {
	sync.Mutex
	ready bool
	x     *sqlx.DB
}

func okBoolFlag() (*sqlx.DB, error) {
	state.Lock()
	defer state.Unlock()
	if !state.ready {
		x, err := sqlx.Connect("postgres", os.Getenv("DSN"))
		if err != nil {
			return nil, err
		}
		state.x, state.ready = x, true
	}
	return state.x, nil
}

// shardSet has as many pools as its array has elements.
type shardSet struct {
	mu  sync.Mutex
	dbs [4]*sql.DB
}

func (s *shardSet) okShardArray(key uint32) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := key % uint32(len(s.dbs))
	if s.dbs[i] == nil {
		d, err := sql.Open("postgres", os.Getenv(fmt.Sprintf("SHARD_%d", i)))
		if err != nil {
			return nil, err
		}
		d.SetMaxOpenConns(3)
		s.dbs[i] = d
	}
	return s.dbs[i], nil
}

func (l *Lazy) connect(ctx context.Context) (err error) {
	l.pool, err = pgxpool.New(ctx, l.dsn)
	return err
}

func (l *Lazy) okAssignThroughHelper(ctx context.Context) (*pgxpool.Pool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pool == nil {
		if err := l.connect(ctx); err != nil {
			return nil, err
		}
	}
	return l.pool, nil
}
