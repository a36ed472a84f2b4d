// Package streams: a transaction or connection is held while a client reads at its own pace. S3.
package streams

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

type Exports struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

func (e *Exports) BadDownload(w http.ResponseWriter, r *http.Request) {
	tx, err := e.pool.BeginTx(r.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer tx.Rollback(r.Context())
	rows, err := tx.Query(r.Context(), "select line from export")
	if err != nil {
		http.Error(w, "no export", http.StatusInternalServerError)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var line []byte
		if err := rows.Scan(&line); err != nil {
			return
		}
		if _, err := w.Write(line); err != nil { // want `tx is held while`
			return
		}
	}
}

// OkDownload writes into memory, ends the transaction and sends then.
func (e *Exports) OkDownload(w http.ResponseWriter, r *http.Request) {
	var buf bytes.Buffer
	err := pgx.BeginFunc(r.Context(), e.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(r.Context(), "select line from export")
		if err != nil {
			return err
		}
		var line []byte
		_, err = pgx.ForEachRow(rows, []any{&line}, func() error {
			_, err := buf.Write(line)
			return err
		})
		return err
	})
	if err != nil {
		http.Error(w, "no export", http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(buf.Bytes())
}

// BadWatch streams each row to a gRPC client.
func (e *Exports) BadWatch(_ *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	ctx := stream.Context()
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select state from states")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state int32
		if err := rows.Scan(&state); err != nil {
			return err
		}
		err := stream.Send(&healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_ServingStatus(state)}) // want `tx is held while`
		if err != nil {
			return err
		}
	}
	return rows.Err()
}

// OkWatch collects first.
func (e *Exports) OkWatch(_ *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	rows, err := e.pool.Query(stream.Context(), "select state from states")
	if err != nil {
		return err
	}
	states, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return err
	}
	for _, s := range states {
		if err := stream.Send(&healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_ServingStatus(s)}); err != nil {
			return err
		}
	}
	return nil
}

// BadImport holds its transaction for the life of the stream, as spicedb did.
func (e *Exports) BadImport(stream grpc.ClientStreamingServer[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse]) error {
	ctx := stream.Context()
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for {
		msg, err := stream.Recv() // want `tx is held while`
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "insert into imports values ($1)", msg.GetService()); err != nil {
			return err
		}
	}
}

// OkImport has a transaction for each message.
func (e *Exports) OkImport(stream grpc.ClientStreamingServer[healthpb.HealthCheckRequest, healthpb.HealthCheckResponse]) error {
	for {
		msg, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := e.insert(stream.Context(), msg.GetService()); err != nil {
			return err
		}
	}
}

func (e *Exports) insert(ctx context.Context, name string) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into imports values ($1)", name); err != nil {
		return err
	}
	return tx.Commit()
}

// BadFlush: server-sent events on an acquired connection.
func (e *Exports) BadFlush(w http.ResponseWriter, r *http.Request) {
	conn, err := e.pool.Acquire(r.Context())
	if err != nil {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	defer conn.Release()
	flusher := http.NewResponseController(w)
	for r.Context().Err() == nil {
		var event string
		if err := conn.QueryRow(r.Context(), "select next_event()").Scan(&event); err != nil {
			return
		}
		if err := flusher.Flush(); err != nil { // want `conn is held while`
			return
		}
	}
}

// OkEncode encodes into memory while the transaction is open.
func (e *Exports) OkEncode(ctx context.Context, items []string) error {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var buf bytes.Buffer
	if err := json.NewEncoder(&buf).Encode(items); err != nil {
		return err
	}
	lines := csv.NewWriter(&buf)
	if err := lines.Write(items); err != nil {
		return err
	}
	lines.Flush()
	if _, err := tx.ExecContext(ctx, "insert into blobs values ($1)", buf.Bytes()); err != nil {
		return err
	}
	return tx.Commit()
}
