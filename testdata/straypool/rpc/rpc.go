// Package rpc: gRPC interceptors, hand-written service descriptions and server wiring. The methods of generated services are in
// the folder fixednames, as their names are given.
package rpc

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"example.com/poolvet/testdata/straypool/rpc/orderspb"
)

const dsn = "postgres://orders@db/orders"

// badUnaryInterceptor has the signature of grpc.UnaryServerInterceptor.
func badUnaryInterceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
	if err != nil {
		return nil, status.Error(codes.Unavailable, err.Error())
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "insert into calls (method) values ($1)", info.FullMethod); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// badStreamInterceptor returns the interceptor; the connection is made in it.
func badStreamInterceptor(dsn string) grpc.StreamServerInterceptor {
	return func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		conn, err := pgx.Connect(ss.Context(), dsn) // want `pgx\.Connect runs on each request`
		if err != nil {
			return err
		}
		defer conn.Close(context.Background())
		return errors.Join(handler(srv, ss), conn.Ping(ss.Context()))
	}
}

// okInterceptors build the audit pool when the server is made.
func okInterceptors(ctx context.Context) ([]grpc.ServerOption, error) {
	audit, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	unary := func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		_, _ = audit.Exec(ctx, "insert into calls (method) values ($1)", info.FullMethod)
		return handler(ctx, req)
	}
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(unary)}, nil
}

type ordersServer struct {
	orderspb.UnimplementedOrdersServer
	pool *pgxpool.Pool
}

// okNewServer is the constructor of the service and builds its pool.
func okNewServer(ctx context.Context) (*ordersServer, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("orders: %w", err)
	}
	return &ordersServer{pool: pool}, nil
}

func (s *ordersServer) GetOrder(ctx context.Context, id *wrapperspb.Int64Value) (*wrapperspb.StringValue, error) {
	var state string
	if err := s.pool.QueryRow(ctx, "select state from orders where id = $1", id.GetValue()).Scan(&state); err != nil {
		return nil, status.Error(codes.NotFound, "no such order")
	}
	return wrapperspb.String(state), nil
}

// okServe is a main: everything is made once.
func okServe(ctx context.Context, lis net.Listener) error {
	srv, err := okNewServer(ctx)
	if err != nil {
		return err
	}
	defer srv.pool.Close()
	opts, err := okInterceptors(ctx)
	if err != nil {
		return err
	}
	s := grpc.NewServer(opts...)
	orderspb.RegisterOrdersServer(s, srv)
	grpc_health_v1.RegisterHealthServer(s, health.NewServer())
	return s.Serve(lis)
}

// okClientInterceptor has a pool for its outbox, made outside.
func okClientInterceptor(pool *pgxpool.Pool) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		_, _ = pool.Exec(ctx, "insert into outbox (method) values ($1)", method)
		return invoker(ctx, method, req, reply, cc, opts...)
	}
}

// badServiceDesc registers a service without generated code: the handler of the method connects.
func badServiceDesc(s *grpc.Server) {
	s.RegisterService(&grpc.ServiceDesc{
		ServiceName: "shop.Cache",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{
			MethodName: "Flush",
			Handler: func(_ any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
				if err := dec(new(emptypb.Empty)); err != nil {
					return nil, err
				}
				conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
				if err != nil {
					return nil, err
				}
				defer conn.Close(ctx)
				_, err = conn.Exec(ctx, "truncate cache")
				return new(emptypb.Empty), err
			},
		}},
	}, nil)
}

// badUnknownService handles what no service knows, once per call.
func badUnknownService() *grpc.Server {
	return grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		pool, err := pgxpool.New(stream.Context(), dsn) // want `pgxpool\.New runs on each request`
		if err != nil {
			return err
		}
		defer pool.Close()
		method, _ := grpc.MethodFromServerStream(stream)
		_, err = pool.Exec(stream.Context(), "insert into unknown_calls (method) values ($1)", method)
		return errors.Join(err, status.Error(codes.Unimplemented, method))
	}))
}

// authorize builds its own pool for each look-up.
func authorize(ctx context.Context, method string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	var allowed bool
	if err := pool.QueryRow(ctx, "select allowed from grants where method = $1", method).Scan(&allowed); err != nil {
		return err
	}
	if !allowed {
		return status.Error(codes.PermissionDenied, method)
	}
	return nil
}

// badAuthInterceptor calls the helper for each call.
func badAuthInterceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := authorize(ctx, info.FullMethod); err != nil { // want "authorize builds a pool on each request"
		return nil, err
	}
	return handler(ctx, req)
}
