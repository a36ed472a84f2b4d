// Package chains: constructors reached through several functions of one package.
package chains

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

type config struct {
	dsn string
	max int32
}

func load() config { return config{dsn: "postgres://app@db/app", max: 4} }

// The chain of badThreeDeep: handler → openStore → dial → build → pgxpool.NewWithConfig.

func build(ctx context.Context, c config) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(c.dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = c.max
	return pgxpool.NewWithConfig(ctx, cfg)
}

func dial(ctx context.Context) (pool *pgxpool.Pool, err error) {
	if pool, err = build(ctx, load()); err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	return pool, pool.Ping(ctx)
}

type store struct{ pool *pgxpool.Pool }

func openStore(ctx context.Context) (*store, error) {
	pool, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	return &store{pool: pool}, nil
}

func (s *store) Close() { s.pool.Close() }

func (s *store) count(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "select count(*) from things").Scan(&n)
	return n, err
}

func badThreeDeep(w http.ResponseWriter, r *http.Request) {
	s, err := openStore(r.Context()) // want "openStore builds a pool on each request"
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer s.Close()
	n, err := s.count(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, n)
}

// okThreeDeep uses the same chain at the start.
func okThreeDeep(ctx context.Context) (http.Handler, error) {
	s, err := openStore(ctx)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := s.count(r.Context())
		fmt.Fprintln(w, n)
	}), nil
}

// with opens, calls and closes.
func with(ctx context.Context, fn func(*pgxpool.Pool) error) error {
	pool, err := dial(ctx)
	if err != nil {
		return err
	}
	defer pool.Close()
	return fn(pool)
}

// badWithInHandler has a callback between the handler and the query.
func badWithInHandler() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := with(r.Context(), func(pool *pgxpool.Pool) error { // want "with builds a pool on each request"
			_, err := pool.Exec(r.Context(), "update things set seen = true")
			return err
		})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
}

// badWithInLoop calls it for each name.
func badWithInLoop(ctx context.Context, names []string) error {
	for _, name := range names {
		if err := with(ctx, func(pool *pgxpool.Pool) error { // want "with builds a pool in a loop"
			_, err := pool.Exec(ctx, "delete from things where name = $1", name)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// okLoopInWith is the other way round: the loop is inside of the callback.
func okLoopInWith(ctx context.Context, names []string) error {
	return with(ctx, func(pool *pgxpool.Pool) error {
		for _, name := range names {
			if _, err := pool.Exec(ctx, "delete from things where name = $1", name); err != nil {
				return err
			}
		}
		return nil
	})
}

// even and odd call each other; one of them builds.
func even(n int) (*sql.DB, error) {
	if n == 0 {
		return sql.Open("pgx", load().dsn)
	}
	return odd(n - 1)
}

func odd(n int) (*sql.DB, error) {
	if n == 0 {
		return nil, sql.ErrConnDone
	}
	return even(n - 1)
}

// badMutual calls functions that are mutually recursive.
func badMutual(w http.ResponseWriter, r *http.Request) {
	db, err := even(4) // want "even builds a pool on each request"
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	defer db.Close()
}

// option is a functional option that may build.
type option func(*service) error

type service struct {
	db  *sqlx.DB
	now func() time.Time
}

func withDSN(dsn string) option {
	return func(s *service) (err error) {
		s.db, err = sqlx.Open("pgx", dsn)
		return err
	}
}

func withDB(db *sqlx.DB) option {
	return func(s *service) error {
		s.db = db
		return nil
	}
}

func newService(opts ...option) (*service, error) {
	s := &service{now: time.Now}
	for _, o := range opts {
		if err := o(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// okOptions builds one pool; the loop in newService runs over options, not over pools.
func okOptions() (*service, error) { return newService(withDSN(load().dsn)) }

// okOptionWithDB builds a service per request, over the pool that it has.
func okOptionWithDB(db *sqlx.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := newService(withDB(db))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, s.now(), s.db.PingContext(r.Context()))
	}
}

// deferred builds in a deferred call.
func deferred(ctx context.Context, what string) {
	defer func() {
		_ = with(ctx, func(pool *pgxpool.Pool) error {
			_, err := pool.Exec(ctx, "insert into log (what) values ($1)", what)
			return err
		})
	}()
}

// badDeferredHelper reaches the constructor through a deferred literal.
func badDeferredHelper(w http.ResponseWriter, r *http.Request) {
	deferred(r.Context(), r.URL.Path) // want "deferred builds a pool on each request"
	w.WriteHeader(http.StatusNoContent)
}

// badDefer defers the helper itself.
func badDefer(w http.ResponseWriter, r *http.Request) {
	defer deferred(r.Context(), "done") // want "deferred builds a pool on each request"
	w.WriteHeader(http.StatusNoContent)
}

// background starts a goroutine that builds.
func background(name string) {
	go func() {
		db, err := sqlx.Connect("pgx", load().dsn)
		if err != nil {
			return
		}
		defer db.Close()
		db.MustExec("insert into log (what) values ($1)", name)
	}()
}

// badBackground reaches it through a helper that returns at once.
func badBackground(w http.ResponseWriter, r *http.Request) {
	background(r.URL.Path) // want "background builds a pool on each request"
	w.WriteHeader(http.StatusAccepted)
}

// reader is an interface with one implementation in this package.
type reader interface {
	read(ctx context.Context, id string) (string, error)
}

type opener struct{ dsn string }

func (o opener) read(ctx context.Context, id string) (v string, err error) {
	db, err := sqlx.ConnectContext(ctx, "pgx", o.dsn)
	if err != nil {
		return "", err
	}
	defer db.Close()
	err = db.GetContext(ctx, &v, "select v from kv where id = $1", id)
	return v, err
}

// badInterface calls it through the interface.
func badInterface(rd reader) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := rd.read(r.Context(), r.PathValue("id")) // want `rd\.read may build a pool on each request`
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, v)
	}
}

// okInterfaceOnce calls it in a command.
func okInterfaceOnce(ctx context.Context) error {
	var rd reader = opener{load().dsn}
	v, err := rd.read(ctx, "version")
	fmt.Println(v)
	return err
}

// lookup has a branch that builds only when no pool is given; the handler gives one.
func lookup(ctx context.Context, pool *pgxpool.Pool) (err error) {
	if pool == nil {
		if pool, err = dial(ctx); err != nil {
			return err
		}
		defer pool.Close()
	}
	_, err = pool.Exec(ctx, "select 1")
	return err
}

// badLookupNil gives none: each request builds.
func badLookupNil(w http.ResponseWriter, r *http.Request) {
	if err := lookup(r.Context(), nil); err != nil { // want "lookup builds a pool on each request"
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// okLookupCommand gives none, once.
func okLookupCommand(ctx context.Context) error { return lookup(ctx, nil) }

// okOnlyNames the constructor: it hands the function on, to a registry that a command uses.
func okOnlyNames(w http.ResponseWriter, r *http.Request) {
	registry["pgx"] = dial
	w.WriteHeader(http.StatusNoContent)
}

var registry = map[string]func(context.Context) (*pgxpool.Pool, error){}
