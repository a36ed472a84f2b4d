// Package twins: each of these differs from code that is right by one line, one variable or one branch.
package twins

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

var (
	errBusy  = errors.New("busy")
	errEmpty = errors.New("empty")
)

// badCopiedDefer closes one variable twice and the other never.
func badCopiedDefer(ctx context.Context, db *sql.DB) (n int, err error) {
	users, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	defer users.Close()
	teams, err := db.QueryContext(ctx, "select name from teams") // want "teams is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	defer users.Close()
	for users.Next() && teams.Next() {
		n++
	}
	return n, errors.Join(users.Err(), teams.Err())
}

// badContextCheck asks the context between the acquire and the defer.
func badContextCheck(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	defer conn.Release()
	return conn.Ping(ctx)
}

// badSelectCheck does so by a select.
func badSelectCheck(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	default:
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// badTryLock gives up on a lock with the connection in hand.
func badTryLock(ctx context.Context, pool *pgxpool.Pool, mu *sync.Mutex) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if !mu.TryLock() {
		return errBusy
	}
	defer mu.Unlock()
	defer conn.Release()
	return conn.Ping(ctx)
}

// badTypeAssertion gives up on a type.
func badTypeAssertion(ctx context.Context, db *sql.DB, sink io.Writer) error {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return err
	}
	w, ok := sink.(io.StringWriter)
	if !ok {
		return fmt.Errorf("%T has no WriteString", sink)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		if _, err := w.WriteString(name); err != nil {
			return err
		}
	}
	return rows.Err()
}

// okConditionCoversBoth enters with rows, or leaves with none: Next that is false has closed them.
func okConditionCoversBoth(ctx context.Context, pool *pgxpool.Pool) (name string) {
	if rows, err := pool.Query(ctx, listNames); err == nil && rows.Next() {
		defer rows.Close()
		_ = rows.Scan(&name)
	}
	return name
}

// badConditionCoversOne leaves with rows when it is not verbose.
func badConditionCoversOne(ctx context.Context, pool *pgxpool.Pool, verbose bool) (name string) {
	if rows, err := pool.Query(ctx, listNames); err == nil && verbose { // want "rows is n(ot|ever) closed"
		defer rows.Close()
		if rows.Next() {
			_ = rows.Scan(&name)
		}
	}
	return name
}

// badScanJSON decodes in the loop, and an error of the decoder is not one of Scan.
func badScanJSON(ctx context.Context, pool *pgxpool.Pool) (all []map[string]any, err error) {
	rows, err := pool.Query(ctx, "select data from events") // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		var v map[string]any
		if err := json.Unmarshal(raw, &v); err != nil {
			return nil, fmt.Errorf("event: %w", err)
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// badCleanupNotCalled has a cleanup and does not call it on one path.
func badCleanupNotCalled(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	cleanup := func() {
		_, _ = conn.Exec(ctx, "reset all")
		conn.Release()
	}
	if _, err := conn.Exec(ctx, "set role reader"); err != nil {
		return err
	}
	cleanup()
	return nil
}

// badIIFE returns out of a function literal and then out of the function.
func badIIFE(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	err = func() error {
		if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "delete from tokens")
		return err
	}()
	if err != nil {
		return fmt.Errorf("cleanup: %w", err)
	}
	return tx.Commit(ctx)
}

// okIIFE rolls back there.
func okIIFE(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	err = func() error {
		if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "delete from tokens")
		return err
	}()
	if err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// base has a query for those who embed it.
type base struct{ db *sql.DB }

func (b *base) names(ctx context.Context) (*sql.Rows, error) {
	return b.db.QueryContext(ctx, listNames)
}

type repo struct {
	*base
	limit int
}

// okPromotedWrapper closes what a promoted method of its own returned.
func (r *repo) okPromotedWrapper(ctx context.Context) (n int, err error) {
	rows, err := r.names(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for n < r.limit && rows.Next() {
		n++
	}
	return n, nil
}

// badPromotedWrapper does not.
func (r *repo) badPromotedWrapper(ctx context.Context) (n int, err error) {
	rows, err := r.names(ctx) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	for n < r.limit && rows.Next() {
		n++
	}
	return n, nil
}

// reader has one implementation, here.
type reader interface {
	read(rows *sql.Rows) (int, error)
}

type counter struct{}

func (counter) read(rows *sql.Rows) (n int, err error) {
	for rows.Next() {
		if n++; n == 1000 {
			return n, errBusy
		}
	}
	return n, rows.Err()
}

// badOnlyImplementation gives the rows to an interface whose one implementation does not close.
func badOnlyImplementation(ctx context.Context, db *sql.DB) (int, error) {
	var r reader = counter{}
	rows, err := db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	return r.read(rows)
}

// first reads by a function and leaves the rows to its caller.
func first[T any](rows pgx.Rows, scan func(pgx.Rows) (T, error)) (v T, err error) {
	if !rows.Next() {
		return v, pgx.ErrNoRows
	}
	return scan(rows)
}

// badGenericReader relies on it to close.
func badGenericReader(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	rows, err := pool.Query(ctx, "select count(*) from users") // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	return first(rows, func(rows pgx.Rows) (n int, err error) {
		err = rows.Scan(&n)
		return n, err
	})
}

