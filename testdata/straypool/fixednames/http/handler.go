// Package http: types that are http.Handlers by their method.
package http

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/http"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Lister opens its pool on each request.
type Lister struct{ DSN string }

func (l Lister) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	db, err := sqlx.ConnectContext(r.Context(), "postgres", l.DSN) // want `sqlx\.ConnectContext runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer db.Close()
	var n int
	_ = db.Get(&n, "select count(*) from items")
	fmt.Fprintln(w, n)
}

// Counter has its pool in a field.
type Counter struct{ pool *pgxpool.Pool }

// NewCounter is called once, where the routes are made.
func NewCounter(ctx context.Context, dsn string) (*Counter, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &Counter{pool}, nil
}

func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var n int
	if err := c.pool.QueryRow(r.Context(), "select count(*) from items").Scan(&n); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprintln(w, n)
}

// Readiness builds a Counter, and so a pool, for each probe.
type Readiness struct{ dsn string }

func (p *Readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := NewCounter(r.Context(), p.dsn) // want "NewCounter builds a pool on each request"
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer c.pool.Close()
	c.ServeHTTP(w, r)
}

// tokenConnector makes the connections of one pool, each with a fresh token. The pool calls Connect, so it is no hot place: what
// it returns is the pool's own connection.
type tokenConnector struct{ host string }

func (c tokenConnector) Connect(ctx context.Context) (driver.Conn, error) {
	token, err := os.ReadFile("/var/run/token")
	if err != nil {
		return nil, err
	}
	connector, err := pq.NewConnector(fmt.Sprintf("host=%s password=%s", c.host, token))
	if err != nil {
		return nil, err
	}
	return connector.Connect(ctx)
}

func (tokenConnector) Driver() driver.Driver { return &pq.Driver{} }

// failoverConnector opens driver connections itself: still the pool's own.
type failoverConnector struct{ dsns []string }

func (c failoverConnector) Connect(context.Context) (conn driver.Conn, err error) {
	for _, dsn := range c.dsns {
		if conn, err = pq.Open(dsn); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (failoverConnector) Driver() driver.Driver { return &pq.Driver{} }

// okTokenPool is one pool over the connector.
func okTokenPool(host string) *sql.DB { return sql.OpenDB(tokenConnector{host}) }

// okFailoverPool is another one.
func okFailoverPool(dsns ...string) *sql.DB { return sql.OpenDB(failoverConnector{dsns}) }

// okRoutes is wiring.
func okRoutes(ctx context.Context, dsn string) (http.Handler, error) {
	counter, err := NewCounter(ctx, dsn)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/count", counter)
	mux.Handle("/list", Lister{DSN: dsn})
	mux.Handle("/readyz", &Readiness{dsn: dsn})
	return mux, nil
}
