// Package generated is what generated programs have found, in their smallest form.
package generated

import (
	"context"
	"database/sql"
	"net/http"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/generated/around"
)

// The goroutine takes a connection of another pool first, and then one of the pool that is held.
func badSecondOfTwoPools(ctx context.Context, pool, replica *pgxpool.Pool) error {
	tx, err := replica.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = pool.Exec(ctx, "select now()")
		_, _ = replica.Exec(ctx, "select now()")
	})
	wg.Wait() // want `wg.Wait waits for goroutines that need a connection while tx holds one`
	return tx.Commit(ctx)
}

func okOtherPool(ctx context.Context, pool, replica *pgxpool.Pool) error {
	tx, err := replica.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		_, _ = pool.Exec(ctx, "select now()")
	})
	wg.Wait()
	return tx.Commit(ctx)
}

// A statement has the pool that it was prepared on, also if the name of that has a role.
func badStatementOfReplica(ctx context.Context, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := replica.QueryContext(ctx, "select 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = stmt.ExecContext(ctx) // want `stmt.ExecContext may wait for a second connection while rows holds one`
	return err
}

func okStatementOfReplica(ctx context.Context, db, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := db.QueryContext(ctx, "select 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = stmt.ExecContext(ctx)
	return err
}

// A connection that is lent to a literal is of the pool that lends it.
func okLentByReplica(ctx context.Context, pool, replica *pgxpool.Pool) error {
	return replica.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		_, err := pool.Exec(ctx, "select now()")
		return err
	})
}

func okLentByReplicaInside(ctx context.Context, pool, replica *pgxpool.Pool) error {
	return replica.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		return func() error {
			_, err := pool.Exec(ctx, "select now()")
			return err
		}()
	})
}

func badLentByReplicaInside(ctx context.Context, pool, replica *pgxpool.Pool) error {
	return replica.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		return func() error {
			_, err := replica.Exec(ctx, "select now()") // want `replica.Exec may wait for a second connection while conn holds one`
			return err
		}()
	})
}

func okBegunOnConnOfReplica(ctx context.Context, pool, replica *pgxpool.Pool) error {
	conn, err := replica.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := pool.Exec(ctx, "select now()")
		return err
	})
}

func badBegunOnConnOfReplica(ctx context.Context, pool, replica *pgxpool.Pool) error {
	conn, err := replica.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := replica.Exec(ctx, "select now()") // want `replica.Exec may wait for a second connection while conn holds one`
		return err
	})
}

func okSavepointOfReplica(ctx context.Context, pool, replica *pgxpool.Pool) error {
	tx, err := replica.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error {
		_, err := pool.Exec(ctx, "select now()")
		return err
	})
}

func okLentByHelper(ctx context.Context, pool, replica *sql.DB) error {
	return withConn(ctx, replica, func(conn *sql.Conn) error {
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = pool.ExecContext(ctx, "select now()") })
		wg.Wait()
		return nil
	})
}

func badLentByHelper(ctx context.Context, pool, replica *sql.DB) error {
	return withConn(ctx, replica, func(conn *sql.Conn) error {
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = replica.ExecContext(ctx, "select now()") })
		wg.Wait() // want `wg.Wait waits for goroutines that need a connection while conn holds one`
		return nil
	})
}

func withConn(ctx context.Context, db *sql.DB, do func(*sql.Conn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return do(conn)
}

type service struct{ primary, second *pgxpool.Pool }

func (s *service) first() *pgxpool.Pool { return s.primary }

// A getter gives the same pool in a goroutine.
func (s *service) badGetterInGoroutine(ctx context.Context) error {
	tx, err := s.first().Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = s.first().Exec(ctx, "select now()") })
	wg.Wait() // want `wg.Wait waits for goroutines that need a connection while tx holds one`
	return tx.Commit(ctx)
}

func (s *service) okOtherPoolInGoroutine(ctx context.Context) error {
	tx, err := s.first().Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = s.second.Exec(ctx, "select now()") })
	wg.Wait()
	return tx.Commit(ctx)
}

type single struct{ primary *pgxpool.Pool }

func (s *single) first() *pgxpool.Pool { return s.primary }

