// Package wiring: what builds once, when the program is put together. All of it is right, but for what a hot place reaches.
package wiring

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/spf13/cobra"
	"go.uber.org/fx"
	"golang.org/x/sync/errgroup"
)

// Config is read from flags.
type Config struct{ Primary, Replica, Addr string }

// okRun is what main calls.
func okRun(ctx context.Context, args []string) error {
	var cfg Config
	fs := flag.NewFlagSet("app", flag.ContinueOnError)
	fs.StringVar(&cfg.Primary, "db", os.Getenv("DATABASE_URL"), "")
	if err := fs.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	pool, err := pgxpool.New(ctx, cfg.Primary)
	if err != nil {
		return err
	}
	defer pool.Close()
	srv := &http.Server{Addr: cfg.Addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pool.Ping(r.Context()) != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(srv.ListenAndServe)
	g.Go(func() error {
		<-ctx.Done()
		return srv.Shutdown(context.WithoutCancel(ctx))
	})
	return g.Wait()
}

// okTwoRoles has one pool for writes and one for reads.
func okTwoRoles(ctx context.Context, cfg Config) (primary, replica *pgxpool.Pool, err error) {
	if primary, err = pgxpool.New(ctx, cfg.Primary); err != nil {
		return nil, nil, err
	}
	if replica, err = pgxpool.New(ctx, cfg.Replica); err != nil {
		primary.Close()
		return nil, nil, err
	}
	return primary, replica, nil
}

// okErrgroupOnce builds both at the same time. The goroutines are two, and stand in no loop.
func okErrgroupOnce(ctx context.Context, cfg Config) (a, b *sql.DB, err error) {
	var g errgroup.Group
	g.Go(func() (err error) {
		a, err = sql.Open("pgx", cfg.Primary)
		return err
	})
	g.Go(func() (err error) {
		b, err = sql.Open("pgx", cfg.Replica)
		return err
	})
	return a, b, errors.Join(g.Wait(), ctx.Err())
}

// okCobra has subcommands that connect when they run. A process runs one of them, once.
func okCobra() *cobra.Command {
	root := &cobra.Command{Use: "app"}
	var db *sqlx.DB
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) (err error) {
		db, err = sqlx.ConnectContext(cmd.Context(), "pgx", os.Getenv("DATABASE_URL"))
		return err
	}
	root.AddCommand(&cobra.Command{
		Use:  "gc",
		RunE: func(cmd *cobra.Command, _ []string) error { _, err := db.Exec("select gc()"); return err },
	}, &cobra.Command{
		Use: "seed",
		Run: func(cmd *cobra.Command, args []string) {
			conn, err := pgx.Connect(cmd.Context(), args[0])
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			defer conn.Close(cmd.Context())
			_, _ = conn.Exec(cmd.Context(), "insert into users default values")
		},
	})
	return root
}

// okRunE is a named function of a command.
func okRunE(cmd *cobra.Command, _ []string) error {
	pool, err := pgxpool.New(cmd.Context(), os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	defer pool.Close()
	return pool.Ping(cmd.Context())
}

// badRunELoop is a command whose loop builds for each argument, all of them to the same database.
func badRunELoop(cmd *cobra.Command, args []string) error {
	for _, table := range args {
		conn, err := pgx.Connect(cmd.Context(), os.Getenv("DATABASE_URL")) // want `pgx\.Connect runs in a loop`
		if err != nil {
			return err
		}
		_, err = conn.Exec(cmd.Context(), "analyze "+table)
		if err = errors.Join(err, conn.Close(cmd.Context())); err != nil {
			return err
		}
	}
	return nil
}

// badServeCommand is a command that serves: its handler builds.
func badServeCommand() *cobra.Command {
	return &cobra.Command{
		Use: "serve",
		RunE: func(cmd *cobra.Command, _ []string) error {
			mux := http.NewServeMux()
			mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
				pool, err := pgxpool.New(r.Context(), os.Getenv("DATABASE_URL")) // want `pgxpool\.New runs on each request`
				if err != nil {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				defer pool.Close()
			})
			return http.ListenAndServe(":8080", mux)
		},
	}
}

// okProvide is an fx provider: fx calls it once.
func okProvide(lc fx.Lifecycle, cfg Config) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(context.Background(), cfg.Primary)
	if err != nil {
		return nil, err
	}
	lc.Append(fx.Hook{
		OnStart: pool.Ping,
		OnStop:  func(context.Context) error { pool.Close(); return nil },
	})
	return pool, nil
}

