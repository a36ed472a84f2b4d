// Package lookalike: code that resembles a loss and is none.
package lookalike

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

// Mock is a generated mock.
type Mock struct {
	QueryFunc func(context.Context, string, ...any) (pgx.Rows, error)
	BeginFunc func(context.Context) (pgx.Tx, error)
	calls     int
}

// Query hands on what the test wants.
func (m *Mock) Query(ctx context.Context, q string, args ...any) (pgx.Rows, error) {
	m.calls++
	if m.QueryFunc == nil {
		panic("Mock.QueryFunc is nil but DB.Query was called")
	}
	return m.QueryFunc(ctx, q, args...)
}

// Begin too.
func (m *Mock) Begin(ctx context.Context) (pgx.Tx, error) { return m.BeginFunc(ctx) }

// Traced measures each call and hands the result on.
type Traced struct {
	next interface {
		Query(context.Context, string, ...any) (pgx.Rows, error)
		QueryRow(context.Context, string, ...any) pgx.Row
		Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	}
	count atomic.Int64
}

// Query keeps the results in variables of the function on their way out.
func (t *Traced) Query(ctx context.Context, q string, args ...any) (rows pgx.Rows, err error) {
	defer func() {
		if err != nil {
			log.Printf("query %q: %v", q, err)
		}
		t.count.Add(1)
	}()
	if rows, err = t.next.Query(ctx, q, args...); err != nil {
		return nil, fmt.Errorf("traced: %w", err)
	}
	return rows, nil
}

// QueryRow hands the row on.
func (t *Traced) QueryRow(ctx context.Context, q string, args ...any) pgx.Row {
	defer t.count.Add(1)
	return t.next.QueryRow(ctx, q, args...)
}

// okLocked returns rows out of a locked section.
func okLocked(ctx context.Context, mu *sync.Mutex, db *sql.DB) (*sql.Rows, error) {
	mu.Lock()
	defer mu.Unlock()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return db.QueryContext(ctx, listNames)
}

// okIterUnchecked wraps the rows and passes the error beside them.
func okIterUnchecked(ctx context.Context, db *sql.DB) (*nameIter, error) {
	rows, err := db.QueryContext(ctx, listNames)
	return &nameIter{rows: rows}, err
}

type nameIter struct {
	rows *sql.Rows
	name string
	err  error
}

// Next closes at the end and on an error, as bufio.Scanner's user expects.
func (it *nameIter) Next() bool {
	if it.err != nil || !it.rows.Next() {
		it.Close()
		return false
	}
	if it.err = it.rows.Scan(&it.name); it.err != nil {
		it.Close()
		return false
	}
	return true
}

// Close closes.
func (it *nameIter) Close() {
	if it.rows != nil {
		_ = it.rows.Close()
	}
}

// okIterUsed closes what it iterates over.
func okIterUsed(ctx context.Context, db *sql.DB, out io.Writer) error {
	it, err := okIterUnchecked(ctx, db)
	if err != nil {
		return err
	}
	defer it.Close()
	w := bufio.NewWriter(out)
	for it.Next() {
		if _, err := w.WriteString(it.name); err != nil {
			return err
		}
	}
	return errors.Join(it.err, w.Flush())
}

// okReadCloser hides a transaction behind an io.ReadCloser.
func okReadCloser(ctx context.Context, pool *pgxpool.Pool, oid uint32) (io.ReadCloser, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	los := tx.LargeObjects()
	lo, err := los.Open(ctx, oid, pgx.LargeObjectModeRead)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback(ctx))
	}
	return &blob{LargeObject: lo, tx: tx}, nil
}

type blob struct {
	*pgx.LargeObject
	tx pgx.Tx
}

// Close ends the transaction too.
func (b *blob) Close() error {
	return errors.Join(b.LargeObject.Close(), b.tx.Rollback(context.Background()))
}

// okServeBlob closes the reader.
func okServeBlob(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rc, err := okReadCloser(r.Context(), pool, 1)
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		defer rc.Close()
		_, _ = io.Copy(w, rc)
	}
}