func (s *single) badGetterInGoroutine(ctx context.Context) error {
	tx, err := s.first().Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = s.first().Exec(ctx, "select now()") })
	wg.Wait() // want `wg.Wait waits for goroutines that need a connection while tx holds one`
	return tx.Commit(ctx)
}

// A statement that a helper is given keeps the pool that it was prepared on.
func badStatementInHelper(ctx context.Context, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := runs(ctx, stmt); err != nil { // want `runs may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func runs(ctx context.Context, stmt *sql.Stmt) error {
	_, err := stmt.ExecContext(ctx)
	return err
}

func badStatementInLiteralOfHelper(ctx context.Context, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	return runsInside(ctx, stmt) // want `runsInside may wait for a second connection while rows holds one`
}

func runsInside(ctx context.Context, stmt *sql.Stmt) error {
	return func() error {
		_, err := stmt.ExecContext(ctx)
		return err
	}()
}

func okStatementInHelper(ctx context.Context, db, replica *sql.DB) error {
	stmt, err := replica.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := db.QueryContext(ctx, "select 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := runs(ctx, stmt); err != nil {
			return err
		}
	}
	return rows.Err()
}

func okStatementOfTransactionInHelper(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	if err := runs(ctx, stmt); err != nil {
		return err
	}
	return tx.Commit()
}

func badStatementBehindGetter(ctx context.Context, s *shop) error {
	stmt, err := s.first().PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := runs(ctx, stmt); err != nil { // want `runs may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

type shop struct{ primary *sql.DB }

func (s *shop) first() *sql.DB { return s.primary }

// What the end of a context releases is held until then.
func badHeldUntilCancel(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_ = db.QueryRowContext(ctx, "select 1")
	_, err := db.ExecContext(ctx, "select 2") // want `db.ExecContext may wait for a second connection while result of db.QueryRowContext holds one`
	return err
}

func badRowsHeldUntilCancel(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return err
	}
	if rows.Next() {
		_, err = db.ExecContext(ctx, "select 2") // want `db.ExecContext may wait for a second connection while rows holds one`
	}
	return err
}

func badHeldUntilCancelAround(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return func() error {
		_ = db.QueryRowContext(ctx, "select 1")
		_, err := db.ExecContext(ctx, "select 2") // want `db.ExecContext may wait for a second connection while result of db.QueryRowContext holds one`
		return err
	}()
}

// With the caller's context it is lost, which is for lostrelease to say.
func okHeldForEver(ctx context.Context, db *sql.DB) error {
	_ = db.QueryRowContext(ctx, "select 1")
	_, err := db.ExecContext(ctx, "select 2")
	return err
}

type store struct{ locks, data *pgxpool.Pool }

// A helper that holds connections of two pools lends one of them.
func (s *store) locked(ctx context.Context, f func(pgx.Tx) error) error {
	lock, err := s.locks.Acquire(ctx)
	if err != nil {
		return err
	}
	defer lock.Release()
	tx, err := s.data.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	return f(tx)
}

func (s *store) badLocked(ctx context.Context) error {
	return s.locked(ctx, func(tx pgx.Tx) error {
		_, err := s.data.Exec(ctx, "select 1") // want `data.Exec may wait for a second connection while tx holds one`
		return err
	})
}

// A getter with a key gives one of many pools.
func okKeys(ctx context.Context, of func(string) *pgxpool.Pool, m tenants, from, to string) error {
	tx, err := m.Pool(from).Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_, err = m.Pool(to).Exec(ctx, "select 1")
	return err
}

type tenants interface {
	Pool(name string) *pgxpool.Pool
}

func badDiscarded(req *http.Request, db *sql.DB) error {
	_, _ = db.QueryContext(req.Context(), "insert into t values (1)")
	_, err := db.ExecContext(req.Context(), "select 1") // want `while result of db.QueryContext holds one .*; use Exec for a statement without rows`
	return err
}

// What is made around a pool is of that pool, whatever else it is given.
func badWrapped(ctx context.Context, pool *pgxpool.Pool, schema string) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := around.New(pool, schema).Touch(ctx); err != nil { // want `Touch may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}
