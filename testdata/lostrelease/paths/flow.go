package paths

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// okBreakInSwitch: a break inside a switch leaves the switch, not the loop.
func okBreakInSwitch(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return n, err
		}
		switch name {
		case "":
			break
		case "root", "admin":
			n += 2
		default:
			n++
		}
	}
	return n, rows.Err()
}

// badBreakOuter leaves both.
func badBreakOuter(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
read:
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return n, err
		}
		switch name {
		case "end":
			break read
		default:
			n++
		}
	}
	return n, rows.Err()
}

// okContinueOuter goes on with the outer loop when its rows are closed.
func okContinueOuter(ctx context.Context, pool *pgxpool.Pool, teams []int64) (names []string, err error) {
next:
	for _, team := range teams {
		rows, err := pool.Query(ctx, "select name from users where team = $1", team)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			if name == "root" {
				rows.Close()
				continue next
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// badContinueOuter goes on with them open.
func badContinueOuter(ctx context.Context, pool *pgxpool.Pool, teams []int64) (names []string, err error) {
next:
	for _, team := range teams {
		rows, err := pool.Query(ctx, "select name from users where team = $1", team) // want "rows is n(ot|ever) closed"
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			if name == "root" {
				continue next
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// okGotoCleanup is the old way to have one exit.
func okGotoCleanup(ctx context.Context, pool *pgxpool.Pool) error {
	var n int
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	if err = conn.QueryRow(ctx, "select count(*) from users").Scan(&n); err != nil {
		goto cleanup
	}
	if n == 0 {
		err = errEmpty
		goto cleanup
	}
	_, err = conn.Exec(ctx, "delete from users where disabled")
cleanup:
	conn.Release()
	return err
}

// badGotoPastCleanup jumps over it.
func badGotoPastCleanup(ctx context.Context, pool *pgxpool.Pool) error {
	var n int
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if err = conn.QueryRow(ctx, "select count(*) from users").Scan(&n); err != nil {
		goto done
	}
	_, err = conn.Exec(ctx, "delete from users where disabled")
	conn.Release()
done:
	return err
}

// okSelect releases in each case.
func okSelect(ctx context.Context, pool *pgxpool.Pool, tick <-chan time.Time) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			conn.Release()
			return ctx.Err()
		case <-tick:
			if err := conn.Ping(ctx); err != nil {
				conn.Release()
				return err
			}
		}
	}
}

// badSelect forgets the case that ends it.
func badSelect(ctx context.Context, pool *pgxpool.Pool, tick <-chan time.Time) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick:
			if err := conn.Ping(ctx); err != nil {
				conn.Release()
				return err
			}
		}
	}
}

// okWorkerForever has no way out.
func okWorkerForever(ctx context.Context, pool *pgxpool.Pool, wake <-chan struct{}) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return
	}
	for {
		<-wake
		_, _ = conn.Exec(ctx, "refresh materialized view stats")
	}
}

// okTypeSwitch begins on what it is given, and ends what it began.
func okTypeSwitch(ctx context.Context, handle any) error {
	switch h := handle.(type) {
	case *pgxpool.Pool:
		tx, err := h.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		return tx.Commit(ctx)
	case *sql.DB:
		tx, err := h.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		return tx.Rollback()
	case pgx.Tx:
		_, err := h.Exec(ctx, "select 1")
		return err
	default:
		return errors.New("unknown handle")
	}
}

// badTypeSwitch ends one kind and not the other.
func badTypeSwitch(ctx context.Context, handle any) error {
	switch h := handle.(type) {
	case *pgxpool.Pool:
		tx, err := h.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		return tx.Commit(ctx)
	case *sql.DB:
		tx, err := h.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
			return err
		}
		return tx.Commit()
	}
	return errors.New("unknown handle")
}

// okRetryUntil acquires again only after it has released.
func okRetryUntil(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	var conn *pgxpool.Conn
	var err error
	for i := 0; i < 3; i++ {
		if conn, err = pool.Acquire(ctx); err != nil {
			continue
		}
		if err = conn.Ping(ctx); err == nil {
			return conn, nil
		}
		conn.Release()
	}
	return nil, err
}

// badRetryUntil keeps what did not answer.
func badRetryUntil(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	var conn *pgxpool.Conn
	var err error
	for i := 0; i < 3; i++ {
		if conn, err = pool.Acquire(ctx); err != nil { // want "conn is (overwritten|n(ot|ever) released)"
			continue
		}
		if err = conn.Ping(ctx); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// okTwoConditionsOneMeaning asks the same question where it takes and where it gives.
func okTwoConditionsOneMeaning(ctx context.Context, pool *pgxpool.Pool, dedicated bool) error {
	var conn *pgxpool.Conn
	if dedicated {
		var err error
		if conn, err = pool.Acquire(ctx); err != nil {
			return err
		}
	}
	_, err := pool.Exec(ctx, "select 1")
	if dedicated {
		conn.Release()
	}
	return err
}

// okBothWaysOut ends in one of two ways, in a helper closure and in line.
func okBothWaysOut(ctx context.Context, pool *pgxpool.Pool, commit bool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	end := tx.Rollback
	if commit {
		end = tx.Commit
	}
	return end(ctx)
}

// badEndInOneCase keeps an end for one case only.
func badEndInOneCase(ctx context.Context, pool *pgxpool.Pool, commit bool) error {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	if commit {
		return tx.Commit(ctx)
	}
	return nil
}
