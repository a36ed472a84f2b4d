// Package handlers: net/http code that builds a pool on each request, and code that only looks like it.
package handlers

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const dsn = "postgres://app@db.internal/shop"

type product struct {
	ID   int64  `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
}

// dbConn is the constructor of the most copied tutorial. It is not wrong, calling it in each handler is.
func dbConn() *sql.DB {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		panic(err)
	}
	return db
}

func badTutorialIndex(w http.ResponseWriter, r *http.Request) {
	db := dbConn() // want "dbConn builds a pool on each request"
	defer db.Close()
	rows, err := db.Query("select id, name from products order by id desc")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	var list []product
	for rows.Next() {
		var p product
		if err := rows.Scan(&p.ID, &p.Name); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		list = append(list, p)
	}
	json.NewEncoder(w).Encode(list)
}

func badTutorialDelete(w http.ResponseWriter, r *http.Request) {
	db := dbConn() // want "dbConn builds a pool on each request"
	if _, err := db.Exec("delete from products where id = $1", r.URL.Query().Get("id")); err != nil {
		panic(err.Error())
	}
	db.Close()
	http.Redirect(w, r, "/", http.StatusMovedPermanently)
}

// badSignature has the signature of a handler; the registration is in another package.
func badSignature(w http.ResponseWriter, r *http.Request) {
	pool, err := pgxpool.New(r.Context(), os.Getenv("DATABASE_URL")) // want `pgxpool\.New runs on each request`
	if err != nil {
		http.Error(w, "database", http.StatusServiceUnavailable)
		return
	}
	defer pool.Close()
	var n int
	if err := pool.QueryRow(r.Context(), "select count(*) from orders").Scan(&n); err != nil {
		http.Error(w, "database", http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, n)
}

// apiFunc is a handler that returns its error.
type apiFunc func(w http.ResponseWriter, r *http.Request) error

func (f apiFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := f(w, r); err != nil {
		slog.Error("request", "err", err)
		http.Error(w, "internal", http.StatusInternalServerError)
	}
}

func badReturnsError(w http.ResponseWriter, r *http.Request) error {
	conn, err := pgx.Connect(r.Context(), dsn) // want `pgx\.Connect runs on each request`
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(r.Context()))
	var email string
	if err := conn.QueryRow(r.Context(), "select email from users where id = $1", r.PathValue("id")).Scan(&email); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, email)
	return err
}

// badClosureOfFactory builds in the closure, so once per request, not once per route.
func badClosureOfFactory(dsn string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		db, err := sqlx.ConnectContext(r.Context(), "postgres", dsn) // want `sqlx\.ConnectContext runs on each request`
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer db.Close()
		var list []product
		if err := db.SelectContext(r.Context(), &list, "select id, name from products"); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(list)
	}
}

// okFactory builds in the factory, which runs when the routes are set up.
func okFactory(dsn string) (http.HandlerFunc, error) {
	db, err := sqlx.Connect("postgres", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	return func(w http.ResponseWriter, r *http.Request) {
		var list []product
		if err := db.SelectContext(r.Context(), &list, "select id, name from products"); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(list)
	}, nil
}

// okFactoryOfHandler returns an http.Handler that keeps the pool in a field.
func okFactoryOfHandler(ctx context.Context) (http.Handler, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/ping", func(w http.ResponseWriter, r *http.Request) {
		if err := pool.Ping(r.Context()); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	return mux, nil
}

// badConverted is a literal that becomes a handler by conversion.
func badConverted(mux *http.ServeMux) {
	mux.Handle("/report", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cfg, err := pgxpool.ParseConfig(dsn)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		cfg.MaxConns = 2
		pool, err := pgxpool.NewWithConfig(r.Context(), cfg) // want `pgxpool\.NewWithConfig runs on each request`
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer pool.Close()
		_, _ = pool.Exec(r.Context(), "refresh materialized view report")
	}))
}

// badHandleFunc is registered on the default mux.
func badHandleFunc() {
	http.HandleFunc("/visits", func(w http.ResponseWriter, _ *http.Request) {
		db := sqlx.MustConnect("postgres", dsn) // want `sqlx\.MustConnect runs on each request`
		defer db.Close()
		db.MustExec("update visits set n = n + 1")
		w.WriteHeader(http.StatusNoContent)
	})
}

// okWiring is a main in small: the literal uses the pool that the function built before.
func okWiring(ctx context.Context, addr string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	http.HandleFunc("/stats", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%d", pool.Stat().TotalConns())
	})
	return http.ListenAndServe(addr, nil)
}

// badLoggingMiddleware opens a connection for the audit line of each request.
func badLoggingMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		next.ServeHTTP(w, r)
		conn, err := pgx.Connect(context.WithoutCancel(r.Context()), dsn) // want `pgx\.Connect runs on each request`
		if err != nil {
			slog.Error("audit", "err", err)
			return
		}
		defer conn.Close(context.Background())
		_, _ = conn.Exec(context.Background(), "insert into audit (path, took) values ($1, $2)", r.URL.Path, time.Since(start))
	})
}

// okAuditMiddleware builds when the chain is made.
func okAuditMiddleware(next http.Handler) http.Handler {
	db := dbConn()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = db.ExecContext(r.Context(), "insert into audit (path) values ($1)", r.URL.Path)
		next.ServeHTTP(w, r)
	})
}

// okMiddlewareWithOptions has one level more: a function that returns the middleware.
func okMiddlewareWithOptions(ctx context.Context, dsn string) (func(http.Handler) http.Handler, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("sessions: %w", err)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var user int64
			c, err := r.Cookie("sid")
			if err != nil || pool.QueryRow(r.Context(), "select user_id from sessions where id = $1", c.Value).Scan(&user) != nil {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}, nil
}

type server struct {
	pool *pgxpool.Pool
	dsn  string
	once sync.Once
	lazy *sql.DB
	err  error
}

func (s *server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /users", s.badUsers)
	mux.HandleFunc("GET /export", s.badExport)
	mux.HandleFunc("GET /orders", s.okOrders)
	mux.HandleFunc("GET /lazy", s.okLazyField)
	mux.Handle("GET /me", apiFunc(badReturnsError))
	return mux
}

// badUsers is a method value when it is registered.
func (s *server) badUsers(w http.ResponseWriter, r *http.Request) {
	cfg, err := pgx.ParseConfig(s.dsn)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	db := stdlib.OpenDB(*cfg) // want `stdlib\.OpenDB runs on each request`
	defer db.Close()
	if err := db.PingContext(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// badExport opens a listener of its own for each client that streams.
func (s *server) badExport(w http.ResponseWriter, r *http.Request) {
	l := pq.NewListener(s.dsn, time.Second, time.Minute, nil) // want `pq\.NewListener runs on each request`
	defer l.Close()
	if err := l.Listen("changes"); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case n := <-l.Notify:
			fmt.Fprintf(w, "data: %s\n\n", n.Extra)
		}
	}
}

func (s *server) okOrders(w http.ResponseWriter, r *http.Request) {
	conn, err := s.pool.Acquire(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer conn.Release()
	_, _ = conn.Exec(r.Context(), "select pg_sleep(0)")
}

// okLazyField builds at the first request only.
func (s *server) okLazyField(w http.ResponseWriter, r *http.Request) {
	s.once.Do(func() {
		s.lazy, s.err = sql.Open("pgx", s.dsn)
	})
	if s.err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = s.lazy.PingContext(r.Context())
}

// saveOrder builds and closes in one call, as the handlers of many small services do.
func saveOrder(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "insert into orders (name) values ($1)", name)
	return err
}

// badHelperBuildsAndCloses does not see a pool at all.
func badHelperBuildsAndCloses(w http.ResponseWriter, r *http.Request) {
	var in struct{ Name string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := saveOrder(r.Context(), in.Name); err != nil { // want "saveOrder builds a connection of its own on each request"
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// okSaveAtStart calls the same helper at start-up, once.
func okSaveAtStart(ctx context.Context) error {
	return saveOrder(ctx, "seed")
}

// badInGoroutine starts the work and answers: the pool is still one per request.
func badInGoroutine(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	go func() {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs on each request`
		if err != nil {
			slog.Error("mail", "err", err)
			return
		}
		defer pool.Close()
		_, _ = pool.Exec(ctx, "insert into outbox (kind) values ('mail')")
	}()
	w.WriteHeader(http.StatusAccepted)
}