// okStartHook connects in OnStart.
func okStartHook(lc fx.Lifecycle, cfg Config) *lazy {
	l := new(lazy)
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) (err error) {
			l.db, err = sqlx.ConnectContext(ctx, "pgx", cfg.Primary)
			return err
		},
		OnStop: func(context.Context) error { return l.db.Close() },
	})
	return l
}

type lazy struct{ db *sqlx.DB }

// okModule registers providers, one of them a literal.
func okModule() fx.Option {
	return fx.Module("db",
		fx.Provide(okProvide, okStartHook),
		fx.Provide(func(cfg Config) (*sql.DB, error) { return sql.Open("pgx", cfg.Replica) }),
		fx.Invoke(func(*sql.DB) {}),
	)
}

// okInjector is what wire writes: each provider is called once, and the clean-up functions go back.
func okInjector(ctx context.Context, cfg Config) (*App, func(), error) {
	pool, cleanup, err := providePool(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	users := provideUsers(pool)
	app := &App{users: users}
	return app, func() {
		cleanup()
	}, nil
}

func providePool(ctx context.Context, cfg Config) (*pgxpool.Pool, func(), error) {
	pool, err := pgxpool.New(ctx, cfg.Primary)
	if err != nil {
		return nil, nil, err
	}
	return pool, pool.Close, nil
}

// App is the application.
type App struct{ users *Users }

// Users is a repository.
type Users struct{ pool *pgxpool.Pool }

func provideUsers(pool *pgxpool.Pool) *Users { return &Users{pool} }

// badInjectorPerRequest calls the injector, which is right, in a handler.
func badInjectorPerRequest(cfg Config) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		app, cleanup, err := okInjector(r.Context(), cfg) // want "okInjector builds a pool on each request"
		if err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer cleanup()
		_ = app.users.pool.Ping(r.Context())
	}
}

// Option is a functional option.
type Option func(*Server) error

// Server is made by okNewServer.
type Server struct {
	db   *sqlx.DB
	addr string
}

// okWithDatabase returns an option that connects.
func okWithDatabase(dsn string) Option {
	return func(s *Server) (err error) {
		s.db, err = sqlx.Connect("pgx", dsn)
		return err
	}
}

func okNewServer(opts ...Option) (*Server, error) {
	s := &Server{addr: ":8080"}
	for _, opt := range opts {
		if err := opt(s); err != nil {
			return nil, err
		}
	}
	if s.db == nil {
		db, err := sqlx.Open("pgx", os.Getenv("DATABASE_URL"))
		if err != nil {
			return nil, err
		}
		s.db = db
	}
	return s, nil
}

// okAdminDatabase makes a database: it needs a connection outside of the pool, as CREATE DATABASE runs in no other.
func okAdminDatabase(ctx context.Context, cfg Config) (*pgxpool.Pool, error) {
	admin, err := pgx.Connect(ctx, cfg.Primary)
	if err != nil {
		return nil, err
	}
	_, err = admin.Exec(ctx, "create database app")
	if err = errors.Join(err, admin.Close(ctx)); err != nil {
		return nil, err
	}
	return pgxpool.New(ctx, cfg.Primary)
}

// okGoroutineOnce starts a listener that has its own connection, once.
func okGoroutineOnce(ctx context.Context, cfg Config, changed func(string)) {
	go func() {
		conn, err := pgx.Connect(ctx, cfg.Primary)
		if err != nil {
			return
		}
		defer conn.Close(context.WithoutCancel(ctx))
		if _, err := conn.Exec(ctx, "listen config"); err != nil {
			return
		}
		for {
			n, err := conn.WaitForNotification(ctx)
			if err != nil {
				return
			}
			changed(n.Payload)
		}
	}()
}

// okSwitchDriver builds one of several, by the configuration.
func okSwitchDriver(kind, dsn string) (*sql.DB, error) {
	switch kind {
	case "postgres":
		return sql.Open("pgx", dsn)
	case "cockroach":
		return sql.Open("postgres", dsn)
	}
	return nil, fmt.Errorf("no driver %q", kind)
}

// okTable has constructors in a table and calls the one that the name says.
func okTable(ctx context.Context, name, dsn string) (any, error) {
	for _, d := range []struct {
		name string
		open func() (any, error)
	}{
		{"pgx", func() (any, error) { return pgxpool.New(ctx, dsn) }},
		{"sql", func() (any, error) { return sql.Open("pgx", dsn) }},
	} {
		if d.name == name {
			return d.open()
		}
	}
	return nil, errors.New("unknown: " + name)
}
