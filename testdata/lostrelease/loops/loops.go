// Package loops: what is still held when a loop begins again, and defers that pile up.
package loops

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	byTable = "select column_name from information_schema.columns where table_name = $1"
	touch   = "update users set seen = now() where id = $1"
)

// okFunctionPerTable has a function for the defer.
func okFunctionPerTable(ctx context.Context, pool *pgxpool.Pool, tables []string) (map[string][]string, error) {
	out := make(map[string][]string)
	for _, table := range tables {
		columns, err := okColumns(ctx, pool, table)
		if err != nil {
			return nil, err
		}
		out[table] = columns
	}
	return out, nil
}

func okColumns(ctx context.Context, pool *pgxpool.Pool, table string) ([]string, error) {
	rows, err := pool.Query(ctx, byTable, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// okClosurePerID has a closure for it.
func okClosurePerID(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		err := func() error {
			tx, err := pool.Begin(ctx)
			if err != nil {
				return err
			}
			defer tx.Rollback(ctx)
			if _, err := tx.Exec(ctx, touch, id); err != nil {
				return err
			}
			return tx.Commit(ctx)
		}()
		if err != nil {
			return fmt.Errorf("user %d: %w", id, err)
		}
	}
	return nil
}

// okCloseAtEnd closes at the end of each round and on the way out.
func okCloseAtEnd(ctx context.Context, db *sql.DB, tables []string) (n int, err error) {
	for _, table := range tables {
		rows, err := db.QueryContext(ctx, byTable, table)
		if err != nil {
			return n, err
		}
		for rows.Next() {
			n++
		}
		err = rows.Err()
		rows.Close()
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// okCommitBeforeNextRound: the deferred Rollbacks pile up and hold nothing: each round has committed.
func okCommitBeforeNextRound(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	for _, id := range ids {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, touch, id); err != nil {
			return err
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}

// okDrainedBeforeNextRound: nor do the deferred Closes: each round reads to the end.
func okDrainedBeforeNextRound(ctx context.Context, pool *pgxpool.Pool, tables []string) (columns []string, err error) {
	for _, table := range tables {
		rows, err := pool.Query(ctx, byTable, table)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var column string
			if err := rows.Scan(&column); err != nil {
				return nil, err
			}
			columns = append(columns, column)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// okRetryReturns defers in a loop that never comes round with a transaction.
func okRetryReturns(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	for {
		tx, err := pool.Begin(ctx)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, touch, id); err != nil {
			return err
		}
		return tx.Commit(ctx)
	}
}

// okRetryRollsBack rolls back before it tries again.
func okRetryRollsBack(ctx context.Context, db *sql.DB, id int64) (err error) {
	for attempt := 0; attempt < 3; attempt++ {
		var tx *sql.Tx
		if tx, err = db.BeginTx(ctx, nil); err != nil {
			continue
		}
		if _, err = tx.ExecContext(ctx, touch, id); err != nil {
			_ = tx.Rollback()
			continue
		}
		if err = tx.Commit(); err == nil {
			return nil
		}
	}
	return err
}

// okPages reads page after page with one variable.
func okPages(ctx context.Context, pool *pgxpool.Pool) (ids []int64, err error) {
	var last int64
	for {
		rows, err := pool.Query(ctx, "select id from users where id > $1 order by id limit 100", last)
		if err != nil {
			return nil, err
		}
		page, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return ids, nil
		}
		ids = append(ids, page...)
		last = page[len(page)-1]
	}
}

// okConnsReleasedBehind takes several and gives all of them back behind the loop.
func okConnsReleasedBehind(ctx context.Context, pool *pgxpool.Pool, n int) (err error) {
	var conns []*pgxpool.Conn
	defer func() {
		for _, c := range conns {
			c.Release()
		}
	}()
	for range n {
		c, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	return nil
}

// badDeferPerTable holds one connection more in each round.
func badDeferPerTable(ctx context.Context, pool *pgxpool.Pool, tables []string) (first map[string]string, err error) {
	first = make(map[string]string)
	for _, table := range tables {
		rows, err := pool.Query(ctx, byTable, table) // want "deferred"
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		if rows.Next() {
			var column string
			if err := rows.Scan(&column); err != nil {
				return nil, err
			}
			first[table] = column
		}
	}
	return first, nil
}

// badDeferConn does so with connections.
func badDeferConn(ctx context.Context, pool *pgxpool.Pool, jobs <-chan string) error {
	for job := range jobs {
		conn, err := pool.Acquire(ctx) // want "deferred"
		if err != nil {
			return err
		}
		defer conn.Release()
		if _, err := conn.Exec(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// badDeferTx ends the transactions of all ids when the function returns.
func badDeferTx(ctx context.Context, db *sql.DB, ids []int64) (err error) {
	for _, id := range ids {
		tx, err := db.BeginTx(ctx, nil) // want "deferred"
		if err != nil {
			return err
		}
		defer func() {
			if err != nil {
				_ = tx.Rollback()
			} else {
				_ = tx.Commit()
			}
		}()
		if _, err = tx.ExecContext(ctx, touch, id); err != nil {
			return err
		}
	}
	return nil
}

// badDeferRetry keeps the transaction of each attempt that failed until the last.
func badDeferRetry(ctx context.Context, pool *pgxpool.Pool, id int64) error {
	var errs []error
	for range 3 {
		tx, err := pool.Begin(ctx) // want "deferred"
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, touch, id); err != nil {
			errs = append(errs, err)
			continue
		}
		return tx.Commit(ctx)
	}
	return errors.Join(errs...)
}

// badDeferGoto loops by goto.
func badDeferGoto(ctx context.Context, pool *pgxpool.Pool, n int) error {
again:
	conn, err := pool.Acquire(ctx) // want "deferred"
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := conn.Ping(ctx); err != nil {
		if n--; n > 0 {
			goto again
		}
		return err
	}
	return nil
}

// badContinue forgets the rows of a table it is not interested in.
func badContinue(ctx context.Context, pool *pgxpool.Pool, tables []string) (n int, err error) {
	for _, table := range tables {
		rows, err := pool.Query(ctx, byTable, table) // want "rows is not closed"
		if err != nil {
			return 0, err
		}
		if !rows.Next() {
			continue // Next has closed them
		}
		var column string
		if err := rows.Scan(&column); err != nil {
			return 0, err
		}
		if column == "id" {
			continue
		}
		n++
		rows.Close()
	}
	return n, nil
}

// badLastRound closes at the beginning of the next round, and there is no next round for the last.
func badLastRound(ctx context.Context, pool *pgxpool.Pool, tables []string) (n int, err error) {
	var rows pgx.Rows
	for _, table := range tables {
		if rows != nil {
			rows.Close()
		}
		if rows, err = pool.Query(ctx, byTable, table); err != nil { // want "rows is (overwritten|not closed)"
			return n, err
		}
		if rows.Next() {
			n++
		}
	}
	return n, nil
}
