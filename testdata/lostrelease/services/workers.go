package services

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

// Worker takes jobs from a table.
type Worker struct {
	pool *pgxpool.Pool
	log  *slog.Logger
	run  func(context.Context, pgx.Tx, int64) error
}

var errNoJob = errors.New("no job")

// okOneJob locks a job, runs it and marks it, in one transaction.
func (w *Worker) okOneJob(ctx context.Context) (err error) {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		switch {
		case errors.Is(err, errNoJob):
			_ = tx.Rollback(ctx)
		case err != nil:
			err = errors.Join(err, tx.Rollback(context.WithoutCancel(ctx)))
		default:
			err = tx.Commit(ctx)
		}
	}()
	var id int64
	err = tx.QueryRow(ctx, "select id from jobs where state = 'new' for update skip locked limit 1").Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoJob
	}
	if err != nil {
		return err
	}
	if err := w.run(ctx, tx, id); err != nil {
		return fmt.Errorf("job %d: %w", id, err)
	}
	_, err = tx.Exec(ctx, "update jobs set state = 'done' where id = $1", id)
	return err
}

// badOneJob returns without an end when there is no job.
func (w *Worker) badOneJob(ctx context.Context) error {
	tx, err := w.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	var id int64
	err = tx.QueryRow(ctx, "select id from jobs where state = 'new' for update skip locked limit 1").Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return errNoJob
	}
	if err == nil {
		err = w.run(ctx, tx, id)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// okLoop polls for ever and holds nothing between the jobs.
func (w *Worker) okLoop(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		for {
			if err := w.okOneJob(ctx); errors.Is(err, errNoJob) {
				break
			} else if err != nil {
				w.log.ErrorContext(ctx, "job", "err", err)
				break
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// okLeader keeps a connection while it is the leader and gives it back when it is not.
func (w *Worker) okLeader(ctx context.Context, lead func(context.Context) error) error {
	for ctx.Err() == nil {
		conn, err := w.pool.Acquire(ctx)
		if err != nil {
			return err
		}
		var leader bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock(42)").Scan(&leader); err != nil {
			conn.Release()
			return err
		}
		if !leader {
			conn.Release()
			time.Sleep(10 * time.Second)
			continue
		}
		err = lead(ctx)
		_, _ = conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock(42)")
		conn.Release()
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// badLeader sleeps with the connection it did not need, and comes round with another.
func (w *Worker) badLeader(ctx context.Context, lead func(context.Context) error) error {
	for ctx.Err() == nil {
		conn, err := w.pool.Acquire(ctx) // want "conn is (overwritten|n(ot|ever) released)"
		if err != nil {
			return err
		}
		var leader bool
		if err := conn.QueryRow(ctx, "select pg_try_advisory_lock(42)").Scan(&leader); err != nil {
			conn.Release()
			return err
		}
		if !leader {
			time.Sleep(10 * time.Second)
			continue
		}
		err = lead(ctx)
		conn.Release()
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// okMigrate runs the steps on one connection of database/sql, under a lock.
func okMigrate(ctx context.Context, pool *pgxpool.Pool, steps map[int]string) (err error) {
	db := stdlib.OpenDBFromPool(pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(7)"); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "select pg_advisory_unlock(7)")

	done := make(map[int]bool)
	rows, err := conn.QueryContext(ctx, "select version from migrations")
	if err != nil {
		return err
	}
	for rows.Next() {
		var version int
		if err := rows.Scan(&version); err != nil {
			return errors.Join(err, rows.Close())
		}
		done[version] = true
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for version, step := range steps {
		if done[version] {
			continue
		}
		if err := okStep(ctx, conn, version, step); err != nil {
			return fmt.Errorf("step %d: %w", version, err)
		}
	}
	return nil
}

func okStep(ctx context.Context, conn *sql.Conn, version int, step string) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, q := range []string{step, fmt.Sprintf("insert into migrations values (%d)", version)} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// badMigrate returns out of the loop over the versions with rows open, and its deferred Close of the connection waits for them.
func badMigrate(ctx context.Context, db *sql.DB, known func(int) bool) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select version from migrations") // want "rows is not closed"
	if err != nil {
		return err
	}
	for rows.Next() {
		var version int
		if err := rows.Scan(&version); err != nil {
			return errors.Join(err, rows.Close())
		}
		if !known(version) {
			return fmt.Errorf("version %d is newer than this program", version)
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// okOutbox sends events and marks them in batches.
func (w *Worker) okOutbox(ctx context.Context, send func(context.Context, []int64) error) error {
	for {
		n := 0
		err := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
			rows, err := tx.Query(ctx, "select id from outbox order by id limit 100 for update skip locked")
			if err != nil {
				return err
			}
			ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if err != nil {
				return err
			}
			if n = len(ids); n == 0 {
				return nil
			}
			if err := send(ctx, ids); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, "delete from outbox where id = any($1)", ids)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// okCopy copies from one database to another and closes both ends.
func okCopy(ctx context.Context, from, to *pgxpool.Pool, table string) (int64, error) {
	rows, err := from.Query(ctx, "select * from "+pgx.Identifier{table}.Sanitize())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	columns := make([]string, 0, len(rows.FieldDescriptions()))
	for _, f := range rows.FieldDescriptions() {
		columns = append(columns, f.Name)
	}
	dst, err := to.Acquire(ctx)
	if err != nil {
		return 0, fmt.Errorf("target: %w", err)
	}
	defer dst.Release()
	return dst.CopyFrom(ctx, pgx.Identifier{table}, columns, rows)
}

// badCopy closes neither when the other is not to be had.
func badCopy(ctx context.Context, from, to *pgxpool.Pool, table string) (int64, error) {
	src, err := from.Acquire(ctx) // want "src is not released"
	if err != nil {
		return 0, fmt.Errorf("source: %w", err)
	}
	dst, err := to.Acquire(ctx)
	if err != nil {
		return 0, fmt.Errorf("target: %w", err)
	}
	defer src.Release()
	defer dst.Release()
	rows, err := src.Query(ctx, "select * from "+pgx.Identifier{table}.Sanitize())
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	return dst.CopyFrom(ctx, pgx.Identifier{table}, nil, rows)
}

// okReport reads with a helper, and keeps a snapshot for two queries.
func (w *Worker) okReport(ctx context.Context) (users []helpers.User, total int64, err error) {
	tx, err := w.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, 0, err
	}
	defer helpers.RollbackUnlessDone(ctx, tx)
	if err := tx.QueryRow(ctx, "select sum(total) from orders").Scan(&total); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, "select id, name from users")
	if err != nil {
		return nil, 0, err
	}
	for rows.Next() {
		u, err := helpers.ScanUser(rows)
		if err != nil {
			return nil, 0, err
		}
		users = append(users, u)
	}
	return users, total, rows.Err()
}
