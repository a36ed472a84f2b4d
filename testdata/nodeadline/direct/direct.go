// Package direct: a library's call with a context that never ends.
package direct

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store has a pool.
type Store struct {
	pool *pgxpool.Pool
}

func badBackground(pool *pgxpool.Pool) (n int, err error) {
	err = pool.QueryRow(context.Background(), "select 1").Scan(&n) // want `^context\.Background\(\) has no deadline: pool\.QueryRow waits for a connection for ever when the pool is exhausted; use context\.WithTimeout$`
	return n, err
}

func badTODO(pool *pgxpool.Pool) error {
	_, err := pool.Exec(context.TODO(), "update t set n = n + 1") // want `^context\.TODO\(\) has no deadline: pool\.Exec waits`
	return err
}

func badVariable(pool *pgxpool.Pool) error {
	ctx := context.Background()
	_, err := pool.Exec(ctx, "update t set n = n + 1") // want `^ctx has no deadline \(context\.Background\(\) at L28\): pool\.Exec waits for a connection for ever when the pool is exhausted; use context\.WithTimeout$`
	return err
}

func (s *Store) badField(id int) (name string, err error) {
	err = s.pool.QueryRow(context.Background(), "select name from t where id = $1", id).Scan(&name) // want `pool\.QueryRow waits`
	return name, err
}

func badBegin(pool *pgxpool.Pool) error {
	ctx := context.Background()
	tx, err := pool.Begin(ctx) // want `pool\.Begin waits`
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update t set n = 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func badBeginFunc(pool *pgxpool.Pool) error {
	return pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) error { // want `pgx\.BeginFunc waits`
		_, err := tx.Exec(context.Background(), "update t set n = 1")
		return err
	})
}

func badAcquire(pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(context.Background()) // want `pool\.Acquire waits`
	if err != nil {
		return err
	}
	defer conn.Release()
	_, err = conn.Exec(context.Background(), "select pg_advisory_lock(1)")
	return err
}

func badAcquireFunc(pool *pgxpool.Pool) error {
	return pool.AcquireFunc(context.Background(), func(c *pgxpool.Conn) error { // want `pool\.AcquireFunc waits`
		_, err := c.Exec(context.Background(), "select 1")
		return err
	})
}

func badBatch(pool *pgxpool.Pool, b *pgx.Batch) error {
	return pool.SendBatch(context.Background(), b).Close() // want `pool\.SendBatch waits`
}

func badCopy(pool *pgxpool.Pool, rows [][]any) error {
	_, err := pool.CopyFrom(context.Background(), pgx.Identifier{"t"}, []string{"n"}, pgx.CopyFromRows(rows)) // want `pool\.CopyFrom waits`
	return err
}

// A context that outlives its request needs a deadline of its own.
func badWithoutCancel(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(context.WithoutCancel(ctx), "insert into audit values (1)") // want `^context\.WithoutCancel\(ctx\) has no deadline: pool\.Exec waits for a connection for ever when the pool is exhausted; add context\.WithTimeout$`
	return err
}

// A rollback needs no connection; the audit behind it does.
func badCleanup(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	clean := context.WithoutCancel(ctx)
	defer tx.Rollback(clean)
	if _, err := tx.Exec(ctx, "update t set n = 1"); err != nil {
		pool.Exec(clean, "insert into failures values (1)") // want `^clean has no deadline \(context\.WithoutCancel\(ctx\) at L96\): pool\.Exec waits .*; add context\.WithTimeout$`
		return err
	}
	return tx.Commit(ctx)
}

func badDeferred(pool *pgxpool.Pool) {
	defer pool.Exec(context.Background(), "select pg_advisory_unlock(1)") // want `pool\.Exec waits`
}

func okTimeout(pool *pgxpool.Pool) (n int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err = pool.QueryRow(ctx, "select 1").Scan(&n)
	return n, err
}

func okDeadline(pool *pgxpool.Pool, until time.Time) error {
	ctx, cancel := context.WithDeadline(context.TODO(), until)
	defer cancel()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okTimeoutCause(pool *pgxpool.Pool, cause error) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, cause)
	defer cancel()
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okParameter(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func okCleanup(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(context.Background(), "update t set n = 1"); err != nil {
		return err
	}
	return tx.Commit(context.Background())
}

func okDetachedWithTimeout(ctx context.Context, pool *pgxpool.Pool) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := pool.Exec(ctx, "insert into audit values (1)")
	return err
}

// The call is on a connection that is held already.
func okHeld(conn *pgxpool.Conn) error {
	_, err := conn.Exec(context.Background(), "select 1")
	return err
}

func okTx(tx pgx.Tx) (n int, err error) {
	err = tx.QueryRow(context.Background(), "select 1").Scan(&n)
	return n, err
}

func okSavepoint(tx pgx.Tx) error {
	return pgx.BeginFunc(context.Background(), tx, func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), "select 1")
		return err
	})
}

func okSingleConnection(conn *pgx.Conn) error {
	_, err := conn.Exec(context.Background(), "select 1")
	return err
}

// None of these waits for a connection of the pool.
func okNoWait(pool *pgxpool.Pool) int {
	for _, c := range pool.AcquireAllIdle(context.Background()) {
		c.Release()
	}
	pool.Reset()
	return int(pool.Stat().AcquiredConns())
}

func okConnect(url string) (*pgx.Conn, error) {
	return pgx.Connect(context.Background(), url)
}
