package frameworks

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	pgx4pool "github.com/jackc/pgx/v4/pgxpool"
)

type poolKey struct{}

// badChiRoutes uses a middleware literal that connects for each request.
func badChiRoutes() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.RequestID)
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			pool, err := pgx4pool.Connect(req.Context(), dsn) // want `pgx4pool\.Connect runs on each request`
			if err != nil {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			defer pool.Close()
			next.ServeHTTP(w, req.WithContext(context.WithValue(req.Context(), poolKey{}, pool)))
		})
	})
	r.Get("/", func(w http.ResponseWriter, req *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return r
}

// okChiRoute builds inside the function given to Route, which chi calls once, when the routes are made.
func okChiRoute(ctx context.Context) http.Handler {
	r := chi.NewRouter()
	r.Route("/admin", func(r chi.Router) {
		pool, err := pgx4pool.Connect(ctx, dsn)
		if err != nil {
			panic(err)
		}
		r.Get("/locks", func(w http.ResponseWriter, req *http.Request) {
			if _, err := pool.Exec(req.Context(), "select * from pg_locks"); err != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
	})
	return r
}

// okChiMount returns a sub-router with its own role; it is mounted once.
func okChiMount(ctx context.Context, replicaDSN string) (chi.Router, error) {
	cfg, err := pgx4pool.ParseConfig(replicaDSN)
	if err != nil {
		return nil, err
	}
	replica, err := pgx4pool.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.With(middleware.NoCache).Get("/search", func(w http.ResponseWriter, req *http.Request) {
		_ = replica.Ping(req.Context())
	})
	return r, nil
}

// badChiGroup registers a closure variable.
func badChiGroup(r chi.Router) {
	purge := func(w http.ResponseWriter, req *http.Request) {
		cfg, err := pgx4pool.ParseConfig(dsn)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		pool, err := pgx4pool.ConnectConfig(req.Context(), cfg) // want `pgx4pool\.ConnectConfig runs on each request`
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer pool.Close()
		_, _ = pool.Exec(req.Context(), "delete from carts where stale")
	}
	r.Group(func(r chi.Router) {
		r.Post("/purge", purge)
	})
}
