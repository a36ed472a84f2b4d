// Package v4: pgx v4. As in v5, a Scan error closes rows and a context frees nothing; there are no CollectRows, and pools,
// connections and transactions have their own BeginFunc and QueryFunc.
package v4

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const listNames = "select name from users"

var errEmpty = errors.New("empty")

// Repo reads users.
type Repo struct{ pool *pgxpool.Pool }

// okDeferred is the usual form.
func (r *Repo) okDeferred(ctx context.Context) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name == "" {
			return nil, errEmpty
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// okScanErrorCloses reads to the end or to an error of Scan.
func (r *Repo) okScanErrorCloses(ctx context.Context) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// okQueryFunc closes itself.
func (r *Repo) okQueryFunc(ctx context.Context) (n int, err error) {
	var name string
	_, err = r.pool.QueryFunc(ctx, listNames, nil, []interface{}{&name}, func(pgx.QueryFuncRow) error {
		if name == "" {
			return errEmpty
		}
		n++
		return nil
	})
	return n, err
}

// okBeginFunc ends itself.
func (r *Repo) okBeginFunc(ctx context.Context) error {
	return r.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
			return err
		}
		return tx.BeginFunc(ctx, func(sp pgx.Tx) error {
			_, err := sp.Exec(ctx, "delete from tokens")
			return err
		})
	})
}

// okAcquireFunc releases itself.
func (r *Repo) okAcquireFunc(ctx context.Context) error {
	return r.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error { return c.Ping(ctx) })
}

// okTx rolls back.
func (r *Repo) okTx(ctx context.Context) error {
	tx, err := r.pool.BeginTx(ctx, pgx.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okConn releases.
func (r *Repo) okConn(ctx context.Context) error {
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	return conn.Conn().Ping(ctx)
}

// okBatch closes.
func (r *Repo) okBatch(ctx context.Context, b *pgx.Batch) error {
	br := r.pool.SendBatch(ctx, b)
	defer br.Close()
	for i := 0; i < b.Len(); i++ {
		if _, err := br.Exec(); err != nil {
			return err
		}
	}
	return nil
}

// okRow scans.
func (r *Repo) okRow(ctx context.Context) (n int, err error) {
	err = r.pool.QueryRow(ctx, "select count(*) from users").Scan(&n)
	return n, err
}

// okOpen closes a pool that does not answer.
func okOpen(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.Connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// badOwnError returns out of the loop.
func (r *Repo) badOwnError(ctx context.Context) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name == "" {
			return nil, errEmpty
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// badTx rolls back nowhere.
func (r *Repo) badTx(ctx context.Context) error {
	tx, err := r.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badConn never releases.
func (r *Repo) badConn(ctx context.Context) error {
	conn, err := r.pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	return conn.Conn().Ping(ctx)
}

// badBatch closes on success.
func (r *Repo) badBatch(ctx context.Context, b *pgx.Batch) error {
	br := r.pool.SendBatch(ctx, b) // want "br is not closed"
	if _, err := br.Exec(); err != nil {
		return err
	}
	return br.Close()
}

// badRow drops the row.
func (r *Repo) badRow(ctx context.Context, id int) {
	r.pool.QueryRow(ctx, "select touch($1)", id) // want "never scanned|discarded"
}

// badDiscarded writes by Query.
func (r *Repo) badDiscarded(ctx context.Context, id int) error {
	_, err := r.pool.Query(ctx, "delete from users where id = $1", id) // want "discarded"
	return err
}

// badConnect leaves a server connection.
func badConnect(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn) // want "conn is never closed"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// badOpen loses the pool that does not answer.
func badOpen(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.Connect(ctx, dsn) // want "pool is not closed"
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		return nil, err
	}
	return pool, nil
}

// badRowsInTx are open when the closure's transaction commits.
func (r *Repo) badRowsInTx(ctx context.Context) (found bool, err error) {
	err = r.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
		if err != nil {
			return err
		}
		found = rows.Next()
		return nil
	})
	return found, err
}
