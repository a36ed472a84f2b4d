package pgrepo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/examined/domain"
)

var (
	_ domain.UserRepo       = (*Repo)(nil)
	_ domain.UserCursor     = (*cursor)(nil)
	_ domain.SessionFactory = (*Repo)(nil)
)

type db interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

type Repo struct {
	pool *pgxpool.Pool
	db   db
}

func New(pool *pgxpool.Pool) *Repo { return &Repo{pool: pool, db: pool} }

func (r *Repo) Get(ctx context.Context, id int64) (*domain.User, error) {
	var u domain.User
	err := r.db.QueryRow(ctx, "select id, email from users where id=$1", id).Scan(&u.ID, &u.Email)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, domain.ErrNotFound
	case err != nil:
		return nil, fmt.Errorf("get user: %w", err)
	}
	return &u, nil
}

// The row goes through a variable and one branch does not scan it.
func (r *Repo) badR101GetOnlyWhenActive(ctx context.Context, id int64, active bool) (*domain.User, error) {
	row := r.db.QueryRow(ctx, "select id, email from users where id=$1", id) // want "row is not scanned"
	if !active {
		return nil, domain.ErrNotFound
	}
	var u domain.User
	if err := row.Scan(&u.ID, &u.Email); err != nil {
		return nil, err
	}
	return &u, nil
}

func (r *Repo) okR101GetOnlyWhenActive(ctx context.Context, id int64, active bool) (*domain.User, error) {
	if !active {
		return nil, domain.ErrNotFound
	}
	row := r.db.QueryRow(ctx, "select id, email from users where id=$1", id)
	var u domain.User
	if err := row.Scan(&u.ID, &u.Email); err != nil {
		return nil, err
	}
	return &u, nil
}

type scanner interface{ Scan(dest ...any) error }

func scanUser(s scanner) (domain.User, error) {
	var u domain.User
	if err := s.Scan(&u.ID, &u.Email, &u.Attrs); err != nil {
		return domain.User{}, fmt.Errorf("scan user: %w", err)
	}
	return u, nil
}

func (r *Repo) okR102RowThroughScanner(ctx context.Context, id int64) (domain.User, error) {
	return scanUser(r.db.QueryRow(ctx, "select id, email, attrs from users where id=$1", id))
}

// scanUser's error is the error of Scan, which has closed the rows (pgx).
func (r *Repo) okR103ListThroughScanner(ctx context.Context) ([]domain.User, error) {
	rows, err := r.db.Query(ctx, "select id, email, attrs from users")
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	defer rows.Close()
	var out []domain.User
	for rows.Next() {
		u, err := scanUser(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, rows.Err()
}

// The error is json's, not Scan's: nothing has closed the rows.
func (r *Repo) badR103JsonErrorInLoop(ctx context.Context) ([]map[string]any, error) {
	rows, err := r.db.Query(ctx, "select attrs from users") // want "rows is not closed"
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	var out []map[string]any
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return nil, err
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

func (r *Repo) okR104ScanErrorOnlyNoClose(ctx context.Context) ([]string, error) {
	rows, err := r.db.Query(ctx, "select email from users")
	if err != nil {
		return nil, err
	}
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("rows: %w", err)
	}
	return out, nil
}

type cursor struct {
	rows pgx.Rows
}

func (c *cursor) Next() bool { return c.rows.Next() }

func (c *cursor) Close() { c.rows.Close() }

func (c *cursor) User() (domain.User, error) {
	return scanUser(c.rows)
}

func (r *Repo) Stream(ctx context.Context) (domain.UserCursor, error) {
	rows, err := r.db.Query(ctx, "select id, email, attrs from users")
	if err != nil {
		return nil, err
	}
	return &cursor{rows: rows}, nil
}

func (r *Repo) okR105StreamUsed(ctx context.Context) (int, error) {
	c, err := r.Stream(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	n := 0
	for c.Next() {
		if _, err := c.User(); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (r *Repo) badR105StreamFirstOnly(ctx context.Context) (domain.User, error) {
	c, err := r.Stream(ctx) // want "c is not closed"
	if err != nil {
		return domain.User{}, err
	}
	if !c.Next() {
		c.Close()
		return domain.User{}, domain.ErrNotFound
	}
	return c.User()
}

type session struct {
	tx pgx.Tx
}

func (s *session) Save(ctx context.Context, u domain.User) error {
	_, err := s.tx.Exec(ctx, "insert into users(email) values($1)", u.Email)
	return err
}

func (s *session) Commit(ctx context.Context) error { return s.tx.Commit(ctx) }

func (s *session) Rollback(ctx context.Context) error { return s.tx.Rollback(ctx) }

func (r *Repo) Begin(ctx context.Context) (domain.Session, error) {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &session{tx}, nil
}

func (r *Repo) badT101SessionErrorPath(ctx context.Context, us []domain.User) error {
	s, err := r.Begin(ctx) // want "s is not closed"
	if err != nil {
		return err
	}
	for _, u := range us {
		if err := s.Save(ctx, u); err != nil {
			return fmt.Errorf("save %d: %w", u.ID, err)
		}
	}
	return s.Commit(ctx)
}

func (r *Repo) okT101SessionErrorPath(ctx context.Context, us []domain.User) error {
	s, err := r.Begin(ctx)
	if err != nil {
		return err
	}
	defer s.Rollback(ctx)
	for _, u := range us {
		if err := s.Save(ctx, u); err != nil {
			return fmt.Errorf("save %d: %w", u.ID, err)
		}
	}
	return s.Commit(ctx)
}

// Constructor that fails half way: the first acquire must be given back.
type Pair struct {
	a, b *pgxpool.Conn
}

func (p *Pair) Close() {
	p.b.Release()
	p.a.Release()
}

func badA101NewPair(ctx context.Context, pool *pgxpool.Pool) (*Pair, error) {
	a, err := pool.Acquire(ctx) // want "a is not released"
	if err != nil {
		return nil, err
	}
	b, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &Pair{a, b}, nil
}

func okA101NewPair(ctx context.Context, pool *pgxpool.Pool) (_ *Pair, err error) {
	p := &Pair{}
	if p.a, err = pool.Acquire(ctx); err != nil {
		return nil, err
	}
	if p.b, err = pool.Acquire(ctx); err != nil {
		p.a.Release()
		return nil, err
	}
	return p, nil
}

func badA102PairUser(ctx context.Context, pool *pgxpool.Pool) error {
	p, err := okA101NewPair(ctx, pool) // want "p is not closed"
	if err != nil {
		return err
	}
	if _, err := p.a.Exec(ctx, "select 1"); err != nil {
		return err
	}
	p.Close()
	return nil
}

func okA102PairUser(ctx context.Context, pool *pgxpool.Pool) error {
	p, err := okA101NewPair(ctx, pool)
	if err != nil {
		return err
	}
	defer p.Close()
	_, err = p.a.Exec(ctx, "select 1")
	return err
}

// A cleanup that runs unless disarmed.
func okA103Disarm(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	ok := false
	defer func() {
		if !ok {
			c.Release()
		}
	}()
	if _, err := c.Exec(ctx, "set application_name='x'"); err != nil {
		return nil, err
	}
	ok = true
	return c, nil
}

func badA103DisarmWrong(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return nil, err
	}
	ok := false
	defer func() {
		if !ok {
			c.Release()
		}
	}()
	ok = true
	if _, err := c.Exec(ctx, "set application_name='x'"); err != nil {
		return nil, err
	}
	return c, nil
}