// okGenericReader closes itself.
func okGenericReader(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	rows, err := pool.Query(ctx, "select count(*) from users")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	return first(rows, func(rows pgx.Rows) (n int, err error) {
		err = rows.Scan(&n)
		return n, err
	})
}

// pair owns two.
type pair struct {
	pool *pgxpool.Pool
	conn *pgxpool.Conn
}

func (p *pair) Close() {
	p.conn.Release()
	p.pool.Close()
}

// okPair closes what it has when it cannot have both.
func okPair(ctx context.Context, dsn string) (*pair, error) {
	p := &pair{}
	var err error
	if p.pool, err = pgxpool.New(ctx, dsn); err != nil {
		return nil, err
	}
	if p.conn, err = p.pool.Acquire(ctx); err != nil {
		p.pool.Close()
		return nil, err
	}
	return p, nil
}

// badPair loses the pool then.
func badPair(ctx context.Context, dsn string) (*pair, error) {
	p := &pair{}
	var err error
	if p.pool, err = pgxpool.New(ctx, dsn); err != nil { // want "p(\\.pool)? is not closed"
		return nil, err
	}
	if p.conn, err = p.pool.Acquire(ctx); err != nil {
		return nil, err
	}
	return p, nil
}

// iterate hands two functions out instead of rows.
func iterate(ctx context.Context, pool *pgxpool.Pool) (next func() (string, bool), stop func(), err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil, nil, err
	}
	next = func() (name string, ok bool) {
		if !rows.Next() || rows.Scan(&name) != nil {
			return "", false
		}
		return name, true
	}
	return next, rows.Close, nil
}

// okIterate stops.
func okIterate(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	next, stop, err := iterate(ctx, pool)
	if err != nil {
		return "", err
	}
	defer stop()
	name, ok := next()
	if !ok {
		return "", errEmpty
	}
	return name, nil
}

// badIterate does not.
func badIterate(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	next, _, err := iterate(ctx, pool) // want "n(ot|ever)"
	if err != nil {
		return "", err
	}
	name, ok := next()
	if !ok {
		return "", errEmpty
	}
	return name, nil
}

// badElseRelease releases in the branch that did not work out.
func badElseRelease(ctx context.Context, pool *pgxpool.Pool, d time.Duration) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if _, err = conn.Exec(ctx, "select pg_sleep($1)", d.Seconds()); err != nil {
		conn.Release()
	} else {
		_, err = conn.Exec(ctx, "select 1")
	}
	return err
}
