package webok

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
	"example.com/poolvet/testdata/straypool/examined/tenancy"
)

type server struct {
	db *sql.DB
	p  *pgxpool.Pool
}

func okNewServer() (*server, error) {
	s := &server{}
	var err error
	if s.db, err = sql.Open("postgres", os.Getenv("DSN")); err != nil {
		return nil, err
	}
	s.db.SetMaxOpenConns(10)
	return s, nil
}

func (s *server) okWrapSqlxPerRequest(w http.ResponseWriter, r *http.Request) {
	x := sqlx.NewDb(s.db, "postgres")
	var n int
	_ = x.GetContext(r.Context(), &n, "select 1")
	fmt.Fprint(w, n)
}

func (s *server) okWrapBunPerRequest(w http.ResponseWriter, r *http.Request) {
	b := bun.NewDB(s.db, pgdialect.New())
	n, err := b.NewSelect().Table("t").Count(r.Context())
	if err != nil {
		w.WriteHeader(500)
	}
	fmt.Fprint(w, n)
}

func (s *server) okWrapEntPerRequest(w http.ResponseWriter, r *http.Request) {
	drv := entsql.OpenDB("postgres", s.db)
	_ = drv.DB().PingContext(r.Context())
}

func (s *server) okWrapGormConn(w http.ResponseWriter, r *http.Request) {
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: s.db}), &gorm.Config{SkipDefaultTransaction: true})
	if err != nil {
		w.WriteHeader(500)
		return
	}
	g.WithContext(r.Context()).Exec("select 1")
}

func (s *server) okAcquireInHandler(w http.ResponseWriter, r *http.Request) {
	c, err := s.p.Acquire(r.Context())
	if err != nil {
		w.WriteHeader(500)
		return
	}
	defer c.Release()
	_ = c.Ping(r.Context())
}

func (s *server) okSqlConnInHandler(w http.ResponseWriter, r *http.Request) {
	c, err := s.db.Conn(r.Context())
	if err != nil {
		w.WriteHeader(500)
		return
	}
	defer c.Close()
	_, _ = c.ExecContext(r.Context(), "set search_path to x")
}

func okParseConfigInHandler(w http.ResponseWriter, r *http.Request) {
	cfg, err := pgxpool.ParseConfig(r.FormValue("dsn"))
	if err != nil {
		http.Error(w, "invalid dsn", 400)
		return
	}
	if _, err = pgx.ParseConfig(r.FormValue("dsn2")); err != nil {
		http.Error(w, "invalid dsn2", 400)
		return
	}
	fmt.Fprint(w, cfg.MaxConns)
}

func okRegisterConnConfig(w http.ResponseWriter, r *http.Request) {
	cfg, err := pgx.ParseConfig(r.FormValue("dsn"))
	if err == nil {
		name := stdlib.RegisterConnConfig(cfg)
		defer stdlib.UnregisterConnConfig(name)
		fmt.Fprint(w, name)
	}
}

func okSqliteMemInHandler(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		w.WriteHeader(500)
		return
	}
	defer db.Close()
	var n int
	_ = db.QueryRowContext(r.Context(), r.FormValue("expr")).Scan(&n)
	fmt.Fprint(w, n)
}

func okSqlmockDemo(w http.ResponseWriter, r *http.Request) {
	db, mock, err := sqlmock.New()
	if err != nil {
		w.WriteHeader(500)
		return
	}
	defer db.Close()
	mock.ExpectPing()
	_ = db.PingContext(r.Context())
}

func okIfaceSingle(mux *http.ServeMux) {
	var src tenancy.Source = &tenancy.Single{DSN: os.Getenv("DSN")}
	mux.HandleFunc("/t", func(w http.ResponseWriter, r *http.Request) {
		p, err := src.Pool(r.Context(), r.Header.Get("X-Tenant"))
		if err != nil {
			w.WriteHeader(500)
			return
		}
		_ = p.Ping(r.Context())
	})
}

func okInjectedInterface(src tenancy.Source) http.Handler {
	a := tenancy.NewAPI(src)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.Src == nil {
			http.NotFound(w, r)
		}
	})
}

func okRepoPerRequest(pool *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		st := dbx.StoreOver(pool)
		n, err := svc.OrdersWith(st).Total(r.Context())
		if err != nil {
			http.Error(w, "err", 500)
			return
		}
		fmt.Fprint(w, n)
	}
}

// Pool here is a pool of goroutines.
type Pool struct{ sem chan struct{} }

func New(_ context.Context, n int) (*Pool, error) { return &Pool{make(chan struct{}, n)}, nil }

func (p *Pool) Go(f func()) { p.sem <- struct{}{}; go func() { defer func() { <-p.sem }(); f() }() }

func okOtherPool(w http.ResponseWriter, r *http.Request) {
	p, err := New(r.Context(), 4)
	if err != nil {
		return
	}
	p.Go(func() { slog.Info("bg") })
}

// Open opens a file; the name is all it shares with database/sql.
type DB struct{ f *os.File }

func Open(driver, name string) (*DB, error) {
	f, err := os.Open(name)
	return &DB{f}, err
}

func okOtherOpen(w http.ResponseWriter, r *http.Request) {
	d, err := Open("file", "x.db")
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	defer d.f.Close()
}

func okBuildFromConfigStruct(c struct{ DSN string }) (h http.Handler, closeFn func() error, err error) {
	db, err := dbx.Build(context.Background(), c.DSN, func(p *pgxpool.Pool) *server { return &server{p: p} })
	if err != nil {
		return nil, nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", db.okAcquireInHandler)
	return mux, func() error { db.p.Close(); return nil }, nil
}

type pgHealth struct {
	p interface{ Ping(context.Context) error }
}

func (h pgHealth) okHealthPing(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 500*time.Millisecond)
	defer cancel()
	if err := h.p.Ping(ctx); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// app has an opener, which its handler does not call.
type app struct {
	open func(ctx context.Context, dsn string) (*pgxpool.Pool, error)
	pool *pgxpool.Pool
}

func okOpenerFieldAtStart(ctx context.Context, dsn string) (*app, error) {
	a := &app{open: pgxpool.New}
	p, err := a.open(ctx, dsn)
	if err != nil {
		return nil, err
	}
	a.pool = p
	return a, nil
}

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) { _ = a.pool.Ping(r.Context()) }
