// Package fixes: where a deferred release behind the error check is provably right, the diagnostic offers it; the others only
// describe what to do.
package fixes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var kept = map[string]*pgxpool.Conn{}

// badRows gets a deferred Close.
func badRows(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badComment gets it on a line of its own, and the check keeps its comment.
func badComment(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	} /* the first */ // the second
	return rows.Next(), rows.Err()
}

// badTrailingClose keeps its Close, which then does nothing.
func badTrailingClose(ctx context.Context, db *sql.DB) (names []string, err error) {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, fmt.Errorf("names: %w", err)
	}

	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Close()
}

// badTx gets a deferred Rollback with the context of Begin.
func badTx(requestCtx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(requestCtx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(requestCtx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit(requestCtx)
}

// badTxSQL gets one without.
func badTxSQL(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "delete from sessions"); err != nil {
		return err
	}
	return tx.Commit()
}

// badConn gets a deferred Release.
func badConn(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// badBatch gets a deferred Close at once: there is no error to check.
func badBatch(ctx context.Context, pool *pgxpool.Pool, b *pgx.Batch) error {
	br := pool.SendBatch(ctx, b) // want "br is never closed"
	_, err := br.Exec()
	return err
}

// badKept is described only: the connection is kept on one path.
func badKept(ctx context.Context, pool *pgxpool.Pool, name string) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if err := conn.Ping(ctx); err != nil {
		return err
	}
	kept[name] = conn
	return nil
}

// badReturned is described only: it is returned on one path.
func badReturned(ctx context.Context, pool *pgxpool.Pool) (pgx.Rows, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	if len(rows.FieldDescriptions()) != 1 {
		return nil, errors.New("columns")
	}
	return rows, nil
}

// badLoop is described only: a defer would pile up.
func badLoop(ctx context.Context, pool *pgxpool.Pool, tables []string) (n int, err error) {
	for _, table := range tables {
		rows, err := pool.Query(ctx, "select 1 from "+table) // want "rows is n(ot|ever) closed"
		if err != nil {
			return 0, err
		}
		if rows.Next() {
			n++
		}
	}
	return n, nil
}

// badAtCommit is described only: a deferred Close runs after Commit.
func badAtCommit(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return err
	}
	rows.Next()
	return tx.Commit(ctx)
}

// badReassigned is described only: a defer would be bound to the first.
func badReassigned(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is (overwritten|n(ot|ever) released)"
	if err != nil {
		return err
	}
	if err := conn.Ping(ctx); err != nil {
		conn, err = pool.Acquire(ctx)
		if err != nil {
			return err
		}
	}
	conn.Release()
	return nil
}

// badDiscarded is described only: Exec returns something else than Query.
func badDiscarded(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Query(ctx, "delete from sessions") // want "discarded"
	return err
}