// Suite keeps its transaction between set-up and tear-down.
type Suite struct {
	db *sql.DB
	tx *sql.Tx
}

// okSetup begins.
func (s *Suite) okSetup() error {
	var err error
	s.tx, err = s.db.Begin()
	return err
}

// okTearDown ends.
func (s *Suite) okTearDown() error { return s.tx.Rollback() }

// okPoolOfConns lends connections by way of a channel and takes them back.
type okPoolOfConns struct{ idle chan *pgxpool.Conn }

// OkLend takes an idle one or acquires another.
func (p *okPoolOfConns) OkLend(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	select {
	case c := <-p.idle:
		return c, nil
	default:
		return pool.Acquire(ctx)
	}
}

// OkBack takes it back or releases it.
func (p *okPoolOfConns) OkBack(c *pgxpool.Conn) {
	select {
	case p.idle <- c:
	default:
		c.Release()
	}
}

// okLent gives it back.
func okLent(ctx context.Context, p *okPoolOfConns, pool *pgxpool.Pool) error {
	c, err := p.OkLend(ctx, pool)
	if err != nil {
		return err
	}
	defer p.OkBack(c)
	return c.Ping(ctx)
}

// okExpectError asserts that a query fails; there are no rows then.
func okExpectError(ctx context.Context, pool *pgxpool.Pool) {
	_, err := pool.Exec(ctx, "select 1/0")
	if err == nil {
		panic("want an error")
	}
}

// okConnector builds a connector; a driver's connections are the pool's.
func okConnector(ctx context.Context, c driver.Connector) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(4)
	return db
}

// fakeRows are rows of no database.
type fakeRows struct{ n int }

// Next counts.
func (f *fakeRows) Next() bool { f.n--; return f.n >= 0 }

// Close does nothing.
func (f *fakeRows) Close() error { return nil }

// fakeDB has the names of a database's methods, and none behind them.
type fakeDB struct{}

// Query returns fake rows.
func (fakeDB) Query(string) (*fakeRows, error) { return &fakeRows{n: 3}, nil }

// Begin begins nothing.
func (fakeDB) Begin() (*os.File, error) { return nil, os.ErrNotExist }

// okFake loses nothing of a database.
func okFake() (n int) {
	rows, err := fakeDB{}.Query("select")
	if err != nil {
		return 0
	}
	for rows.Next() {
		if n++; n == 2 {
			return n
		}
	}
	return n
}

// okDoubleClose closes early and again at the end.
func okDoubleClose(ctx context.Context, db *sql.DB) (names []string, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	return names, rows.Err()
}

// okMustValue panics by a function of its own on any error.
func okMustValue(ctx context.Context, pool *pgxpool.Pool) (n int) {
	conn := must(pool.Acquire(ctx))
	defer conn.Release()
	check(conn.QueryRow(ctx, "select count(*) from users").Scan(&n))
	return n
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// okCheckedByHelper has a check between all steps and a release at the end.
func okCheckedByHelper(ctx context.Context, pool *pgxpool.Pool) {
	tx, err := pool.Begin(ctx)
	check(err)
	_, err = tx.Exec(ctx, "delete from sessions")
	check(err)
	check(tx.Commit(ctx))
}

// okPassThroughVariadic hands several results on at once.
func okPassThroughVariadic(ctx context.Context, pool *pgxpool.Pool) (all []pgx.Rows, err error) {
	defer func() {
		if err != nil {
			for _, rows := range all {
				rows.Close()
			}
			all = nil
		}
	}()
	for _, q := range []string{listNames, "select name from teams"} {
		rows, err := pool.Query(ctx, q)
		if err != nil {
			return all, err
		}
		all = append(all, rows)
	}
	return all, nil
}

// okAllClosed closes them.
func okAllClosed(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	all, err := okPassThroughVariadic(ctx, pool)
	if err != nil {
		return 0, err
	}
	for _, rows := range all {
		defer rows.Close()
	}
	for _, rows := range all {
		if rows.Next() {
			n++
		}
	}
	return n, nil
}
