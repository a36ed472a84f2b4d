package probe

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// TxKey is the key of a tx in a context.
type TxKey struct{}

type SR struct{ pool *pgxpool.Pool }

// conn from ctx's tx or acquired; release is a no-op for a tx.
func (s *SR) conn(ctx context.Context) (querier, func(), error) {
	if tx, ok := ctx.Value(TxKey{}).(pgx.Tx); ok {
		return tx, func() {}, nil
	}
	c, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("acquire: %w", err)
	}
	return c, c.Release, nil
}

func (s *SR) okA90(ctx context.Context) error {
	q, release, err := s.conn(ctx)
	if err != nil {
		return err
	}
	defer release()
	_, err = q.Exec(ctx, "x")
	return err
}

func (s *SR) badA90(ctx context.Context) error {
	q, release, err := s.conn(ctx) // want "q is not released"
	if err != nil {
		return err
	}
	if _, err = q.Exec(ctx, "x"); err != nil {
		return err
	}
	release()
	return nil
}

// db handle chosen: tx or pool, as one interface
func (s *SR) db(ctx context.Context) querier {
	if tx, ok := ctx.Value(TxKey{}).(pgx.Tx); ok {
		return tx
	}
	return s.pool
}

func (s *SR) okR91(ctx context.Context) ([]string, error) {
	rows, err := s.db(ctx).Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (s *SR) badR91(ctx context.Context) (bool, error) {
	rows, err := s.db(ctx).Query(ctx, "x") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

func (s *SR) badR92(ctx context.Context) {
	s.db(ctx).QueryRow(ctx, "select pg_notify('a','b')") // want "result of QueryRow is never scanned"
}

// type-asserted closers
func okS93(ctx context.Context, db *sql.DB) (err error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return err
	}
	var v any = rows
	if c, ok := v.(io.Closer); ok {
		defer c.Close()
	}
	return nil
}

// processing in a loop with a func that takes and closes
func consume(rows *sql.Rows, sink func(string) error) (err error) {
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		if err := sink(s); err != nil {
			return err
		}
	}
	return rows.Err()
}

func okS94(ctx context.Context, db *sql.DB) {
	for ctx.Err() == nil {
		rows, err := db.QueryContext(ctx, "x")
		if err != nil {
			log.Print(err)
			time.Sleep(time.Second)
			continue
		}
		if err := consume(rows, func(string) error { return nil }); err != nil {
			log.Print(err)
		}
	}
}

// interface param; method of an interface of ours closes it
type RowReader interface{ ReadAll(rows *sql.Rows) error }

type jsonReader struct{ w io.Writer }

func (j jsonReader) ReadAll(rows *sql.Rows) error {
	return consume(rows, func(s string) error { _, err := io.Copy(j.w, strings.NewReader(s)); return err })
}

func okS95(ctx context.Context, db *sql.DB, rr RowReader) error {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return err
	}
	return rr.ReadAll(rows)
}

// pool with atomic swap
type Swapper struct {
	mu   sync.RWMutex
	pool *pgxpool.Pool
}

func (s *Swapper) okA96(ctx context.Context, dsn string) error {
	np, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	if err := np.Ping(ctx); err != nil {
		np.Close()
		return err
	}
	s.mu.Lock()
	old := s.pool
	s.pool = np
	s.mu.Unlock()
	if old != nil {
		go func() { time.Sleep(time.Minute); old.Close() }()
	}
	return nil
}

func (s *Swapper) badA96(ctx context.Context, dsn string) error {
	np, err := pgxpool.New(ctx, dsn) // want "np is not closed"
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool != nil {
		return errors.New("already set")
	}
	s.pool = np
	return nil
}

// traced row: own type with embedded and Err
type tracedRows struct {
	pgx.Rows
	end func(error)
}

func (t *tracedRows) Close() { t.Rows.Close(); t.end(t.Rows.Err()) }

type tracedDB struct{ q querier }

func (t *tracedDB) Query(ctx context.Context, s string, a ...any) (pgx.Rows, error) {
	rows, err := t.q.Query(ctx, s, a...)
	if err != nil {
		return rows, err
	}
	return &tracedRows{rows, func(error) {}}, nil
}

func okR97(ctx context.Context, p *pgxpool.Pool) ([]string, error) {
	t := &tracedDB{p}
	rows, err := t.Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func okR98(ctx context.Context, p *pgxpool.Pool) (out []string, err error) {
	rows, err := (&tracedDB{p}).Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

func badR98(ctx context.Context, p *pgxpool.Pool) (bool, error) {
	rows, err := (&tracedDB{p}).Query(ctx, "x") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	if rows.Next() {
		return true, nil
	}
	return false, nil
}

type tracedTx struct {
	pgx.Tx
	end func()
}

func (t *tracedTx) Commit(ctx context.Context) error { defer t.end(); return t.Tx.Commit(ctx) }

func (t *tracedTx) Rollback(ctx context.Context) error { defer t.end(); return t.Tx.Rollback(ctx) }

func beginTraced(ctx context.Context, p *pgxpool.Pool) (pgx.Tx, error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &tracedTx{tx, func() {}}, nil
}

func okT99(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := beginTraced(ctx, p)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func badT99(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := beginTraced(ctx, p) // want "tx is not closed"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
