// Package probe: small cases, each around one shape of code.
package probe

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type OpError struct{ Op string }

func (e *OpError) Error() string { return e.Op }

var ErrX = errors.New("x")

// an error result of a pointer type
func okS01(ctx context.Context, db *sql.DB) (bool, *OpError) {
	rows, err := db.QueryContext(ctx, "select 1")
	if err != nil {
		return false, &OpError{"query"}
	}
	if !rows.Next() {
		return false, &OpError{"next"}
	}
	rows.Close()
	return true, nil
}

// rows.Next has not been asked: nothing has closed the rows
func badS02(ctx context.Context, db *sql.DB, x bool) (bool, *OpError) {
	rows, err := db.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, &OpError{"query"}
	}
	if x {
		return false, &OpError{"next"}
	}
	rows.Close()
	return true, nil
}

// result struct
type QueryResult struct {
	Rows *sql.Rows
	Err  error
}

func run(ctx context.Context, db *sql.DB, q string) QueryResult {
	r, err := db.QueryContext(ctx, q)
	if err != nil {
		return QueryResult{Err: err}
	}
	return QueryResult{Rows: r}
}

func run2(ctx context.Context, db *sql.DB, q string) QueryResult {
	r, err := db.QueryContext(ctx, q)
	return QueryResult{r, err}
}

func run3(ctx context.Context, db *sql.DB, q string) *QueryResult {
	r, err := db.QueryContext(ctx, q)
	if err != nil {
		return &QueryResult{Err: err}
	}
	return &QueryResult{Rows: r}
}

func okS03(ctx context.Context, db *sql.DB) (bool, error) {
	res := run(ctx, db, "select 1")
	if res.Err != nil {
		return false, res.Err
	}
	defer res.Rows.Close()
	return res.Rows.Next(), nil
}

func okS04(ctx context.Context, db *sql.DB) (bool, error) {
	res := run2(ctx, db, "select 1")
	if res.Err != nil {
		return false, res.Err
	}
	defer res.Rows.Close()
	return res.Rows.Next(), nil
}

func okS05(ctx context.Context, db *sql.DB) (bool, error) {
	res := run3(ctx, db, "select 1")
	if res.Err != nil {
		return false, res.Err
	}
	defer res.Rows.Close()
	return res.Rows.Next(), nil
}

// ctx value
type k struct{}

func badT01(ctx context.Context, pool *pgxpool.Pool, fn func(context.Context) error) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := fn(context.WithValue(ctx, k{}, tx)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// slices
type Shards struct{ conns []*pgxpool.Conn }

func (s *Shards) Close() {
	for _, c := range s.conns {
		c.Release()
	}
}

func badA01(ctx context.Context, pools []*pgxpool.Pool) (*Shards, error) {
	s := &Shards{}
	for _, p := range pools {
		c, err := p.Acquire(ctx) // want "c is not released"
		if err != nil {
			return nil, err
		}
		s.conns = append(s.conns, c)
	}
	return s, nil
}

func badA02(ctx context.Context, pool *pgxpool.Pool, x bool) (*Shards, error) {
	s := &Shards{}
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	s.conns = append(s.conns, c)
	if x {
		return nil, ErrX
	}
	return s, nil
}

func badA03(ctx context.Context, pool *pgxpool.Pool) error {
	var cs []*pgxpool.Conn
	c, err := pool.Acquire(ctx) // want "c is never released"
	if err != nil {
		return err
	}
	cs = append(cs, c)
	_, err = cs[0].Exec(ctx, "x")
	return err
}

func badA04(ctx context.Context, pool *pgxpool.Pool) error {
	var cs []*pgxpool.Conn
	for range 3 {
		c, err := pool.Acquire(ctx) // want "c is never released"
		if err != nil {
			return err
		}
		cs = append(cs, c)
	}
	for _, c := range cs {
		_, _ = c.Exec(ctx, "x")
	}
	return nil
}

// lease
type Lease struct {
	Value int
	free  func()
}

func (l *Lease) Free() { l.free() }

func NewLease(ctx context.Context, pool *pgxpool.Pool) (*Lease, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &Lease{1, c.Release}, nil
}

func NewLease2(ctx context.Context, pool *pgxpool.Pool, load func(*pgxpool.Conn) (int, error)) (*Lease, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	v, err := load(c)
	if err != nil {
		c.Release()
		return nil, err
	}
	return &Lease{v, c.Release}, nil
}

type GLease[T any] struct {
	Value T
	free  func()
}

func (l *GLease[T]) Free() { l.free() }

func NewGLease[T any](ctx context.Context, pool *pgxpool.Pool, v T) (*GLease[T], error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &GLease[T]{v, c.Release}, nil
}

func badA05(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	l, err := NewLease(ctx, pool) // want "l is never closed"
	if err != nil {
		return 0, err
	}
	return l.Value, nil
}

func badA06(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	l, err := NewLease2(ctx, pool, func(*pgxpool.Conn) (int, error) { return 1, nil }) // want "l is never closed"
	if err != nil {
		return 0, err
	}
	return l.Value, nil
}

func badA07(ctx context.Context, pool *pgxpool.Pool) (int, error) {
	l, err := NewGLease(ctx, pool, 1) // want "l is never closed"
	if err != nil {
		return 0, err
	}
	return l.Value, nil
}

// scoped
type Q struct{ db interface{ Exec2() } }

type DBTX interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}

