package probe

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lifecycles
type Hook struct{ OnStart, OnStop func(context.Context) error }

type Lifecycle interface{ Append(Hook) }

func okA60(lc Lifecycle, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		return nil, err
	}
	lc.Append(Hook{OnStart: pool.Ping, OnStop: func(context.Context) error { pool.Close(); return nil }})
	return pool, nil
}

type App struct{ onStop []func() error }

func (a *App) Defer(f func() error) { a.onStop = append(a.onStop, f) }

func (a *App) Stop() (err error) {
	for _, f := range a.onStop {
		err = errors.Join(err, f())
	}
	return
}

func (a *App) okS61(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	a.Defer(db.Close)
	if err := db.Ping(); err != nil {
		return err
	}
	return nil
}

// closers as a slice of io.Closer local
func okS62(ctx context.Context, db *sql.DB, qs []string) (err error) {
	var closers []io.Closer
	defer func() {
		for _, c := range closers {
			err = errors.Join(err, c.Close())
		}
	}()
	for _, q := range qs {
		rows, err := db.QueryContext(ctx, q)
		if err != nil {
			return err
		}
		closers = append(closers, rows)
		rows.Next()
	}
	return nil
}

type multiCloser []io.Closer

func (m multiCloser) Close() (err error) {
	for _, c := range m {
		err = errors.Join(err, c.Close())
	}
	return
}

func okS63(ctx context.Context, db *sql.DB) error {
	a, err := db.QueryContext(ctx, "a")
	if err != nil {
		return err
	}
	b, err := db.QueryContext(ctx, "b")
	if err != nil {
		a.Close()
		return err
	}
	defer multiCloser{a, b}.Close()
	return nil
}

func okS64(ctx context.Context, db *sql.DB) (io.Closer, *sql.Rows, error) {
	a, err := db.QueryContext(ctx, "a")
	if err != nil {
		return nil, nil, err
	}
	return multiCloser{a}, a, nil
}

// rows in a reader with pipe
func okR65(ctx context.Context, p *pgxpool.Pool) (io.ReadCloser, error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	pr, pw := io.Pipe()
	go func() {
		defer rows.Close()
		for rows.Next() {
			var b []byte
			if err := rows.Scan(&b); err != nil {
				pw.CloseWithError(err)
				return
			}
			if _, err := pw.Write(b); err != nil {
				return
			}
		}
		pw.CloseWithError(rows.Err())
	}()
	return pr, nil
}

// tx with deferred func variable
func okT66(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	end := tx.Rollback
	defer func() { _ = end(ctx) }()
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	end = tx.Commit
	return nil
}

// switch on type of error before nil check
func okR67(ctx context.Context, p *pgxpool.Pool) (int, error) {
	rows, err := p.Query(ctx, "x")
	switch e := err.(type) {
	case nil:
	case interface{ Timeout() bool }:
		return 0, fmt.Errorf("timeout %v", e.Timeout())
	default:
		return 0, err
	}
	return pgx.CollectOneRow(rows, pgx.RowTo[int])
}

// the error check is in a helper
func failed(err error) bool { return err != nil }

func okS68(ctx context.Context, db *sql.DB) bool {
	rows, err := db.QueryContext(ctx, "x")
	if failed(err) {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

func logIf(err error) bool {
	if err != nil {
		log.Print(err)
		return true
	}
	return false
}

func okS69(ctx context.Context, db *sql.DB) bool {
	rows, err := db.QueryContext(ctx, "x")
	if logIf(err) {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

func okS70(ctx context.Context, db *sql.DB) (ok bool) {
	rows, err := db.QueryContext(ctx, "x")
	hadErr := err != nil
	if hadErr {
		return false
	}
	ok = rows.Next()
	rows.Close()
	return
}

func checkErr(err error) {
	if err != nil {
		panic(err)
	}
}

func okS71(ctx context.Context, db *sql.DB) (ok bool) {
	rows, err := db.QueryContext(ctx, "x")
	checkErr(err)
	defer rows.Close()
	return rows.Next()
}

func mapErr(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrX
	case err != nil:
		return fmt.Errorf("db: %w", err)
	}
	return nil
}

func okS72(ctx context.Context, db *sql.DB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, "x")
	if err := mapErr(err); err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

func okS73(ctx context.Context, db *sql.DB) (ok bool, err error) {
	var rows *sql.Rows
	if rows, err = db.QueryContext(ctx, "x"); mapErr(err) != nil {
		return
	}
	defer rows.Close()
	return rows.Next(), nil
}

// tx struct with state enum
type state int

const (
	open state = iota
	done
)

type STx struct {
	tx *sql.Tx
	st state
}

func (s *STx) Commit() error {
	if s.st == done {
		return nil
	}
	s.st = done
	return s.tx.Commit()
}

func (s *STx) Rollback() error {
	if s.st == done {
		return nil
	}
	s.st = done
	return s.tx.Rollback()
}

func BeginS(ctx context.Context, db *sql.DB) (*STx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &STx{tx: tx}, nil
}

func okT74(ctx context.Context, db *sql.DB) error {
	s, err := BeginS(ctx, db)
	if err != nil {
		return err
	}
	defer s.Rollback()
	if _, err := s.tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return s.Commit()
}

func badT74(ctx context.Context, db *sql.DB) error {
	s, err := BeginS(ctx, db) // want "s is not closed"
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return s.Commit()
}

// nested depth-counted tx
type Nested struct {
	tx    pgx.Tx
	depth int
}

func (n *Nested) Commit(ctx context.Context) error {
	n.depth--
	if n.depth > 0 {
		return nil
	}
	return n.tx.Commit(ctx)
}

func (n *Nested) Rollback(ctx context.Context) error {
	if n.depth <= 0 {
		return nil
	}
	n.depth = 0
	return n.tx.Rollback(ctx)
}

func okT75(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	n := &Nested{tx, 1}
	defer n.Rollback(ctx)
	if _, err := n.tx.Exec(ctx, "x"); err != nil {
		return err
	}
	return n.Commit(ctx)
}
