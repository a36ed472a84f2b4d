package probe

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DB interface with Begin returning own Tx interface (hexagonal)
type Tx interface {
	Exec(ctx context.Context, q string, args ...any) error
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type DB interface {
	Begin(ctx context.Context) (Tx, error)
}

type pgTx struct{ tx pgx.Tx }

func (t pgTx) Exec(ctx context.Context, q string, args ...any) error {
	_, err := t.tx.Exec(ctx, q, args...)
	return err
}

func (t pgTx) Commit(ctx context.Context) error { return t.tx.Commit(ctx) }

func (t pgTx) Rollback(ctx context.Context) error { return t.tx.Rollback(ctx) }

type pgDB struct{ pool *pgxpool.Pool }

func (d pgDB) Begin(ctx context.Context) (Tx, error) {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return pgTx{tx}, nil
}

func WithinTx(ctx context.Context, db DB, fn func(Tx) error) (err error) {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			if e := tx.Rollback(ctx); e != nil {
				err = fmt.Errorf("%w; rollback: %w", err, e)
			}
			return
		}
		if e := tx.Commit(ctx); e != nil {
			err = fmt.Errorf("commit: %w", e)
		}
	}()
	return fn(tx)
}

func okT30(ctx context.Context, d pgDB) error {
	return WithinTx(ctx, d, func(t Tx) error { return t.Exec(ctx, "x") })
}

func badT30(ctx context.Context, d DB) error {
	tx, err := d.Begin(ctx) // want "tx is not closed"
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// rollback ignoring in helper with variadic closers
func closeAll(cs ...io.Closer) {
	for _, c := range cs {
		_ = c.Close()
	}
}

func okS31(ctx context.Context, db *sql.DB) error {
	a, err := db.QueryContext(ctx, "a")
	if err != nil {
		return err
	}
	b, err := db.QueryContext(ctx, "b")
	if err != nil {
		closeAll(a)
		return err
	}
	defer closeAll(a, b)
	a.Next()
	b.Next()
	return nil
}

func badS31(ctx context.Context, db *sql.DB) error {
	a, err := db.QueryContext(ctx, "a") // want "a is not closed"
	if err != nil {
		return err
	}
	b, err := db.QueryContext(ctx, "b")
	if err != nil {
		return err
	}
	defer closeAll(a, b)
	a.Next()
	b.Next()
	return nil
}

// defer with a func-typed parameter: check(rows.Close)
func check(f func() error, err *error) {
	if e := f(); *err == nil {
		*err = e
	}
}

func okS32(ctx context.Context, db *sql.DB) (err error) {
	rows, err := db.QueryContext(ctx, "a")
	if err != nil {
		return err
	}
	defer check(rows.Close, &err)
	rows.Next()
	return nil
}

// returned closure that must be run, in a variable
func okS33(ctx context.Context, db *sql.DB) (next func() (string, bool), stop func(), err error) {
	rows, err := db.QueryContext(ctx, "a")
	if err != nil {
		return nil, nil, err
	}
	next = func() (string, bool) {
		if !rows.Next() {
			return "", false
		}
		var s string
		_ = rows.Scan(&s)
		return s, true
	}
	stop = func() { rows.Close() }
	return
}

func badS33(ctx context.Context, db *sql.DB) (string, error) {
	next, stop, err := okS33(ctx, db) // want "stop is not called"
	if err != nil {
		return "", err
	}
	s, ok := next()
	if !ok {
		return "", errors.New("none")
	}
	if s == "" {
		return "", errors.New("empty")
	}
	stop()
	return s, nil
}

// csv export, write errors
func badR34(ctx context.Context, p *pgxpool.Pool, w io.Writer) error {
	rows, err := p.Query(ctx, "select a,b from t") // want "rows is not closed"
	if err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			return err
		}
		if err := cw.Write([]string{a, b}); err != nil {
			return err
		}
	}
	cw.Flush()
	return errors.Join(rows.Err(), cw.Error())
}

func okR34(ctx context.Context, p *pgxpool.Pool, w io.Writer) error {
	rows, err := p.Query(ctx, "select a,b from t")
	if err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	for rows.Next() {
		var a, b string
		err := rows.Scan(&a, &b)
		if err == nil {
			err = cw.Write([]string{a, b})
		}
		if err != nil {
			rows.Close()
			return err
		}
	}
	cw.Flush()
	return errors.Join(rows.Err(), cw.Error())
}

// err captured in a variable and break; after the loop Close
func okS35(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "a")
	if err != nil {
		return 0, err
	}
	var scanErr error
	for rows.Next() {
		if scanErr = rows.Scan(&n); scanErr != nil {
			break
		}
	}
	if scanErr != nil {
		rows.Close()
		return 0, scanErr
	}
	return n, rows.Err()
}

func badS35(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, "a") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	var scanErr error
	for rows.Next() {
		if scanErr = rows.Scan(&n); scanErr != nil {
			break
		}
	}
	if scanErr == nil {
		rows.Close()
	}
	return n, scanErr
}

// bool found flag
func okR36(ctx context.Context, p *pgxpool.Pool, want string) (bool, error) {
	rows, err := p.Query(ctx, "a")
	if err != nil {
		return false, err
	}
	found := false
	for rows.Next() && !found {
		var s string
		if err := rows.Scan(&s); err != nil {
			return false, err
		}
		found = s == want
	}
	if found {
		rows.Close()
	}
	return found, rows.Err()
}

func badR36(ctx context.Context, p *pgxpool.Pool, want string) (bool, error) {
	rows, err := p.Query(ctx, "a") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	found := false
	for !found && rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return false, err
		}
		found = s == want
	}
	return found, rows.Err()
}
