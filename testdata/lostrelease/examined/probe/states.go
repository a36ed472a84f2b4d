package probe

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

// conn pinned in ctx by middleware; helper decides
type cKey struct{}

func with(ctx context.Context, p *pgxpool.Pool) (context.Context, func(), error) {
	c, err := p.Acquire(ctx)
	if err != nil {
		return ctx, nil, err
	}
	return context.WithValue(ctx, cKey{}, c), c.Release, nil
}

func okA76(ctx context.Context, p *pgxpool.Pool, fn func(context.Context) error) error {
	ctx, rel, err := with(ctx, p)
	if err != nil {
		return err
	}
	defer rel()
	return fn(ctx)
}

func badA76(ctx context.Context, p *pgxpool.Pool, fn func(context.Context) error) error {
	ctx, rel, err := with(ctx, p) // want "rel is not called"
	if err != nil {
		return err
	}
	if err := fn(ctx); err != nil {
		return err
	}
	rel()
	return nil
}

// Rows type switch
func closeAny(v any) {
	switch r := v.(type) {
	case *sql.Rows:
		r.Close()
	case pgx.Rows:
		r.Close()
	case interface{ Release() }:
		r.Release()
	}
}

func okS77(ctx context.Context, db *sql.DB) bool {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return false
	}
	defer closeAny(rows)
	return rows.Next()
}

func okR77(ctx context.Context, p *pgxpool.Pool) bool {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return false
	}
	defer closeAny(rows)
	return rows.Next()
}

func okA77(ctx context.Context, p *pgxpool.Pool) error {
	c, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	defer closeAny(c)
	return c.Ping(ctx)
}

// loops closing previous
func okR78(ctx context.Context, p *pgxpool.Pool, qs []string) error {
	var cur pgx.Rows
	for _, q := range qs {
		if cur != nil {
			cur.Close()
		}
		rows, err := p.Query(ctx, q)
		if err != nil {
			return err
		}
		cur = rows
		cur.Next()
	}
	if cur != nil {
		cur.Close()
	}
	return nil
}

func okR79(ctx context.Context, p *pgxpool.Pool) (out []int, err error) {
	var last int
	for {
		rows, err := p.Query(ctx, "select id from t where id>$1 limit 100", last)
		if err != nil {
			return nil, err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int])
		if err != nil {
			return nil, err
		}
		if len(ids) == 0 {
			return out, nil
		}
		out = append(out, ids...)
		last = ids[len(ids)-1]
	}
}

// embedded *sql.Tx wrapper, exported factory & store in map, removed on end
type Sessions struct {
	mu sync.Mutex
	m  map[string]*sql.Tx
	db *sql.DB
}

func (s *Sessions) okT80(ctx context.Context, id string) error {
	tx, err := s.db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.m[id] = tx
	s.mu.Unlock()
	return nil
}

func (s *Sessions) End(id string, ok bool) error {
	s.mu.Lock()
	tx := s.m[id]
	delete(s.m, id)
	s.mu.Unlock()
	if ok {
		return tx.Commit()
	}
	return tx.Rollback()
}

// sqlx get or begin with interface
type ext interface {
	sqlx.ExtContext
}

func runner(tx *sqlx.Tx, db *sqlx.DB) ext {
	if tx != nil {
		return tx
	}
	return db
}

func okX81(ctx context.Context, tx *sqlx.Tx, db *sqlx.DB) (n int, err error) {
	err = runner(tx, db).QueryRowxContext(ctx, "x").Scan(&n)
	return
}

func badX81(ctx context.Context, tx *sqlx.Tx, db *sqlx.DB) (bool, error) {
	rows, err := runner(tx, db).QueryxContext(ctx, "x") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// test poll until
func okA82(ctx context.Context, dsn string) (p *pgxpool.Pool, err error) {
	for i := 0; i < 5; i++ {
		if p, err = pgxpool.New(ctx, dsn); err != nil {
			continue
		}
		if err = p.Ping(ctx); err == nil {
			return p, nil
		}
		p.Close()
		time.Sleep(time.Second)
	}
	return nil, fmt.Errorf("gave up: %w", err)
}

func okS83(dsn string) (db *sql.DB, err error) {
	db, err = sql.Open("pgx", dsn)
	if err != nil {
		return
	}
	defer func() {
		if err != nil {
			_ = db.Close()
			db = nil
		}
	}()
	err = db.Ping()
	return
}

// row in a struct field
type lookup struct {
	row pgx.Row
	err error
}

func (l *lookup) Int() (n int) { l.err = l.row.Scan(&n); return }

func okR84(ctx context.Context, p *pgxpool.Pool) (int, error) {
	l := &lookup{row: p.QueryRow(ctx, "x")}
	n := l.Int()
	return n, l.err
}

func look(ctx context.Context, p *pgxpool.Pool) *lookup {
	return &lookup{row: p.QueryRow(ctx, "x")}
}

func okR85(ctx context.Context, p *pgxpool.Pool) (int, error) {
	l := look(ctx, p)
	n := l.Int()
	return n, l.err
}

func badR85(ctx context.Context, p *pgxpool.Pool, x bool) (int, error) {
	l := look(ctx, p) // want "l is not scanned"
	if x {
		return 0, nil
	}
	n := l.Int()
	return n, l.err
}

// struct copy
type holder struct{ rows *sql.Rows }

func (h holder) Close() error { return h.rows.Close() }

func okS86(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return err
	}
	a := holder{rows}
	b := a
	defer b.Close()
	return nil
}

func okS87(ctx context.Context, db *sql.DB) (h holder, err error) {
	h.rows, err = db.QueryContext(ctx, "x")
	if err != nil {
		return holder{}, err
	}
	return h, nil
}

func badS87(ctx context.Context, db *sql.DB) error {
	h, err := okS87(ctx, db) // want "h is not closed"
	if err != nil {
		return err
	}
	if !h.rows.Next() {
		return errors.New("none")
	}
	var s string
	return h.rows.Scan(&s)
}

func okA89(ctx context.Context, p *pgxpool.Pool) error {
	return func() (err error) {
		c, err := p.Acquire(ctx)
		if err != nil {
			return
		}
		defer func(c *pgxpool.Conn) { c.Release() }(c)
		return c.Ping(ctx)
	}()
}
