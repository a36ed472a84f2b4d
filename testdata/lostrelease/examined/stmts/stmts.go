// Package stmts: prepared statements and their caches, migrations, health checks and lost pools.
package stmts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/lib/pq"
)

type Cache struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt
	db *sql.DB
}

func (c *Cache) okS701Get(ctx context.Context, q string) (*sql.Stmt, error) {
	c.mu.RLock()
	st, ok := c.m[q]
	c.mu.RUnlock()
	if ok {
		return st, nil
	}
	st, err := c.db.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.m[q]; ok {
		st.Close()
		return old, nil
	}
	c.m[q] = st
	return st, nil
}

// The race loser's statement is dropped.
func (c *Cache) badS701Get(ctx context.Context, q string) (*sql.Stmt, error) {
	st, err := c.db.PrepareContext(ctx, q) // want "st is not closed"
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.m[q]; ok {
		return old, nil
	}
	c.m[q] = st
	return st, nil
}

// Cached statements are borrowed: nothing to close.
func (c *Cache) okS702Exec(ctx context.Context, q string) error {
	st, err := c.okS701Get(ctx, q)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}

func (c *Cache) okS703List(ctx context.Context, q string) (n int, err error) {
	st, err := c.okS701Get(ctx, q)
	if err != nil {
		return 0, err
	}
	rows, err := st.QueryContext(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (c *Cache) badS703List(ctx context.Context, q string) (n int, err error) {
	st, err := c.okS701Get(ctx, q)
	if err != nil {
		return 0, err
	}
	rows, err := st.QueryContext(ctx) // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&n)
	}
	return n, err
}

func (c *Cache) Close() error {
	var errs error
	for _, st := range c.m {
		errs = errors.Join(errs, st.Close())
	}
	return errs
}

func badS704StmtInLoop(ctx context.Context, db *sql.DB, names []string) error {
	for _, n := range names {
		st, err := db.PrepareContext(ctx, "insert into t values($1)") // want "st is not closed"
		if err != nil {
			return err
		}
		if _, err := st.ExecContext(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func okS704StmtOnce(ctx context.Context, db *sql.DB, names []string) (err error) {
	st, err := db.PrepareContext(ctx, "insert into t values($1)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	for _, n := range names {
		if _, err := st.ExecContext(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// Statement of a transaction: Commit and Rollback close it.
func okS705TxStmt(ctx context.Context, db *sql.DB, names []string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	st, err := tx.PrepareContext(ctx, pq.CopyIn("t", "name"))
	if err != nil {
		return err
	}
	for _, n := range names {
		if _, err := st.ExecContext(ctx, n); err != nil {
			return err
		}
	}
	if _, err := st.ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

func badS705StmtRows(ctx context.Context, db *sql.DB) (bool, error) {
	st, err := db.PrepareContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer st.Close()
	rows, err := st.QueryContext(ctx) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// statements of a constructor; the second Prepare fails
type repo struct{ get, list *sql.Stmt }

func (r *repo) Close() error { return errors.Join(r.get.Close(), r.list.Close()) }

func badS706NewRepo(ctx context.Context, db *sql.DB) (*repo, error) {
	get, err := db.PrepareContext(ctx, "select 1") // want "get is not closed"
	if err != nil {
		return nil, err
	}
	list, err := db.PrepareContext(ctx, "select 2")
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	return &repo{get, list}, nil
}

func okS706NewRepo(ctx context.Context, db *sql.DB) (*repo, error) {
	get, err := db.PrepareContext(ctx, "select 1")
	if err != nil {
		return nil, err
	}
	list, err := db.PrepareContext(ctx, "select 2")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("list: %w", err), get.Close())
	}
	return &repo{get, list}, nil
}

var pkgStmt *sql.Stmt

func okS707PackageVar(db *sql.DB) (err error) {
	pkgStmt, err = db.Prepare("select 1")
	return err
}

// Migrations
func badS708Migrate(ctx context.Context, db *sql.DB, fsys fs.FS) error {
	conn, err := db.Conn(ctx) // want "conn is not closed"
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(42)"); err != nil {
		conn.Close()
		return err
	}
	files, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return err
	}
	for _, f := range files {
		src, err := fs.ReadFile(fsys, f)
		if err != nil {
			conn.Close()
			return err
		}
		if _, err := conn.ExecContext(ctx, string(src)); err != nil {
			conn.Close()
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return conn.Close()
}

func okS708Migrate(ctx context.Context, db *sql.DB, fsys fs.FS) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(42)"); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, "select pg_advisory_unlock(42)")
	files, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return err
	}
	for _, f := range files {
		src, err := fs.ReadFile(fsys, f)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, string(src)); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

// golang-migrate/migrate#1366: WithInstance keeps the connection, its error path doesn't.
type Driver struct {
	conn *sql.Conn
	name string
}

func (d *Driver) Close() error { return d.conn.Close() }

func badS709WithInstance(ctx context.Context, db *sql.DB) (*Driver, error) {
	if err := db.PingContext(ctx); err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx) // want "conn is not closed"
	if err != nil {
		return nil, err
	}
	d := &Driver{conn: conn}
	if err := conn.QueryRowContext(ctx, "select current_database()").Scan(&d.name); err != nil {
		return nil, err
	}
	if d.name == "" {
		return nil, errors.New("no database name")
	}
	return d, nil
}

func okS709WithInstance(ctx context.Context, db *sql.DB) (*Driver, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	d := &Driver{conn: conn}
	if err := conn.QueryRowContext(ctx, "select current_database()").Scan(&d.name); err != nil {
		_ = conn.Close()
		return nil, err
	}
	if d.name == "" {
		_ = d.Close()
		return nil, errors.New("no database name")
	}
	return d, nil
}

func badS710DriverUser(ctx context.Context, db *sql.DB) (string, error) {
	d, err := okS709WithInstance(ctx, db) // want "d is never closed"
	if err != nil {
		return "", err
	}
	return d.name, nil
}
