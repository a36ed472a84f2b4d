// Package fixednames: methods that build pools and have the names that interfaces give them.
package fixednames

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

type refreshJob struct{ DSN string }

func (j refreshJob) Run() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, j.DSN) // want `pgxpool\.New runs on each tick`
	if err != nil {
		slog.Error("pool", "err", err)
		return
	}
	defer pool.Close()
	_, _ = pool.Exec(ctx, "refresh materialized view mv")
}

func Schedule(c *cron.Cron) { c.Schedule(cron.Every(time.Hour), refreshJob{os.Getenv("DSN")}) }

type EmailArgs struct{ To string }

func (EmailArgs) Kind() string { return "email" }

type mailWorker struct {
	river.WorkerDefaults[EmailArgs]
	url string
}

func (w *mailWorker) Work(ctx context.Context, job *river.Job[EmailArgs]) error {
	conn, err := pgx.Connect(ctx, w.url) // want `pgx\.Connect runs for each job`
	if err != nil {
		return fmt.Errorf("river email %d: %w", job.ID, err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "insert into sent values($1)", job.Args.To)
	return err
}

type clock struct{ DSN string }

func (h *clock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := pgx.Connect(r.Context(), h.DSN) // want `pgx\.Connect runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer conn.Close(r.Context())
	var now time.Time
	if err := conn.QueryRow(r.Context(), "select now()").Scan(&now); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, now)
}

// lazyAPI connects with a function that its constructor sets.
type lazyAPI struct {
	dial func(context.Context) (*pgx.Conn, error)
}

func newLazyAPI(dsn string) *lazyAPI {
	return &lazyAPI{dial: func(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, dsn) }}
}

func (l *lazyAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := l.dial(r.Context()) // want `l\.dial builds a connection of its own on each request`
	if err != nil {
		http.Error(w, "no", 500)
		return
	}
	defer c.Close(r.Context())
}

func routeLazy(mux *http.ServeMux) { mux.Handle("/l", newLazyAPI(os.Getenv("DSN"))) }

// healthServer connects on each probe.
type healthServer struct {
	healthpb.UnimplementedHealthServer
	url string
}

func (h *healthServer) Check(ctx context.Context, _ *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	conn, err := pgx.Connect(ctx, h.url) // want `pgx\.Connect runs on each request`
	if err != nil {
		return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_NOT_SERVING}, nil
	}
	defer func() { _ = conn.Close(ctx) }()
	return &healthpb.HealthCheckResponse{Status: healthpb.HealthCheckResponse_SERVING}, nil
}