// badBranch builds for some requests only.
func badBranch(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		fmt.Fprintln(w, "ok")
	case http.MethodPost:
		db, err := sql.Open("postgres", dsn) // want `sql\.Open runs on each request`
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer func() { _ = db.Close() }()
		_, err = db.ExecContext(r.Context(), "insert into events default values")
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

// DB is what the tutorial assigns in main.
var DB *sql.DB

// connectGlobal assigns the variable of the package each time it is called.
func connectGlobal() error {
	var err error
	DB, err = sql.Open("pgx", dsn)
	return err
}

// okConnectGlobalOnce calls it before the server listens.
func okConnectGlobalOnce() error {
	if err := connectGlobal(); err != nil {
		return err
	}
	defer DB.Close()
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { _ = DB.PingContext(r.Context()) })
	return http.ListenAndServe(":8080", nil)
}

// badConnectGlobal calls it per request: each call replaces a pool that other requests use.
func badConnectGlobal(w http.ResponseWriter, r *http.Request) {
	if err := connectGlobal(); err != nil { // want "connectGlobal builds a pool on each request"
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = DB.ExecContext(r.Context(), "update hits set n = n + 1")
}

// okGlobalGuarded looks the same but asks first.
func okGlobalGuarded(w http.ResponseWriter, r *http.Request) {
	if DB == nil {
		if err := connectGlobal(); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
	_, _ = DB.ExecContext(r.Context(), "update hits set n = n + 1")
}

var getDB = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("pgx", dsn) })

