// Package cursor: iterators, streams and iter.Seq2.
package cursor

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"iter"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var ErrDone = errors.New("iterator done")

type Tuple struct{ K, V string }

// Iterator is OpenFGA's: Next until ErrDone, Stop gives the rows back.
type Iterator interface {
	Next(ctx context.Context) (Tuple, error)
	Stop()
}

type sqlIterator struct {
	rows *sql.Rows
	once sync.Once
	err  error
}

func (it *sqlIterator) Next(ctx context.Context) (Tuple, error) {
	if !it.rows.Next() {
		if err := it.rows.Err(); err != nil {
			return Tuple{}, err
		}
		return Tuple{}, ErrDone
	}
	var t Tuple
	err := it.rows.Scan(&t.K, &t.V)
	return t, err
}

func (it *sqlIterator) Stop() {
	it.once.Do(func() { it.err = it.rows.Close() })
}

type DS struct{ db *sql.DB }

func (d *DS) Read(ctx context.Context, k string) (Iterator, error) {
	rows, err := d.db.QueryContext(ctx, "select k, v from tuples where k=$1", k)
	if err != nil {
		return nil, err
	}
	return &sqlIterator{rows: rows}, nil
}

// openfga/openfga#120 and #113.
func (d *DS) badS201HasAny(ctx context.Context, k string) (bool, error) {
	it, err := d.Read(ctx, k) // want "it is not closed"
	if err != nil {
		return false, err
	}
	_, err = it.Next(ctx)
	if errors.Is(err, ErrDone) {
		return false, nil
	}
	return err == nil, err
}

func (d *DS) okS201HasAny(ctx context.Context, k string) (bool, error) {
	it, err := d.Read(ctx, k)
	if err != nil {
		return false, err
	}
	defer it.Stop()
	_, err = it.Next(ctx)
	if errors.Is(err, ErrDone) {
		return false, nil
	}
	return err == nil, err
}

// openfga/openfga#2425: iterator of a second read is dropped when the first fails.
type combined struct{ its []Iterator }

func (c *combined) Next(ctx context.Context) (Tuple, error) {
	for len(c.its) > 0 {
		t, err := c.its[0].Next(ctx)
		if errors.Is(err, ErrDone) {
			c.its[0].Stop()
			c.its = c.its[1:]
			continue
		}
		return t, err
	}
	return Tuple{}, ErrDone
}

func (c *combined) Stop() {
	for _, it := range c.its {
		it.Stop()
	}
}

func (d *DS) badS202Both(ctx context.Context, a, b string) (Iterator, error) {
	ia, err := d.Read(ctx, a) // want "ia is not closed"
	if err != nil {
		return nil, err
	}
	ib, err := d.Read(ctx, b)
	if err != nil {
		return nil, err
	}
	return &combined{[]Iterator{ia, ib}}, nil
}

func (d *DS) okS202Both(ctx context.Context, a, b string) (Iterator, error) {
	ia, err := d.Read(ctx, a)
	if err != nil {
		return nil, err
	}
	ib, err := d.Read(ctx, b)
	if err != nil {
		ia.Stop()
		return nil, err
	}
	return &combined{[]Iterator{ia, ib}}, nil
}

// iter.Seq2 that closes on every exit.
func All(ctx context.Context, pool *pgxpool.Pool) iter.Seq2[Tuple, error] {
	return func(yield func(Tuple, error) bool) {
		rows, err := pool.Query(ctx, "select k, v from tuples")
		if err != nil {
			yield(Tuple{}, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var t Tuple
			err := rows.Scan(&t.K, &t.V)
			if !yield(t, err) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Tuple{}, err)
		}
	}
}

func okR201RangeAll(ctx context.Context, pool *pgxpool.Pool) (Tuple, error) {
	for t, err := range All(ctx, pool) {
		if err != nil {
			return Tuple{}, err
		}
		if t.K == "x" {
			return t, nil
		}
	}
	return Tuple{}, ErrDone
}

