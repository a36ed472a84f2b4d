// Package visible: calls through interfaces whose implementations are in the package or in one it imports.
package visible

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Auditor interface {
	Record(ctx context.Context, what string) error
}

// tableAuditor writes into a table.
type tableAuditor struct {
	pool *pgxpool.Pool
}

func (a tableAuditor) Record(ctx context.Context, what string) error {
	_, err := a.pool.Exec(ctx, "insert into audit values ($1)", what)
	return err
}

type Permits struct {
	pool  *pgxpool.Pool
	audit Auditor
	clock Clock
	cache Cache
}

func NewPermits(pool *pgxpool.Pool) *Permits {
	return &Permits{pool: pool, audit: tableAuditor{pool}, clock: systemClock{}, cache: &memCache{m: map[int64]bool{}}}
}

func (p *Permits) BadGrant(ctx context.Context, id int64) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "insert into permits values ($1)", id); err != nil {
		return err
	}
	if err := p.audit.Record(ctx, "grant"); err != nil { // want `audit\.Record may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (p *Permits) OkGrant(ctx context.Context, id int64) error {
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "insert into permits values ($1)", id)
		return err
	})
	if err != nil {
		return err
	}
	return p.audit.Record(ctx, "grant")
}

// Clock has one implementation, which has nothing to do with the database.
type Clock interface {
	Now(ctx context.Context) int64
}

type systemClock struct{}

func (systemClock) Now(context.Context) int64 { return 0 }

// Cache is in memory.
type Cache interface {
	Put(id int64, ok bool)
	Get(id int64) bool
}

type memCache struct {
	mu sync.Mutex
	m  map[int64]bool
}

func (c *memCache) Put(id int64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[id] = ok
}

func (c *memCache) Get(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.m[id]
}

func (p *Permits) OkMemory(ctx context.Context, id int64) error {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if p.cache.Get(id) {
		return nil
	}
	if _, err := tx.Exec(ctx, "insert into permits values ($1, $2)", id, p.clock.Now(ctx)); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	p.cache.Put(id, true)
	return nil
}

// Finder has one implementation with the pool and one without. The call may reach the first.
type Finder interface {
	Find(ctx context.Context, name string) (int64, error)
}

type dbFinder struct{ db *sql.DB }

func (f *dbFinder) Find(ctx context.Context, name string) (id int64, err error) {
	err = f.db.QueryRowContext(ctx, "select id from holders where name = $1", name).Scan(&id)
	return id, err
}

type mapFinder map[string]int64

func (f mapFinder) Find(_ context.Context, name string) (int64, error) { return f[name], nil }

func finderFor(db *sql.DB, cached mapFinder) Finder {
	if cached != nil {
		return cached
	}
	return &dbFinder{db}
}

func badEitherFinder(ctx context.Context, db *sql.DB, cached mapFinder, names []string) error {
	finder := finderFor(db, cached)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, name := range names {
		id, err := finder.Find(ctx, name) // want `finder\.Find may wait for a second connection while tx holds one`
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into permits values ($1)", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// okOnlyMemory: here the finder is the one in memory.
func okOnlyMemory(ctx context.Context, db *sql.DB, names []string) error {
	var finder Finder = mapFinder{"alice": 1}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, name := range names {
		id, err := finder.Find(ctx, name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into permits values ($1)", id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Store is wide; only some of its methods take a connection.
type Store interface {
	Name() string
	Prepare(id int64) []any
	Save(ctx context.Context, id int64) error
	SaveIn(ctx context.Context, tx pgx.Tx, id int64) error
}

type pgStore struct{ pool *pgxpool.Pool }

func (s *pgStore) Name() string           { return "pg" }
func (s *pgStore) Prepare(id int64) []any { return []any{id, s.Name()} }

func (s *pgStore) Save(ctx context.Context, id int64) error {
	_, err := s.pool.Exec(ctx, "insert into permits values ($1, $2)", s.Prepare(id)...)
	return err
}

func (s *pgStore) SaveIn(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, "insert into permits values ($1, $2)", s.Prepare(id)...)
	return err
}

var _ Store = (*pgStore)(nil)

func okOtherMethods(ctx context.Context, pool *pgxpool.Pool, s Store, ids []int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		slog.Info("saving", "store", s.Name())
		for _, id := range ids {
			if err := s.SaveIn(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func badOneMethod(ctx context.Context, pool *pgxpool.Pool, s Store, ids []int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		for _, id := range ids {
			if err := s.Save(ctx, id); err != nil { // want `s\.Save may wait for a second connection while \S+ holds one`
				return err
			}
		}
		_, err := tx.Exec(ctx, "analyze permits")
		return err
	})
}

// handler is a function type; its values are visible.
type handler func(ctx context.Context, id int64) error

func (p *Permits) revoke(ctx context.Context, id int64) error {
	_, err := p.pool.Exec(ctx, "delete from permits where id = $1", id)
	return err
}

func (p *Permits) BadTable(ctx context.Context, id int64) error {
	steps := []handler{p.revoke}
	return pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		for _, step := range steps {
			if err := step(ctx, id); err != nil { // want `second connection while \S+ holds one`
				return err
			}
		}
		return nil
	})
}

// okUnknown: what the caller hands over isn't known.
func okUnknown(ctx context.Context, pool *pgxpool.Pool, step handler, id int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "delete from permits where id = $1", id); err != nil {
			return err
		}
		return step(ctx, id)
	})
}