// okGetter calls a getter that builds once.
func okGetter(w http.ResponseWriter, r *http.Request) {
	db, err := getDB()
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	_ = db.PingContext(r.Context())
}

// openDB is a seam for tests.
var openDB = sql.Open

// badSeam calls the constructor through the variable.
func badSeam(w http.ResponseWriter, r *http.Request) {
	db, err := openDB("pgx", dsn) // want "openDB runs on each request"
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer db.Close()
	_ = db.PingContext(r.Context())
}

// repository is built by a struct constructor that opens its own pool.
type repository struct{ db *sqlx.DB }

func newRepository(dsn string) (*repository, error) {
	db, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	return &repository{db: db}, nil
}

func (r *repository) list(ctx context.Context) (list []product, err error) {
	err = r.db.SelectContext(ctx, &list, "select id, name from products")
	return list, err
}

// badRepositoryPerRequest hides the pool in a repository.
func badRepositoryPerRequest(w http.ResponseWriter, r *http.Request) {
	repo, err := newRepository(dsn) // want "newRepository builds a pool on each request"
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	list, err := repo.list(r.Context())
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(list)
}

// okRepositoryShared has the repository built by the caller of the factory.
func okRepositoryShared(dsn string) (http.Handler, error) {
	repo, err := newRepository(dsn)
	if err != nil {
		return nil, errors.Join(errors.New("catalog"), err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list, err := repo.list(r.Context())
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(list)
	}), nil
}

// okWrapsExisting only puts another handle on the pool; NewDb opens nothing.
func okWrapsExisting(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var list []product
		if err := sqlx.NewDb(db, "pgx").SelectContext(r.Context(), &list, "select id, name from products"); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
}

// okParsesOnly reads a configuration per request and connects to nothing.
func okParsesOnly(w http.ResponseWriter, r *http.Request) {
	cfg, err := pgxpool.ParseConfig(r.FormValue("dsn"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, cfg.ConnConfig.Host, cfg.MaxConns)
}

// okBackgroundConnect answers 503 until the goroutine, which runs once, has connected.
func okBackgroundConnect(ctx context.Context) http.HandlerFunc {
	var mu sync.Mutex
	var pool *pgxpool.Pool
	go func() {
		p, err := pgxpool.New(ctx, dsn)
		if err != nil {
			slog.Error("database", "err", err)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		pool = p
	}()
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		p := pool
		mu.Unlock()
		if p == nil || p.Ping(r.Context()) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

// badRouteParams has the signature of a router with a third parameter.
func badRouteParams(w http.ResponseWriter, r *http.Request, params map[string]string) {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer db.Close()
	_, _ = db.ExecContext(r.Context(), "delete from carts where id = $1", params["id"])
}

// okWriteSnapshot has a writer but no request: it is not a handler, a command calls it once.
func okWriteSnapshot(w interface{ Write([]byte) (int, error) }, path string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("select count(*) from products").Scan(&n); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s %d\n", path, n)
	return err
}

// badLocalHandler is a local closure that another literal calls per request.
func badLocalHandler(mux *http.ServeMux) {
	count := func(ctx context.Context, table string) (n int, err error) {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return 0, err
		}
		defer conn.Close(ctx)
		err = conn.QueryRow(ctx, "select count(*) from "+pgx.Identifier{table}.Sanitize()).Scan(&n)
		return n, err
	}
	mux.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) {
		n, err := count(r.Context(), r.FormValue("table")) // want "count builds a connection of its own on each request"
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, n)
	})
}
