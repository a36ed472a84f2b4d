// Package services: longer functions as they stand in handlers, workers and migrations, each with one claim.
package services

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// API serves orders.
type API struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

type order struct {
	ID      int64     `json:"id"`
	Total   int64     `json:"total"`
	Created time.Time `json:"created"`
}

// okExportCSV streams a result; the deferred Close covers a client that goes away.
func (a *API) okExportCSV(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	since, err := time.Parse(time.DateOnly, r.URL.Query().Get("since"))
	if err != nil {
		http.Error(w, "since: "+err.Error(), http.StatusBadRequest)
		return
	}
	rows, err := a.pool.Query(ctx, "select id, total, created from orders where created >= $1", since)
	if err != nil {
		a.log.ErrorContext(ctx, "export", "err", err)
		http.Error(w, "export failed", http.StatusInternalServerError)
		return
	}
	defer rows.Close()

	w.Header().Set("Content-Type", "text/csv")
	out := csv.NewWriter(w)
	for rows.Next() {
		var o order
		if err := rows.Scan(&o.ID, &o.Total, &o.Created); err != nil {
			a.log.ErrorContext(ctx, "export", "err", err)
			return
		}
		if err := out.Write([]string{strconv.FormatInt(o.ID, 10), strconv.FormatInt(o.Total, 10)}); err != nil {
			return // the client has gone
		}
	}
	if err := rows.Err(); err != nil {
		a.log.ErrorContext(ctx, "export", "err", err)
	}
	out.Flush()
}

// badExportCSV has the Close behind the loop, which a client that goes away skips.
func (a *API) badExportCSV(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	rows, err := a.pool.Query(ctx, "select id, total, created from orders") // want "rows is not closed"
	if err != nil {
		a.log.ErrorContext(ctx, "export", "err", err)
		http.Error(w, "export failed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	out := csv.NewWriter(w)
	for rows.Next() {
		var o order
		if err := rows.Scan(&o.ID, &o.Total, &o.Created); err != nil {
			a.log.ErrorContext(ctx, "export", "err", err)
			return
		}
		if err := out.Write([]string{strconv.FormatInt(o.ID, 10), strconv.FormatInt(o.Total, 10)}); err != nil {
			return
		}
	}
	rows.Close()
	out.Flush()
}

// okCreateOrder validates, inserts and reads back in one transaction.
func (a *API) okCreateOrder(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Items []struct {
			SKU   string
			Count int
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx := r.Context()
	tx, err := a.pool.Begin(ctx)
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer func() {
		if err := tx.Rollback(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			a.log.WarnContext(ctx, "rollback", "err", err)
		}
	}()
	var o order
	if err := tx.QueryRow(ctx, "insert into orders default values returning id, created").Scan(&o.ID, &o.Created); err != nil {
		http.Error(w, "insert", http.StatusInternalServerError)
		return
	}
	batch := &pgx.Batch{}
	for _, item := range in.Items {
		batch.Queue("insert into items (order_id, sku, count) values ($1, $2, $3)", o.ID, item.SKU, item.Count)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		var pgErr *pgconn.PgError
		if errors.As(err, &pgErr) && pgErr.Code == "23503" {
			http.Error(w, "unknown sku", http.StatusUnprocessableEntity)
			return
		}
		http.Error(w, "items", http.StatusInternalServerError)
		return
	}
	if err := tx.Commit(ctx); err != nil {
		http.Error(w, "commit", http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(o)
}

// badCancelOrder rolls back on errors of the database and forgets the order that is shipped already.
func (a *API) badCancelOrder(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.Error(w, "id", http.StatusBadRequest)
		return
	}
	tx, err := a.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	var status string
	switch err := tx.QueryRow(ctx, "select status from orders where id = $1 for update", id).Scan(&status); {
	case errors.Is(err, pgx.ErrNoRows):
		_ = tx.Rollback(ctx)
		http.NotFound(w, r)
		return
	case err != nil:
		_ = tx.Rollback(ctx)
		http.Error(w, "select", http.StatusInternalServerError)
		return
	}
	if status == "shipped" {
		http.Error(w, "too late", http.StatusConflict)
		return
	}
	if _, err := tx.Exec(ctx, "update orders set status = 'cancelled' where id = $1", id); err != nil {
		_ = tx.Rollback(ctx)
		http.Error(w, "update", http.StatusInternalServerError)
		return
	}
	if err := tx.Commit(ctx); err != nil {
		http.Error(w, "commit", http.StatusInternalServerError)
	}
}

type txKey struct{}

// okTxMiddleware gives each request a transaction and ends it by the status.
func (a *API) okTxMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		tx, err := a.pool.Begin(ctx)
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
		rec := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r.WithContext(context.WithValue(ctx, txKey{}, tx)))
		if rec.status < 400 {
			if err := tx.Commit(ctx); err != nil {
				a.log.ErrorContext(ctx, "commit", "err", err)
			}
		}
	})
}

// badTxMiddleware ends it on success only.
func (a *API) badTxMiddleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		conn, err := a.pool.Acquire(ctx) // want "conn is not released"
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		if _, err := conn.Exec(ctx, "set role "+pgx.Identifier{r.Header.Get("X-Role")}.Sanitize()); err != nil {
			http.Error(w, "role", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
		_, _ = conn.Exec(ctx, "reset role")
		conn.Release()
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader keeps the status.
func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// okSearch builds its query and reads pages.
func (a *API) okSearch(ctx context.Context, text string, limit int) (out []order, next int64, err error) {
	var where []string
	var args []any
	if text != "" {
		args = append(args, text)
		where = append(where, fmt.Sprintf("note ilike $%d", len(args)))
	}
	q := "select id, total, created from orders"
	if len(where) > 0 {
		q += " where " + strings.Join(where, " and ")
	}
	args = append(args, limit+1)
	rows, err := a.pool.Query(ctx, fmt.Sprintf("%s order by id limit $%d", q, len(args)), args...)
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o order, err error) {
		err = row.Scan(&o.ID, &o.Total, &o.Created)
		return o, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	if len(out) > limit {
		next = out[limit].ID
		out = out[:limit]
	}
	return out, next, nil
}

// badReadiness asks two things and loses the rows of the first when the second fails.
func (a *API) badReadiness(ctx context.Context, replica *sql.DB) error {
	rows, err := a.pool.Query(ctx, "select pid from pg_stat_activity where wait_event_type = 'Lock'") // want "rows is not closed"
	if err != nil {
		return err
	}
	if err := replica.PingContext(ctx); err != nil {
		return fmt.Errorf("replica: %w", err)
	}
	blocked := 0
	for rows.Next() {
		blocked++
	}
	if blocked > 10 {
		return fmt.Errorf("%d queries wait for locks", blocked)
	}
	return rows.Err()
}
