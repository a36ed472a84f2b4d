// Package conns: an acquired connection, and the pool beside it.
package conns

import (
	"context"
	"database/sql"
	"errors"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var errBusy = errors.New("somebody else is the leader")

// H4: the lock has a connection of its own, the work wants another.
func badAdvisoryLock(ctx context.Context, pool *pgxpool.Pool, key int64) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", key); err != nil {
		return err
	}
	defer conn.Exec(ctx, "select pg_advisory_unlock($1)", key)
	_, err = pool.Exec(ctx, "call nightly()") // want `pool\.Exec may wait for a second connection while conn holds one`
	return err
}

func okAdvisoryLock(ctx context.Context, pool *pgxpool.Pool, key int64) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", key); err != nil {
		return err
	}
	defer conn.Exec(ctx, "select pg_advisory_unlock($1)", key)
	_, err = conn.Exec(ctx, "call nightly()")
	return err
}

type Elector struct {
	db   *sql.DB
	work func(ctx context.Context, db *sql.DB) error
}

func (e *Elector) BadLead(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var leader bool
	if err := conn.QueryRowContext(ctx, "select pg_try_advisory_lock(42)").Scan(&leader); err != nil {
		return err
	}
	if !leader {
		return errBusy
	}
	return sweep(ctx, e.db) // want `sweep may wait for a second connection while conn holds one`
}

func sweep(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "delete from leases where until < now()")
	return err
}

func (e *Elector) OkLead(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var leader bool
	if err := conn.QueryRowContext(ctx, "select pg_try_advisory_lock(42)").Scan(&leader); err != nil || !leader {
		return errors.Join(err, errBusy)
	}
	return sweepOn(ctx, conn)
}

func sweepOn(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "delete from leases where until < now()")
	return err
}

// OkTry gives the connection back when it has not the lock.
func (e *Elector) OkTry(ctx context.Context) error {
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	var leader bool
	err = conn.QueryRowContext(ctx, "select pg_try_advisory_xact_lock(42)").Scan(&leader)
	if err := conn.Close(); err != nil {
		return err
	}
	if err != nil || leader {
		return err
	}
	return sweep(ctx, e.db)
}

// badTwoAcquires holds one and waits for the other.
func badTwoAcquires(ctx context.Context, pool *pgxpool.Pool) error {
	reader, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer reader.Release()
	writer, err := pool.Acquire(ctx) // want `second connection while reader holds one`
	if err != nil {
		return err
	}
	defer writer.Release()
	_, err = writer.Exec(ctx, "refresh materialized view totals")
	return err
}

// H9: the readiness probe needs two.
func badReady(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := pool.Acquire(r.Context())
		if err != nil {
			http.Error(w, "no connection", http.StatusServiceUnavailable)
			return
		}
		defer conn.Release()
		var pending int
		err = pool.QueryRow(r.Context(), "select count(*) from migrations where not done").Scan(&pending) // want `second connection while conn holds one`
		if err != nil || pending > 0 {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	}
}

// okReady takes one after the other.
func okReady(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := pool.Ping(r.Context()); err != nil {
			http.Error(w, "no connection", http.StatusServiceUnavailable)
			return
		}
		var pending int
		err := pool.QueryRow(r.Context(), "select count(*) from migrations where not done").Scan(&pending)
		if err != nil || pending > 0 {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	}
}

func okReleaseThenPool(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "set application_name = 'sweeper'")
	conn.Release()
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "call nightly()")
	return err
}

// okTxOfConn: the transaction is on the connection.
func okTxOfConn(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "call nightly()"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badTxOfConnEnded: Commit frees the transaction, the connection stays held.
func badTxOfConnEnded(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "call nightly()") // want `second connection while conn holds one`
	return err
}

func okSQLTxOfConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "call nightly()"); err != nil {
		return err
	}
	return tx.Commit()
}

// okServerConn is a connection outside the pool: nothing of the pool is held.
func okServerConn(ctx context.Context, pool *pgxpool.Pool, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(7)"); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "call nightly()")
	return err
}

// okHijacked: the slot is free again, the connection belongs to the caller.
func okHijacked(ctx context.Context, pool *pgxpool.Pool) error {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack()
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "call catch_up()")
	return err
}

// badListener handles what it hears with the pool it listens on.
func badListener(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if _, err := pool.Exec(ctx, "call run_job($1)", n.Payload); err != nil { // want `second connection while conn holds one`
			return err
		}
	}
}

// okIdle takes only what is idle and never waits.
func okIdle(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	for _, idle := range pool.AcquireAllIdle(ctx) {
		_ = idle.Ping(ctx)
		idle.Release()
	}
	return conn.Ping(ctx)
}

// badAfterAll holds the idle ones and asks for one more.
func badAfterAll(ctx context.Context, pool *pgxpool.Pool) error {
	idle := pool.AcquireAllIdle(ctx)
	defer func() {
		for _, c := range idle {
			c.Release()
		}
	}()
	return pool.Ping(ctx) // want `second connection while idle holds`
}