// The consumer's break ends the function before Next is false.
func badR202Seq(ctx context.Context, pool *pgxpool.Pool) iter.Seq2[Tuple, error] {
	return func(yield func(Tuple, error) bool) {
		rows, err := pool.Query(ctx, "select k, v from tuples") // want "rows is not closed"
		if err != nil {
			yield(Tuple{}, err)
			return
		}
		for rows.Next() {
			var t Tuple
			err := rows.Scan(&t.K, &t.V)
			if !yield(t, err) {
				return
			}
		}
		rows.Close()
	}
}

func okR202Seq(ctx context.Context, pool *pgxpool.Pool) iter.Seq2[Tuple, error] {
	return func(yield func(Tuple, error) bool) {
		rows, err := pool.Query(ctx, "select k, v from tuples")
		if err != nil {
			yield(Tuple{}, err)
			return
		}
		for rows.Next() {
			var t Tuple
			err := rows.Scan(&t.K, &t.V)
			if !yield(t, err) {
				rows.Close()
				return
			}
		}
	}
}

// Rows as an iter.Seq: the loop body's early return leaves the rows to the caller, who has no defer.
func each(rows *sql.Rows) iter.Seq[string] {
	return func(yield func(string) bool) {
		for rows.Next() {
			var s string
			if rows.Scan(&s) != nil || !yield(s) {
				return
			}
		}
	}
}

func badS203RangeBorrowing(ctx context.Context, db *sql.DB, want string) (bool, error) {
	rows, err := db.QueryContext(ctx, "select k from tuples") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	for s := range each(rows) {
		if s == want {
			return true, nil
		}
	}
	return false, rows.Close()
}

func okS203RangeBorrowing(ctx context.Context, db *sql.DB, want string) (bool, error) {
	rows, err := db.QueryContext(ctx, "select k from tuples")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for s := range each(rows) {
		if s == want {
			return true, nil
		}
	}
	return false, nil
}

// iter.Pull: stop runs the iterator's defer.
func okR203Pull(ctx context.Context, pool *pgxpool.Pool) (Tuple, bool) {
	next, stop := iter.Pull2(All(ctx, pool))
	defer stop()
	t, err, ok := next()
	return t, ok && err == nil
}

// A server-side cursor: the transaction lives as long as the reader.
type Reader struct {
	ctx  context.Context
	tx   pgx.Tx
	name string
	buf  []string
}

var _ io.Closer = (*Reader)(nil)

func (r *Reader) Close() error {
	if r.tx == nil {
		return nil
	}
	tx := r.tx
	r.tx = nil
	return tx.Rollback(r.ctx)
}

func (r *Reader) fill() error {
	rows, err := r.tx.Query(r.ctx, "fetch 100 from "+r.name)
	if err != nil {
		return err
	}
	r.buf, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

func badT301OpenReader(ctx context.Context, pool *pgxpool.Pool, name string) (*Reader, error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}) // want "tx is neither committed nor rolled back"
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "declare "+name+" cursor for select k from tuples"); err != nil {
		return nil, err
	}
	return &Reader{ctx: ctx, tx: tx, name: name}, nil
}

func okT301OpenReader(ctx context.Context, pool *pgxpool.Pool, name string) (_ *Reader, err error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	r := &Reader{ctx: ctx, tx: tx, name: name}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	if _, err = tx.Exec(ctx, "declare "+name+" cursor for select k from tuples"); err != nil {
		return nil, err
	}
	return r, nil
}

func badT302ReaderUser(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	r, err := okT301OpenReader(ctx, pool, "c1") // want "r is not closed"
	if err != nil {
		return nil, err
	}
	if err := r.fill(); err != nil {
		return nil, err
	}
	return r.buf, r.Close()
}

func okT302ReaderUser(ctx context.Context, pool *pgxpool.Pool) (_ []string, err error) {
	r, err := okT301OpenReader(ctx, pool, "c1")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	if err := r.fill(); err != nil {
		return nil, err
	}
	return r.buf, nil
}

// Given to a generic closer helper.
func closeQuietly(c io.Closer) { _ = c.Close() }

func okS204IoCloser(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer closeQuietly(rows)
	return rows.Next(), rows.Err()
}

func okT303ReaderIoCloser(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	r, err := okT301OpenReader(ctx, pool, "c2")
	if err != nil {
		return nil, err
	}
	defer closeQuietly(r)
	err = r.fill()
	return r.buf, err
}
