package frameworks

import (
	"context"
	"net/http"

	"connectrpc.com/connect"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

type greeter struct{ pool *pgxpool.Pool }

// badGreet is a unary method, as the generated interface asks for it.
func (g *greeter) badGreet(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
	if err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	defer conn.Close(ctx)
	var name string
	if err := conn.QueryRow(ctx, "select name from people where id = $1", req.Msg.GetValue()).Scan(&name); err != nil {
		return nil, connect.NewError(connect.CodeNotFound, err)
	}
	return connect.NewResponse(wrapperspb.String(name)), nil
}

// badWatch is a stream: one pool for each watching client.
func (g *greeter) badWatch(ctx context.Context, _ *connect.Request[emptypb.Empty], stream *connect.ServerStream[wrapperspb.StringValue]) error {
	pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs on each request`
	if err != nil {
		return err
	}
	defer pool.Close()
	var at string
	if err := pool.QueryRow(ctx, "select now()::text").Scan(&at); err != nil {
		return err
	}
	return stream.Send(wrapperspb.String(at))
}

func (g *greeter) okGreet(ctx context.Context, req *connect.Request[wrapperspb.StringValue]) (*connect.Response[wrapperspb.StringValue], error) {
	var name string
	if err := g.pool.QueryRow(ctx, "select name from people where id = $1", req.Msg.GetValue()).Scan(&name); err != nil {
		return nil, connect.NewError(connect.CodeNotFound, err)
	}
	return connect.NewResponse(wrapperspb.String(name)), nil
}

// okConnectMux builds the pool and the interceptor once.
func okConnectMux(ctx context.Context) (*http.ServeMux, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	g := &greeter{pool: pool}
	mux := http.NewServeMux()
	opts := connect.WithInterceptors(okConnectInterceptor(pool))
	mux.Handle("/greet.v1/Greet", connect.NewUnaryHandler("/greet.v1/Greet", g.okGreet, opts))
	mux.Handle("/greet.v1/Old", connect.NewUnaryHandler("/greet.v1/Old", g.badGreet, opts))
	mux.Handle("/greet.v1/Watch", connect.NewServerStreamHandler("/greet.v1/Watch", g.badWatch, opts))
	return mux, nil
}

func okConnectInterceptor(pool *pgxpool.Pool) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			_, _ = pool.Exec(ctx, "insert into audit (call) values ($1)", req.Spec().Procedure)
			return next(ctx, req)
		}
	}
}

// badConnectInterceptor connects inside the innermost function.
func badConnectInterceptor(dsn string) connect.UnaryInterceptorFunc {
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
			conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs on each request`
			if err != nil {
				return nil, err
			}
			defer conn.Close(ctx)
			_, _ = conn.Exec(ctx, "insert into audit (call) values ($1)", req.Spec().Procedure)
			return next(ctx, req)
		}
	}
}

// badConnectLiteral gives the handler a literal.
func badConnectLiteral(mux *http.ServeMux) {
	const procedure = "/ping.v1/Ping"
	mux.Handle(procedure, connect.NewUnaryHandler(procedure,
		func(ctx context.Context, _ *connect.Request[emptypb.Empty]) (*connect.Response[emptypb.Empty], error) {
			pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs on each request`
			if err != nil {
				return nil, err
			}
			defer pool.Close()
			return connect.NewResponse(&emptypb.Empty{}), pool.Ping(ctx)
		}))
}
