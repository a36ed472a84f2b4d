// Package defers: deferred calls run in the reverse order.
package defers

import (
	"context"
	"database/sql"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Jobs struct {
	pool *pgxpool.Pool
}

func (j *Jobs) finished(ctx context.Context, id int64) {
	if _, err := j.pool.Exec(ctx, "update jobs set done = now() where id = $1", id); err != nil {
		slog.Error("finished", "job", id, "err", err)
	}
}

// OkDeferredBefore runs after the deferred Rollback.
func (j *Jobs) OkDeferredBefore(ctx context.Context, id int64) error {
	defer j.finished(ctx, id)
	tx, err := j.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "call work($1)", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// BadDeferredAfter runs before the deferred Rollback, on the paths that have not committed.
func (j *Jobs) BadDeferredAfter(ctx context.Context, id int64) error {
	tx, err := j.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	defer j.finished(ctx, id) // want `j\.finished may wait for a second connection while tx holds one`
	if _, err := tx.Exec(ctx, "call work($1)", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (j *Jobs) OkRowsDeferredBefore(ctx context.Context) (ids []int64, err error) {
	defer func() {
		if _, err := j.pool.Exec(ctx, "insert into scans values ($1)", len(ids)); err != nil {
			slog.Error("scan", "err", err)
		}
	}()
	rows, err := j.pool.Query(ctx, "select id from jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if ids = append(ids, id); len(ids) == 100 {
			return ids, nil
		}
	}
	return ids, rows.Err()
}

func (j *Jobs) BadRowsDeferredAfter(ctx context.Context) (ids []int64, err error) {
	rows, err := j.pool.Query(ctx, "select id from jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	defer func() {
		if _, err := j.pool.Exec(ctx, "insert into scans values ($1)", len(ids)); err != nil { // want `second connection while rows holds one`
			slog.Error("scan", "err", err)
		}
	}()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if ids = append(ids, id); len(ids) == 100 {
			return ids, nil
		}
	}
	return ids, rows.Err()
}

// OkInOneDefer rolls back, then writes the failure down.
func (j *Jobs) OkInOneDefer(ctx context.Context, id int64) (err error) {
	tx, err := j.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
			_, _ = j.pool.Exec(ctx, "insert into failures values ($1, $2)", id, err.Error())
		}
	}()
	if _, err = tx.Exec(ctx, "call work($1)", id); err != nil {
		return err
	}
	err = tx.Commit(ctx)
	return err
}

// BadInOneDefer does it the other way round.
func (j *Jobs) BadInOneDefer(ctx context.Context, id int64) (err error) {
	tx, err := j.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = j.pool.Exec(ctx, "insert into failures values ($1, $2)", id, err.Error()) // want `second connection while tx holds one`
			_ = tx.Rollback(ctx)
		}
	}()
	if _, err = tx.Exec(ctx, "call work($1)", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okReleaseOrder(ctx context.Context, db *sql.DB, key int64) error {
	defer func() { _, _ = db.ExecContext(ctx, "select pg_notify('lock', 'free')") }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "select pg_advisory_xact_lock($1)", key)
	return err
}

func badReleaseOrder(ctx context.Context, db *sql.DB, key int64) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer func() { _, _ = db.ExecContext(ctx, "select pg_notify('lock', 'free')") }() // want `second connection while conn holds one`
	_, err = conn.ExecContext(ctx, "select pg_advisory_xact_lock($1)", key)
	return err
}

// badArgument: the arguments of a deferred call are evaluated at once.
func badArgument(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	defer slog.Info("done", "jobs", size(ctx, pool)) // want `size may wait for a second connection while tx holds one`
	return tx.Commit(ctx)
}

func size(ctx context.Context, pool *pgxpool.Pool) (n int) {
	_ = pool.QueryRow(ctx, "select count(*) from jobs").Scan(&n)
	return n
}

// okArgument evaluates it before.
func okArgument(ctx context.Context, pool *pgxpool.Pool) error {
	defer slog.Info("done", "jobs", size(ctx, pool))
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "call work()")
		return err
	})
}

// okEnded: every path has committed or rolled back when the deferred function runs.
func okEnded(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _, _ = pool.Exec(ctx, "update jobs set done = now() where id = $1", id) }()
	if _, err := tx.Exec(ctx, "call work($1)", id); err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}
