// Package webok: handlers and middleware that share a pool.
package webok

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/labstack/echo/v4"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

func okHandlerFactory(ctx context.Context, dsn string) (http.HandlerFunc, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		var n int
		if err := pool.QueryRow(r.Context(), "select 1").Scan(&n); err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		_ = json.NewEncoder(w).Encode(n)
	}, nil
}

func okMiddlewareCtor(dsn string) func(http.Handler) http.Handler {
	db := dbx.MustOpen(dsn)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := db.PingContext(r.Context()); err != nil {
				w.WriteHeader(503)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func okMiddlewareInner(dsn string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		db := dbx.MustOpen(dsn) // once per mount
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = db.PingContext(r.Context())
			next.ServeHTTP(w, r)
		})
	}
}

func okGinMiddleware() gin.HandlerFunc {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{})
	if err != nil {
		panic(err)
	}
	return func(c *gin.Context) {
		c.Set("db", db.WithContext(c.Request.Context()))
		c.Next()
	}
}

func okGinGet(c *gin.Context) {
	db := c.MustGet("db").(*gorm.DB)
	var n int64
	db.Session(&gorm.Session{NewDB: true}).Table("b").Count(&n)
	c.JSON(200, n)
}

func okGinEngine() (*gin.Engine, error) {
	pool, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	r := gin.New()
	r.GET("/", func(c *gin.Context) {
		if err := pool.Ping(c); err != nil {
			c.AbortWithStatus(500)
		}
	})
	return r, nil
}

func okEchoServer() *echo.Echo {
	e := echo.New()
	x := sqlx.MustConnect("postgres", os.Getenv("DSN"))
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set("db", x)
			return next(c)
		}
	})
	e.GET("/n", func(c echo.Context) error {
		var n int
		if err := c.Get("db").(*sqlx.DB).Get(&n, "select 1"); err != nil {
			return err
		}
		return c.JSON(200, n)
	})
	return e
}

func okFiberApp(dsn string) *fiber.App {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(10)
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { return db.PingContext(c.UserContext()) })
	app.Hooks().OnShutdown(func() error { return db.Close() })
	return app
}

func okChiRouter(ctx context.Context) (chi.Router, func(), error) {
	st, err := dbx.NewStore(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, nil, err
	}
	r := chi.NewRouter()
	r.Route("/v1", func(r chi.Router) {
		o := svc.OrdersWith(st)
		r.Get("/total", func(w http.ResponseWriter, req *http.Request) {
			n, err := o.Total(req.Context())
			if err != nil {
				w.WriteHeader(500)
				return
			}
			fmt.Fprint(w, n)
		})
	})
	return r, st.Close, nil
}

func okChiRouteCallbackBuilds(r chi.Router, dsn string) {
	r.Group(func(r chi.Router) { // runs once, at set-up
		pool, err := pgxpool.New(context.Background(), dsn)
		if err != nil {
			panic(err)
		}
		r.Get("/x", func(w http.ResponseWriter, req *http.Request) { _ = pool.Ping(req.Context()) })
	})
}

func okRoutesInLoop(mux *http.ServeMux, dsn string) {
	db := dbx.MustOpen(dsn)
	for _, p := range []string{"/a", "/b", "/c"} {
		mux.HandleFunc(p, func(w http.ResponseWriter, r *http.Request) {
			_ = db.PingContext(r.Context())
			fmt.Fprint(w, p)
		})
	}
}

func okServeWithShutdown(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	defer pool.Close()
	srv := &http.Server{Addr: ":8080", ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = pool.Ping(r.Context())
	})}
	go func() {
		<-ctx.Done()
		_ = srv.Shutdown(context.WithoutCancel(ctx))
	}()
	return srv.ListenAndServe()
}
