package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// errgroup
func okR701Errgroup(ctx context.Context, pool *pgxpool.Pool, ids []int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			rows, err := pool.Query(ctx, "select a from t where id=$1", id)
			if err != nil {
				return err
			}
			defer rows.Close()
			if rows.Next() {
				return nil
			}
			return rows.Err()
		})
	}
	return g.Wait()
}

func badR701Errgroup(ctx context.Context, pool *pgxpool.Pool, ids []int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			rows, err := pool.Query(ctx, "select a from t where id=$1", id) // want "rows is not closed"
			if err != nil {
				return err
			}
			if rows.Next() {
				return nil
			}
			return rows.Err()
		})
	}
	return g.Wait()
}

// The connection is taken outside and used by the group, released after Wait.
func okA701GroupUsesConn(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	var g errgroup.Group
	g.Go(func() error { _, err := c.Exec(ctx, "select 1"); return err })
	return g.Wait()
}

func badA701GroupUsesConn(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.Go(func() error { _, err := c.Exec(ctx, "select 1"); return err })
	if err := g.Wait(); err != nil {
		return err
	}
	c.Release()
	return nil
}

// goroutine takes the connection over
func okA702Listener(ctx context.Context, pool *pgxpool.Pool, on func(string)) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "listen jobs"); err != nil {
		c.Release()
		return err
	}
	go func() {
		defer c.Release()
		for {
			n, err := c.Conn().WaitForNotification(ctx)
			if err != nil {
				return
			}
			on(n.Payload)
		}
	}()
	return nil
}

func badA702Listener(ctx context.Context, pool *pgxpool.Pool, on func(string)) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "listen jobs"); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	go func() {
		defer c.Release()
		for {
			n, err := c.Conn().WaitForNotification(ctx)
			if err != nil {
				return
			}
			on(n.Payload)
		}
	}()
	return nil
}

// The reconnecting listener: an inner function per connection.
type Listener struct {
	pool *pgxpool.Pool
	conn *pgxpool.Conn
	on   func(string)
}

func (l *Listener) okA703Serve(ctx context.Context) error {
	for {
		if err := l.once(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			slog.Warn("listener", "err", err)
			time.Sleep(time.Second)
		}
	}
}

func (l *Listener) once(ctx context.Context) error {
	c, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	for {
		n, err := c.Conn().WaitForNotification(ctx)
		if err != nil {
			return err
		}
		l.on(n.Payload)
	}
}

// jackc/pgx#1917: acquire in the loop, defer in the loop.
func (l *Listener) badD703Serve(ctx context.Context) error {
	for {
		c, err := l.pool.Acquire(context.TODO()) // want "c is released only"
		if err != nil {
			return err
		}
		defer c.Release()
		if _, err := c.Exec(ctx, "listen jobs"); err != nil {
			slog.Warn("listen", "err", err)
			continue
		}
		n, err := c.Conn().WaitForNotification(ctx)
		if err != nil {
			slog.Warn("wait", "err", err)
			continue
		}
		l.on(n.Payload)
	}
}

// Kept in the receiver for life, closed by Close.
func (l *Listener) okA704Start(ctx context.Context) error {
	c, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "listen jobs"); err != nil {
		c.Release()
		return err
	}
	l.conn = c
	return nil
}

func (l *Listener) Close() {
	if l.conn != nil {
		l.conn.Release()
		l.conn = nil
	}
}

func (l *Listener) badA704Start(ctx context.Context) error {
	c, err := l.pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	l.conn = c
	return nil
}

// jackc/pgx#802: closed, not released.
func badA705ClosedNotReleased(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx) // want "c is never released"
	if err != nil {
		return err
	}
	defer c.Conn().Close(ctx)
	_, err = c.Exec(ctx, "select 1")
	return err
}

func badA706HijackDropped(ctx context.Context, pool *pgxpool.Pool) error {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	raw := c.Hijack() // want "raw is not closed"
	if _, err := raw.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return raw.Close(ctx)
}

func okA706HijackReturned(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return c.Hijack(), nil
}

// COPY
func okA707Copy(ctx context.Context, pool *pgxpool.Pool, ms []Msg) (int64, error) {
	return pool.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id"}, pgx.CopyFromSlice(len(ms), func(i int) ([]any, error) {
		return []any{ms[i].ID}, nil
	}))
}

func badA707CopyOnConn(ctx context.Context, pool *pgxpool.Pool, ms []Msg) error {
	c, err := pool.Acquire(ctx) // want "c is not released"
	if err != nil {
		return err
	}
	n, err := c.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"id"}, pgx.CopyFromSlice(len(ms), func(i int) ([]any, error) {
		return []any{ms[i].ID}, nil
	}))
	if err != nil {
		c.Release()
		return err
	}
	if int(n) != len(ms) {
		return fmt.Errorf("short copy: %d of %d", n, len(ms))
	}
	c.Release()
	return nil
}

// handlers
type Server struct{ pool *pgxpool.Pool }

func (s *Server) badR702Handler(w http.ResponseWriter, r *http.Request) {
	rows, err := s.pool.Query(r.Context(), "select id, body from outbox") // want "rows is not closed"
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	enc := json.NewEncoder(w)
	for rows.Next() {
		var m Msg
		if err := rows.Scan(&m.ID, &m.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if err := enc.Encode(m); err != nil {
			return
		}
	}
}

func (s *Server) okR702Handler(w http.ResponseWriter, r *http.Request) {
	rows, err := s.pool.Query(r.Context(), "select id, body from outbox")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	enc := json.NewEncoder(w)
	for rows.Next() {
		var m Msg
		if err := rows.Scan(&m.ID, &m.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if err := enc.Encode(m); err != nil {
			return
		}
	}
}

// hellofresh/health-go#31
func (s *Server) badR703Health(w http.ResponseWriter, r *http.Request) {
	if _, err := s.pool.Query(r.Context(), "select 1"); err != nil { // want "result of pool\\.Query is discarded and never closed; use Exec for a statement without rows"
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (s *Server) okR703Health(w http.ResponseWriter, r *http.Request) {
	if err := s.pool.Ping(r.Context()); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// A middleware that puts a transaction under the handler; it recovers.
type txCtx struct{}

func (s *Server) okT704Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tx, err := s.pool.Begin(r.Context())
		if err != nil {
			http.Error(w, "db", http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback(context.WithoutCancel(r.Context()))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), txCtx{}, tx)))
		if err := tx.Commit(r.Context()); err != nil {
			slog.Error("commit", "err", err)
		}
	})
}

func (s *Server) badT704Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tx, err := s.pool.Begin(r.Context()) // want "tx is neither committed nor rolled back"
		if err != nil {
			http.Error(w, "db", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), txCtx{}, tx)))
		if r.Context().Err() != nil {
			return
		}
		if err := tx.Commit(r.Context()); err != nil {
			slog.Error("commit", "err", err)
		}
	})
}