type Queries struct{ db DBTX }

func (q *Queries) WithTx(tx pgx.Tx) *Queries { return &Queries{db: tx} }

func (q *Queries) Get(ctx context.Context) (n int, err error) {
	err = q.db.QueryRow(ctx, "x").Scan(&n)
	return
}

type Scoped struct {
	*Queries
	tx pgx.Tx
}

type Scoped2 struct {
	q  *Queries
	tx pgx.Tx
}

type Scoped3 struct {
	tx pgx.Tx
}

func (s *Scoped) Done(ctx context.Context, err *error) {
	if *err != nil {
		_ = s.tx.Rollback(ctx)
		return
	}
	*err = s.tx.Commit(ctx)
}

func (s *Scoped2) Done(ctx context.Context, err *error) {
	if *err != nil {
		_ = s.tx.Rollback(ctx)
		return
	}
	*err = s.tx.Commit(ctx)
}

func (s *Scoped3) Done(ctx context.Context, err *error) {
	if *err != nil {
		_ = s.tx.Rollback(ctx)
		return
	}
	*err = s.tx.Commit(ctx)
}

func Scope(ctx context.Context, q *Queries, pool *pgxpool.Pool) (*Scoped, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Scoped{q.WithTx(tx), tx}, nil
}

func Scope2(ctx context.Context, q *Queries, pool *pgxpool.Pool) (*Scoped2, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Scoped2{q.WithTx(tx), tx}, nil
}

func Scope3(ctx context.Context, q *Queries, pool *pgxpool.Pool) (*Scoped3, error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Scoped3{tx}, nil
}

func badT06(ctx context.Context, q *Queries, pool *pgxpool.Pool) error {
	sc, err := Scope(ctx, q, pool) // want "sc is not closed"
	if err != nil {
		return err
	}
	if _, err = sc.Get(ctx); err != nil {
		return err
	}
	sc.Done(ctx, &err)
	return err
}

func badT07(ctx context.Context, q *Queries, pool *pgxpool.Pool) error {
	sc, err := Scope2(ctx, q, pool) // want "sc is not closed"
	if err != nil {
		return err
	}
	if _, err = sc.q.Get(ctx); err != nil {
		return err
	}
	sc.Done(ctx, &err)
	return err
}

func badT08(ctx context.Context, q *Queries, pool *pgxpool.Pool) error {
	sc, err := Scope3(ctx, q, pool) // want "sc is not closed"
	if err != nil {
		return err
	}
	if _, err = sc.tx.Exec(ctx, "x"); err != nil {
		return err
	}
	sc.Done(ctx, &err)
	return err
}

func badT09(ctx context.Context, q *Queries, pool *pgxpool.Pool) error {
	sc, err := Scope3(ctx, q, pool) // want "sc is not closed"
	if err != nil {
		return err
	}
	if _, e := sc.tx.Exec(ctx, "x"); e != nil {
		return e
	}
	sc.Done(ctx, &err)
	return err
}

func badT10(ctx context.Context, q *Queries, pool *pgxpool.Pool) error {
	sc, err := Scope(ctx, q, pool) // want "sc is not closed"
	if err != nil {
		return err
	}
	if _, e := sc.Get(ctx); e != nil {
		return e
	}
	return sc.tx.Commit(ctx)
}
