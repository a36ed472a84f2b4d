// Package grpcs: methods of generated gRPC services. Their names are given, so they do not say whether they are right.
package grpcs

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/poolvet/testdata/straypool/rpc/orderspb"
)

const dsn = "postgres://orders@db/orders"

// perCall makes its connections in the methods.
type perCall struct {
	orderspb.UnimplementedOrdersServer
}

func (perCall) GetOrder(ctx context.Context, id *wrapperspb.Int64Value) (*wrapperspb.StringValue, error) {
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	var state string
	err = conn.QueryRow(ctx, "select state from orders where id = $1", id.GetValue()).Scan(&state)
	return wrapperspb.String(state), err
}

func (p perCall) DeleteOrder(ctx context.Context, id *wrapperspb.Int64Value) (*emptypb.Empty, error) {
	db, err := p.open() // want `p\.open builds a pool on each request`
	if err != nil {
		return nil, err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, "delete from orders where id = $1", id.GetValue())
	return new(emptypb.Empty), err
}

func (perCall) open() (*sql.DB, error) { return sql.Open("pgx", dsn) }

func (perCall) WatchOrders(_ *emptypb.Empty, stream grpc.ServerStreamingServer[wrapperspb.StringValue]) error {
	ctx := stream.Context()
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(ctx, "listen orders"); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if err := stream.Send(wrapperspb.String(n.Payload)); err != nil {
			return err
		}
	}
}

func (perCall) ImportOrders(stream orderspb.Orders_ImportOrdersServer) error {
	pool, err := pgxpool.New(stream.Context(), dsn) // want `pgxpool\.New runs on each request`
	if err != nil {
		return err
	}
	defer pool.Close()
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(new(emptypb.Empty))
		}
		if err != nil {
			return err
		}
		if _, err := pool.Exec(stream.Context(), "insert into orders (state) values ($1)", m.GetValue()); err != nil {
			return err
		}
	}
}

// shared makes its pool at the first call and keeps it.
type shared struct {
	orderspb.UnimplementedOrdersServer
	mu   sync.Mutex
	pool *pgxpool.Pool
}

func (s *shared) get(ctx context.Context) (*pgxpool.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool == nil {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			return nil, err
		}
		s.pool = pool
	}
	return s.pool, nil
}

func (s *shared) GetOrder(ctx context.Context, id *wrapperspb.Int64Value) (*wrapperspb.StringValue, error) {
	pool, err := s.get(ctx)
	if err != nil {
		return nil, err
	}
	var state string
	err = pool.QueryRow(ctx, "select state from orders where id = $1", id.GetValue()).Scan(&state)
	return wrapperspb.String(state), err
}

func (s *shared) WatchOrders(_ *emptypb.Empty, stream grpc.ServerStreamingServer[wrapperspb.StringValue]) error {
	pool, err := s.get(stream.Context())
	if err != nil {
		return err
	}
	return pool.AcquireFunc(stream.Context(), func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(stream.Context(), "listen orders")
		return err
	})
}

// prober is a health service that connects on each probe.
type prober struct {
	grpc_health_v1.UnimplementedHealthServer
}

func (prober) Check(ctx context.Context, _ *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	serving := grpc_health_v1.HealthCheckResponse_SERVING
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
	if err != nil || db.PingContext(ctx) != nil {
		serving = grpc_health_v1.HealthCheckResponse_NOT_SERVING
	}
	if db != nil {
		_ = db.Close()
	}
	return &grpc_health_v1.HealthCheckResponse{Status: serving}, nil
}

// okRegister is wiring.
func okRegister(s *grpc.Server) {
	orderspb.RegisterOrdersServer(s, &shared{})
	grpc_health_v1.RegisterHealthServer(s, prober{})
}

// importer is no service: the same parameters, but nothing registers it and nothing is embedded. A command runs it once.
type importer struct{}

func (importer) okRunImport(ctx context.Context, file string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, "copy orders from $1", file)
	return db, err
}
