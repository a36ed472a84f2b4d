// Package middleware: a connection for the whole request, and handlers that want another.
package middleware

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type connKey struct{}

type Server struct {
	pool *pgxpool.Pool
}

// withConn holds a connection while next runs. H8.
func (s *Server) withConn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := s.pool.Acquire(r.Context())
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer conn.Release()
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), connKey{}, conn)))
	})
}

// withTenant gives its connection back before next runs.
func (s *Server) withTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var tenant int64
		err := s.pool.QueryRow(r.Context(), "select id from tenants where host = $1", r.Host).Scan(&tenant)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) pooled(w http.ResponseWriter, r *http.Request) {
	if err := s.pool.Ping(r.Context()); err != nil {
		http.Error(w, "down", http.StatusServiceUnavailable)
	}
}

func (s *Server) fromContext(w http.ResponseWriter, r *http.Request) {
	conn := r.Context().Value(connKey{}).(*pgxpool.Conn)
	if err := conn.Ping(r.Context()); err != nil {
		http.Error(w, "down", http.StatusServiceUnavailable)
	}
}

func (s *Server) BadRoutes(mux *http.ServeMux) {
	mux.Handle("/health", s.withConn(http.HandlerFunc(s.pooled))) // want `second connection while \S+ holds one`
}

func (s *Server) BadRouteLiteral(mux *http.ServeMux) {
	mux.Handle("/ping", s.withConn(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = s.pool.Ping(r.Context()) // want `pool\.Ping may wait for a second connection while \S+ holds one`
	})))
}

func (s *Server) OkRoutes(mux *http.ServeMux) {
	mux.Handle("/health", s.withConn(http.HandlerFunc(s.fromContext)))
	mux.Handle("/tenant", s.withTenant(http.HandlerFunc(s.pooled)))
	mux.Handle("/plain", http.HandlerFunc(s.pooled))
}

// apiFunc is a handler with an error and a transaction.
type apiFunc func(ctx context.Context, tx pgx.Tx, r *http.Request) error

// inTx is a transaction for each request.
func (s *Server) inTx(h apiFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return h(ctx, tx, r) })
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

func (s *Server) BadAPI(mux *http.ServeMux) {
	mux.HandleFunc("/orders", s.inTx(func(ctx context.Context, tx pgx.Tx, r *http.Request) error {
		if s.limited(ctx, r.RemoteAddr) { // want `s\.limited may wait for a second connection while \S+ holds one`
			return context.DeadlineExceeded
		}
		_, err := tx.Exec(ctx, "insert into orders default values")
		return err
	}))
}

func (s *Server) limited(ctx context.Context, addr string) (over bool) {
	_ = s.pool.QueryRow(ctx, "select n > 100 from limits where addr = $1", addr).Scan(&over)
	return over
}

func (s *Server) OkAPI(mux *http.ServeMux) {
	orders := s.inTx(func(ctx context.Context, tx pgx.Tx, r *http.Request) error {
		_, err := tx.Exec(ctx, "insert into orders default values")
		return err
	})
	mux.HandleFunc("/orders", func(w http.ResponseWriter, r *http.Request) {
		if s.limited(r.Context(), r.RemoteAddr) {
			http.Error(w, "slow down", http.StatusTooManyRequests)
			return
		}
		orders(w, r)
	})
}

// BadDirect calls its handler itself.
func (s *Server) BadDirect(w http.ResponseWriter, r *http.Request) {
	conn, err := s.pool.Acquire(r.Context())
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer conn.Release()
	s.pooled(w, r) // want `s\.pooled may wait for a second connection while conn holds one`
}

// OkGin: the handlers that follow aren't visible at Next, and those that are take the transaction from the context.
func (s *Server) OkGin(r *gin.Engine) {
	r.Use(func(c *gin.Context) {
		tx, err := s.pool.Begin(c)
		if err != nil {
			c.AbortWithStatus(http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback(c)
		c.Set("tx", tx)
		c.Next()
		if len(c.Errors) == 0 {
			_ = tx.Commit(c)
		}
	})
	r.POST("/orders", func(c *gin.Context) {
		tx := c.MustGet("tx").(pgx.Tx)
		if _, err := tx.Exec(c, "insert into orders default values"); err != nil {
			_ = c.Error(err)
		}
	})
}

// BadGinHandler holds one itself.
func (s *Server) BadGinHandler(r *gin.Engine) {
	r.GET("/orders", func(c *gin.Context) {
		rows, err := s.pool.Query(c, "select addr from orders")
		if err != nil {
			c.AbortWithStatus(http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var addr string
			if err := rows.Scan(&addr); err != nil || s.limited(c, addr) { // want `s\.limited may wait for a second connection while rows holds one`
				return
			}
		}
		c.Status(http.StatusOK)
	})
}
