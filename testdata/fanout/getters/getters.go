// Package getters: goroutines that ask a getter for their pool, and goroutines that build one.
package getters

import (
	"context"
	"database/sql"

	"example.com/poolvet/testdata/fanout/getters/store"
	"github.com/jackc/pgx/v5/pgxpool"
)

const touch = "update items set touched = now() where id = $1"

type service struct{ main, copy *pgxpool.Pool }

func (s *service) db() *pgxpool.Pool { return s.main }

func (s *service) badMethod(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			_, _ = s.db().Exec(ctx, touch, id)
		}()
	}
}

func badOtherPackage(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			db := store.DB()
			_, _ = db.Exec(ctx, touch, id)
		}()
	}
}

// source is what another package implements.
type source interface {
	Conn() *sql.DB
	Of(tenant int) *sql.DB
	Open(name string) (*sql.DB, error)
	MustConnect(name string) *sql.DB
	Database(of *service) (db *sql.DB, done func(), err error)
	__() *sql.DB
}

func badInterface(ctx context.Context, from source, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			_, _ = from.Conn().ExecContext(ctx, touch, id)
		}()
	}
}

// Each goroutine has a pool of its own: that is for straypool, or for nobody.

func okBuilt(ctx context.Context, dsns []string) {
	for _, dsn := range dsns {
		go func() {
			pool, err := pgxpool.New(ctx, dsn)
			if err != nil {
				return
			}
			defer pool.Close()
			_, _ = pool.Exec(ctx, touch, 1)
		}()
	}
}

func okBuiltByHelper(ctx context.Context, dsns []string) {
	for _, dsn := range dsns {
		go func() {
			pool, err := connect(ctx, dsn)
			if err != nil {
				return
			}
			defer pool.Close()
			_, _ = pool.Exec(ctx, touch, 1)
		}()
	}
}

func connect(ctx context.Context, dsn string) (*pgxpool.Pool, error) { return pgxpool.New(ctx, dsn) }

func okBuiltElsewhere(ctx context.Context, dsns []string) {
	for _, dsn := range dsns {
		go func() {
			pool, err := store.Fresh(ctx, dsn)
			if err != nil {
				return
			}
			defer pool.Close()
			_, _ = pool.Exec(ctx, touch, 1)
		}()
	}
}

func okBuiltBehindInterface(ctx context.Context, from source, names []string) {
	for _, name := range names {
		go func() {
			db, err := from.Open(name)
			if err != nil {
				return
			}
			defer db.Close()
			_, _ = db.ExecContext(ctx, touch, 1)
		}()
	}
}

func okServiceOfItsOwn(ctx context.Context, dsns []string) {
	for _, dsn := range dsns {
		go func() {
			s, err := newService(ctx, dsn)
			if err != nil {
				return
			}
			defer s.main.Close()
			_, _ = s.db().Exec(ctx, touch, 1)
		}()
	}
}

func newService(ctx context.Context, dsn string) (*service, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &service{main: pool}, nil
}

func okOneOfTwo(ctx context.Context, s *service, dsns []string) {
	for _, dsn := range dsns {
		go func() {
			pool := s.db()
			if dsn != "" {
				own, err := pgxpool.New(ctx, dsn)
				if err != nil {
					return
				}
				defer own.Close()
				pool = own
			}
			_, _ = pool.Exec(ctx, touch, 1)
		}()
	}
}

// A getter with a key gives one of many pools.

func okTenants(ctx context.Context, names []string) {
	for _, name := range names {
		go func() { _, _ = store.Tenant(name).Exec(ctx, touch, 1) }()
	}
}

func badOneTenant(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			_, _ = store.Tenant("main").Exec(ctx, touch, id)
		}()
	}
}

func okTenantsBehindInterface(ctx context.Context, from source, tenants []int) {
	for _, tenant := range tenants {
		go func() { _, _ = from.Of(tenant).ExecContext(ctx, touch, 1) }()
	}
}

type shards struct{ all []*pgxpool.Pool }

func (s *shards) of(i int) *pgxpool.Pool { return s.all[i] }

func okShards(ctx context.Context, s *shards) {
	for i := range s.all {
		go func() { _, _ = s.of(i).Exec(ctx, touch, 1) }()
	}
}

// Who makes a pool each time is told by its name, or by those who close it.

func okMustConnect(ctx context.Context, from source, names []string) {
	for _, name := range names {
		go func() { _, _ = from.MustConnect(name).ExecContext(ctx, touch, 1) }()
	}
}

func okDone(ctx context.Context, from source, all []*service) {
	for _, of := range all {
		go func() {
			db, done, err := from.Database(of)
			if err != nil {
				return
			}
			defer done()
			_, _ = db.ExecContext(ctx, touch, 1)
		}()
	}
}

func badOddName(ctx context.Context, from source, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			_, _ = from.__().ExecContext(ctx, touch, id)
		}()
	}
}

// reader is one of two that are there already.
func (s *service) reader(stale bool) *pgxpool.Pool {
	if stale {
		return s.copy
	}
	return s.main
}

func (s *service) badOneOfTwo(ctx context.Context, ids []int64) {
	for _, id := range ids {
		go func() { // want `no bound \(up to len\(ids\)`
			db := s.reader(true)
			defer func() { _ = db.Stat() }()
			_, _ = db.Exec(ctx, touch, id)
		}()
	}
}

func okBuiltInCallee(ctx context.Context, dsns []string) {
	for _, dsn := range dsns {
		go once(ctx, dsn)
	}
}

// once builds a pool that nobody else has.
func once(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, touch, 1)
	return err
}
