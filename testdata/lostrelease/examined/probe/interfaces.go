package probe

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

// sql wrapper types with own interface results
type SQLTx interface {
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	Commit() error
	Rollback() error
}

type loggedSQLTx struct {
	*sql.Tx
	log *slog.Logger
}

func (l loggedSQLTx) Commit() error {
	err := l.Tx.Commit()
	l.log.Info("commit", "err", err)
	return err
}

func beginLogged(ctx context.Context, db *sql.DB) (SQLTx, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return loggedSQLTx{tx, slog.Default()}, nil
}

func okT110(ctx context.Context, db *sql.DB) error {
	tx, err := beginLogged(ctx, db)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return tx.Commit()
}

func badT110(ctx context.Context, db *sql.DB) error {
	tx, err := beginLogged(ctx, db) // want "tx is not closed"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "x"); err != nil {
		return err
	}
	return tx.Commit()
}

type Rows interface {
	Next() bool
	Scan(...any) error
	Close() error
	Err() error
}

type countRows struct {
	*sql.Rows
	n int
}

func (c *countRows) Next() bool { c.n++; return c.Rows.Next() }

func q1(ctx context.Context, db *sql.DB) (Rows, error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return nil, err
	}
	return &countRows{Rows: rows}, nil
}

func q2(ctx context.Context, db *sql.DB) (Rows, error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func okS111(ctx context.Context, db *sql.DB) (n int, err error) {
	r, err := q1(ctx, db)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for r.Next() {
		n++
	}
	return n, r.Err()
}

func okS112(ctx context.Context, db *sql.DB) (n int, err error) {
	r, err := q1(ctx, db)
	if err != nil {
		return 0, err
	}
	for r.Next() {
		n++
	}
	return n, r.Err()
}

func okS113(ctx context.Context, db *sql.DB) (n int, err error) {
	r, err := q2(ctx, db)
	if err != nil {
		return 0, err
	}
	for r.Next() {
		n++
	}
	return n, r.Err()
}

func badS113(ctx context.Context, db *sql.DB) (n int, err error) {
	r, err := q2(ctx, db) // want "r is not closed"
	if err != nil {
		return 0, err
	}
	if r.Next() {
		n++
	}
	return n, r.Err()
}

func badS112(ctx context.Context, db *sql.DB) (n int, err error) {
	r, err := q1(ctx, db) // want "r is not closed"
	if err != nil {
		return 0, err
	}
	if r.Next() {
		n++
	}
	return n, r.Err()
}

// typed Row wrapper, sqlx
type Row interface{ Scan(...any) error }

func one(ctx context.Context, db *sqlx.DB) Row { return db.QueryRowxContext(ctx, "x") }

func okX114(ctx context.Context, db *sqlx.DB) (n int, err error) {
	err = one(ctx, db).Scan(&n)
	return
}

func badX114(ctx context.Context, db *sqlx.DB) { one(ctx, db) } // want "result of one is never scanned"

// two implementations, one interface, chosen at construction
type Engine interface {
	Query(ctx context.Context, q string) (Rows, error)
}

type sqlEngine struct{ db *sql.DB }

type memEngine struct{}

func (e sqlEngine) Query(ctx context.Context, q string) (Rows, error) {
	return e.db.QueryContext(ctx, q)
}

func (memEngine) Query(context.Context, string) (Rows, error) { return nil, errors.New("mem") }

func okS115(ctx context.Context, e Engine) (n int, err error) {
	r, err := e.Query(ctx, "x")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for r.Next() {
		if err := r.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, r.Err()
}

func badS115(ctx context.Context, e Engine) (n int, err error) {
	r, err := e.Query(ctx, "x") // want "r is not closed"
	if err != nil {
		return 0, err
	}
	for r.Next() {
		if err := r.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, r.Err()
}

// saga / steps
type step struct {
	do   func(context.Context, pgx.Tx) error
	name string
}

func okT116(ctx context.Context, p *pgxpool.Pool, steps []step) (err error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if err = s.do(ctx, tx); err != nil {
			err = fmt.Errorf("%s: %w", s.name, err)
			break
		}
	}
	if err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

func badT116(ctx context.Context, p *pgxpool.Pool, steps []step) (err error) {
	tx, err := p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	for _, s := range steps {
		if err = s.do(ctx, tx); err != nil {
			err = fmt.Errorf("%s: %w", s.name, err)
			break
		}
	}
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// begin in a method stored in a field by another method of the same struct, with error path
type Importer struct {
	p  *pgxpool.Pool
	tx pgx.Tx
}

func (i *Importer) open(ctx context.Context) (err error) {
	i.tx, err = i.p.Begin(ctx)
	return err
}

func (i *Importer) close(ctx context.Context, ok bool) error {
	if ok {
		return i.tx.Commit(ctx)
	}
	return i.tx.Rollback(ctx)
}

func (i *Importer) okT117(ctx context.Context) error {
	if err := i.open(ctx); err != nil {
		return err
	}
	_, err := i.tx.Exec(ctx, "x")
	return errors.Join(err, i.close(ctx, err == nil))
}

func badT118(ctx context.Context, p *pgxpool.Pool) error {
	i := &Importer{p: p}
	if err := i.open(ctx); err != nil { // want "i is not closed"
		return err
	}
	if _, err := i.tx.Exec(ctx, "x"); err != nil {
		return err
	}
	return i.close(ctx, true)
}

func okT118(ctx context.Context, p *pgxpool.Pool) error {
	i := &Importer{p: p}
	if err := i.open(ctx); err != nil {
		return err
	}
	_, err := i.tx.Exec(ctx, "x")
	return errors.Join(err, i.close(ctx, err == nil))
}

// constructor with wire cleanup
func ProvideDB(dsn string) (*sql.DB, func(), error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, nil, err
	}
	return db, func() { _ = db.Close() }, nil
}

func badS119(dsn string) (*sql.DB, func(), error) {
	db, cleanup, err := ProvideDB(dsn) // want "db is not closed"
	if err != nil {
		return nil, nil, err
	}
	if err := db.Ping(); err != nil {
		return nil, nil, err
	}
	return db, cleanup, nil
}

func okS119(dsn string) (*sql.DB, func(), error) {
	db, cleanup, err := ProvideDB(dsn)
	if err != nil {
		return nil, nil, err
	}
	if err := db.Ping(); err != nil {
		cleanup()
		return nil, nil, err
	}
	return db, func() { slog.Info("closing"); cleanup() }, nil
}

// select with default acquire; semaphore
func okA120(ctx context.Context, p *pgxpool.Pool, sem chan struct{}) error {
	select {
	case sem <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	c, err := p.Acquire(ctx)
	if err != nil {
		<-sem
		return err
	}
	defer func() { c.Release(); <-sem }()
	return c.Ping(ctx)
}

// defers in a conditional block; second error var
func okA121(ctx context.Context, p *pgxpool.Pool, own bool, c *pgxpool.Conn) error {
	if own || c == nil {
		var err error
		c, err = p.Acquire(ctx)
		if err != nil {
			return err
		}
		defer c.Release()
	}
	return c.Ping(ctx)
}

func badA121(ctx context.Context, p *pgxpool.Pool, own bool, c *pgxpool.Conn) error {
	if own || c == nil {
		var err error
		c, err = p.Acquire(ctx) // want "c is never released"
		if err != nil {
			return err
		}
	}
	return c.Ping(ctx)
}

// Stmt kept per-struct in a closure
func okS122(ctx context.Context, db *sql.DB) (func(context.Context, int) error, func() error, error) {
	st, err := db.PrepareContext(ctx, "x")
	if err != nil {
		return nil, nil, err
	}
	return func(ctx context.Context, n int) error { _, err := st.ExecContext(ctx, n); return err }, st.Close, nil
}
