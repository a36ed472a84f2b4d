// Package ctxs: what the context of a call does. Ending it frees what database/sql holds, except a Conn, and nothing in pgx.
package ctxs

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	listNames = "select name from users"
	touchUser = "update users set seen = now() where id = $1"
)

// Server has both kinds of handle.
type Server struct {
	db   *sql.DB
	pool *pgxpool.Pool
}

// okOwnTimeout: the deferred cancel closes the rows of database/sql.
func (s *Server) okOwnTimeout() (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	rows, err := s.db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okOwnCancelOfTx: the deferred cancel rolls back.
func (s *Server) okOwnCancelOfTx(parent context.Context, id int64) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, touchUser, id); err != nil {
		return err
	}
	return tx.Commit()
}

// okOwnCancelOfRow: so does an unscanned Row end.
func (s *Server) okOwnCancelOfRow(parent context.Context, id int64) error {
	ctx, cancel := context.WithDeadline(parent, time.Now().Add(time.Second))
	defer cancel()
	return s.db.QueryRowContext(ctx, "select touch($1)", id).Err()
}

// okDerivedContext: a value on top of the cancelled context changes nothing.
func (s *Server) okDerivedContext(parent context.Context) (bool, error) {
	ctx, cancel := context.WithTimeoutCause(parent, time.Second, http.ErrHandlerTimeout)
	defer cancel()
	rows, err := s.db.QueryContext(context.WithValue(ctx, key{}, "names"), listNames)
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

type key struct{}

// okCancelOnEachPath cancels without defer.
func (s *Server) okCancelOnEachPath(parent context.Context) (ok bool, err error) {
	ctx, cancel := context.WithCancel(parent)
	rows, err := s.db.QueryContext(ctx, listNames)
	if err != nil {
		cancel()
		return false, err
	}
	ok = rows.Next()
	err = rows.Err()
	cancel()
	return ok, err
}

// okRequestContext: net/http ends it after the handler; the rows are late, not lost.
func (s *Server) okRequestContext(w http.ResponseWriter, r *http.Request) {
	rows, err := s.db.QueryContext(r.Context(), listNames)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var name string
	if rows.Next() {
		if err := rows.Scan(&name); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	_ = json.NewEncoder(w).Encode(name)
}

// okRequestContextVariable: by way of a variable.
func (s *Server) okRequestContextVariable(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var n int
	if err := tx.QueryRowContext(ctx, "select count(*) from users").Scan(&n); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = tx.Commit()
}

// badUnknownContext: nobody knows when the caller's context ends.
func (s *Server) badUnknownContext(ctx context.Context) (bool, error) {
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badOtherContext cancels a context the query does not have.
func (s *Server) badOtherContext(ctx context.Context) (bool, error) {
	pingCtx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := s.db.PingContext(pingCtx); err != nil {
		return false, err
	}
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badWithoutContext: the method without a context uses Background.
func (s *Server) badWithoutContext() (bool, error) {
	_, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	rows, err := s.db.Query(listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badWithoutCancel cuts the cancellation off.
func (s *Server) badWithoutCancel(parent context.Context, id int64) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	tx, err := s.db.BeginTx(context.WithoutCancel(ctx), nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, touchUser, id); err != nil {
		return err
	}
	return tx.Commit()
}

// badPgxOwnTimeout: pgx holders outlive their context.
func (s *Server) badPgxOwnTimeout(parent context.Context, id int64) error {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	defer cancel()
	tx, err := s.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, touchUser, id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badPgxRequestContext loses one connection per request.
func (s *Server) badPgxRequestContext(w http.ResponseWriter, r *http.Request) {
	rows, err := s.pool.Query(r.Context(), listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	var name string
	if rows.Next() {
		if err := rows.Scan(&name); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	_ = json.NewEncoder(w).Encode(name)
}

// badConnOwnTimeout: of database/sql only the Conn does not end with its context.
func (s *Server) badConnOwnTimeout(parent context.Context) error {
	ctx, cancel := context.WithTimeout(parent, time.Second)
	defer cancel()
	conn, err := s.db.Conn(ctx) // want "conn is n(ot|ever) (closed|released)"
	if err != nil {
		return err
	}
	return conn.PingContext(ctx)
}

// badConnRequestContext: also with the context of a request.
func (s *Server) badConnRequestContext(w http.ResponseWriter, r *http.Request) {
	conn, err := s.db.Conn(r.Context()) // want "conn is n(ot|ever) (closed|released)"
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if err := conn.PingContext(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	if err := conn.Close(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// badCancelSkipped cancels on one path only.
func (s *Server) badCancelSkipped(parent context.Context) (name string, err error) {
	ctx, cancel := context.WithCancel(parent)
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		cancel()
		return "", err
	}
	if rows.Next() {
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
	}
	cancel()
	return name, nil
}
