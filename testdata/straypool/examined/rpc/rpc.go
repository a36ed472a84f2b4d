// Package rpc: gRPC, Connect and Lambda handlers that build pools.
package rpc

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"

	"connectrpc.com/connect"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"example.com/poolvet/testdata/straypool/examined/dbx"
	"example.com/poolvet/testdata/straypool/examined/svc"
)

// UserReq is a request of a gRPC service written by hand.
type UserReq struct{ ID int64 }
type UserResp struct{ Name string }

type UserServer interface {
	GetUser(context.Context, *UserReq) (*UserResp, error)
	Audit(context.Context, *UserReq) (*UserResp, error)
}

type userServer struct{ dsn string }

func (s *userServer) GetUser(ctx context.Context, in *UserReq) (*UserResp, error) {
	db, err := sql.Open("pgx", s.dsn)
	if err != nil {
		return nil, status.Errorf(codes.Unavailable, "open: %v", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	out := new(UserResp)
	if err := db.QueryRowContext(ctx, "select name from users where id=$1", in.ID).Scan(&out.Name); err != nil {
		return nil, status.FromContextError(err).Err()
	}
	return out, nil
}

func (s *userServer) Audit(ctx context.Context, in *UserReq) (*UserResp, error) {
	if err := svc.AuditRow(ctx, "user"); err != nil {
		return nil, status.Error(codes.Internal, err.Error())
	}
	return &UserResp{}, nil
}

func badGetUserHandler(srv any, ctx context.Context, dec func(any) error, ic grpc.UnaryServerInterceptor) (any, error) {
	in := new(UserReq)
	if err := dec(in); err != nil {
		return nil, err
	}
	if ic == nil {
		return srv.(UserServer).GetUser(ctx, in) // want "GetUser may build a pool on each request"
	}
	return ic(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: "/u.Users/Get"}, func(ctx context.Context, req any) (any, error) {
		return srv.(UserServer).GetUser(ctx, req.(*UserReq)) // want "GetUser may build a pool on each request"
	})
}

func badAuditHandler(srv any, ctx context.Context, dec func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	in := new(UserReq)
	if err := dec(in); err != nil {
		return nil, err
	}
	return srv.(UserServer).Audit(ctx, in) // want "Audit may build a connection of its own on each request"
}

var userDesc = grpc.ServiceDesc{
	ServiceName: "u.Users",
	HandlerType: (*UserServer)(nil),
	Methods: []grpc.MethodDesc{
		{MethodName: "Get", Handler: badGetUserHandler},
		{MethodName: "Audit", Handler: badAuditHandler},
	},
}

// Register registers the service.
func Register(s *grpc.Server, dsn string) { s.RegisterService(&userDesc, &userServer{dsn: dsn}) }

func badGrpcInterceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	pool, err := dbx.NewPool(ctx, os.Getenv("DSN")) // want `dbx\.NewPool builds a pool on each request`
	if err != nil {
		return nil, status.Error(codes.Unavailable, "db")
	}
	defer pool.Close()
	return handler(context.WithValue(ctx, poolKey{}, pool), req)
}

type poolKey struct{}

func badGrpcStreamInterceptor(dsn string) grpc.ServerOption {
	return grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, h grpc.StreamHandler) error {
		c, err := pgx.Connect(ss.Context(), dsn) // want `pgx\.Connect runs on each request`
		if err != nil {
			return err
		}
		defer c.Close(ss.Context())
		if _, err = c.Exec(ss.Context(), "select 1"); err != nil {
			return err
		}
		return h(srv, ss)
	})
}

type Ledger struct{ dsn string }

func (l *Ledger) badConnectMethod(ctx context.Context, req *connect.Request[UserReq]) (*connect.Response[UserResp], error) {
	st, err := dbx.NewStore(ctx, l.dsn) // want `dbx\.NewStore builds a pool on each request`
	if err != nil {
		return nil, connect.NewError(connect.CodeUnavailable, err)
	}
	defer st.Close()
	if _, err := st.Count(ctx); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&UserResp{}), nil
}

func badConnectUnaryHandler(dsn string) *connect.Handler {
	return connect.NewUnaryHandler("/ledger/Get", func(ctx context.Context, r *connect.Request[UserReq]) (*connect.Response[UserResp], error) {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs on each request`
		if err != nil {
			return nil, connect.NewError(connect.CodeUnavailable, errors.New("db"))
		}
		defer pool.Close()
		return connect.NewResponse(&UserResp{Name: pool.Config().ConnString()}), nil
	})
}

func badLambdaAPIGW(ctx context.Context, ev events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	db, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `gorm\.Open runs on each invocation`
	if err != nil {
		return events.APIGatewayProxyResponse{StatusCode: 500}, err
	}
	var n int64
	if err := db.WithContext(ctx).Table("orders").Count(&n).Error; err != nil {
		return events.APIGatewayProxyResponse{StatusCode: 500}, err
	}
	b, _ := json.Marshal(n)
	return events.APIGatewayProxyResponse{StatusCode: 200, Body: string(b)}, nil
}

func StartA() { lambda.Start(badLambdaAPIGW) }

func badLambdaSQSInline() {
	lambda.Start(func(ctx context.Context, ev events.SQSEvent) error {
		for _, rec := range ev.Records {
			db := dbx.MustOpen(os.Getenv("DSN")) // want `dbx\.MustOpen builds a pool in a loop`
			if _, err := db.ExecContext(ctx, "insert into inbox values($1)", rec.Body); err != nil {
				db.Close()
				return err
			}
			db.Close()
		}
		return nil
	})
}

type lambdaH struct{ dsn string }

func (h lambdaH) badLambdaMethod(ctx context.Context, in struct{ Name string }) (string, error) {
	conn, err := pgx.Connect(ctx, h.dsn) // want `pgx\.Connect runs on each invocation`
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	var s string
	return s, conn.QueryRow(ctx, "select greeting($1)", in.Name).Scan(&s)
}

func StartB() { h := lambdaH{os.Getenv("DSN")}; lambda.StartWithOptions(h.badLambdaMethod) }
