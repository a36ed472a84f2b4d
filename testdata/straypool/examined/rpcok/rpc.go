// Package rpcok: gRPC, Connect and Lambda handlers that share a pool.
package rpcok

import (
	"context"
	"database/sql"
	"os"

	"connectrpc.com/connect"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

type okGrpcHealth struct {
	healthpb.UnimplementedHealthServer
	pool *pgxpool.Pool
}

func (h *okGrpcHealth) Check(ctx context.Context, _ *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	s := healthpb.HealthCheckResponse_SERVING
	if h.pool.Ping(ctx) != nil {
		s = healthpb.HealthCheckResponse_NOT_SERVING
	}
	return &healthpb.HealthCheckResponse{Status: s}, nil
}

func okGrpcServerWiring(ctx context.Context) (*grpc.Server, error) {
	pool, err := dbx.NewPool(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	s := grpc.NewServer(grpc.UnaryInterceptor(okInterceptorCtor(pool)))
	healthpb.RegisterHealthServer(s, &okGrpcHealth{pool: pool})
	return s, nil
}

func okInterceptorCtor(pool *pgxpool.Pool) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
		return h(context.WithValue(ctx, key{}, pool), req)
	}
}

type key struct{}

func okInterceptorBuildsOnce(dsn string) grpc.ServerOption {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		panic(err)
	}
	return grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, i *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
		_, _ = db.ExecContext(ctx, "insert into calls values($1)", i.FullMethod)
		return h(ctx, req)
	})
}

type In struct{ ID int }
type Out struct{ N int }

type Svc struct{ st *dbx.Store }

func okNewConnectSvc(ctx context.Context, dsn string) (*connect.Handler, error) {
	st, err := dbx.NewStore(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return connect.NewUnaryHandler("/s/Get", (&Svc{st}).okConnectGet), nil
}

func (s *Svc) okConnectGet(ctx context.Context, r *connect.Request[In]) (*connect.Response[Out], error) {
	n, err := s.st.Count(ctx)
	if err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&Out{N: n}), nil
}

// cold is built when an instance starts.
var cold = dbx.MustOpen(os.Getenv("DSN"))

func okLambdaColdStart(ctx context.Context, ev events.SQSEvent) error {
	for _, r := range ev.Records {
		if _, err := cold.ExecContext(ctx, "insert into inbox values($1)", r.Body); err != nil {
			return err
		}
	}
	return nil
}

var warm *pgx.Conn

// okLambdaWarm keeps the connection for the next invocation; an instance has one at a time.
func okLambdaWarm(ctx context.Context, ev events.CloudWatchEvent) (err error) {
	if warm == nil || warm.IsClosed() {
		if warm, err = pgx.Connect(ctx, os.Getenv("DSN")); err != nil {
			return err
		}
	}
	_, err = warm.Exec(ctx, "insert into ev values($1)", ev.ID)
	return err
}

func okLambdaMain() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	lambda.StartWithOptions(func(ctx context.Context, in In) (Out, error) {
		var o Out
		return o, pool.QueryRow(ctx, "select $1::int", in.ID).Scan(&o.N)
	}, lambda.WithContext(ctx))
}

func init() { lambdaGuard() }

func lambdaGuard() {
	if os.Getenv("AWS_LAMBDA_FUNCTION_NAME") != "" {
		lambda.Start(okLambdaWarm)
	}
}

type lambdaDeps struct{ p *pgxpool.Pool }

func okNewLambdaDeps() *lambdaDeps {
	p, err := pgxpool.New(context.Background(), os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	return &lambdaDeps{p}
}

func (d *lambdaDeps) okLambdaHandle(ctx context.Context, in In) error {
	_, err := d.p.Exec(ctx, "select $1", in.ID)
	return err
}

func StartDeps() { lambda.Start(okNewLambdaDeps().okLambdaHandle) }
