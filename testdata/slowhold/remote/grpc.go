package remote

import (
	"context"
	"errors"

	"connectrpc.com/connect"
	"github.com/jackc/pgx/v5/pgxpool"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"
)

type Fleet struct {
	pool   *pgxpool.Pool
	health healthpb.HealthClient
	cc     *grpc.ClientConn
	quota  *connect.Client[emptypb.Empty, emptypb.Empty]
}

func NewFleet(pool *pgxpool.Pool, target string) (*Fleet, error) {
	cc, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	return &Fleet{pool: pool, cc: cc, health: healthpb.NewHealthClient(cc)}, nil
}

// BadGenerated calls a client that protoc-gen-go-grpc has written.
func (f *Fleet) BadGenerated(ctx context.Context, id int64) error {
	tx, err := f.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	res, err := f.health.Check(ctx, &healthpb.HealthCheckRequest{Service: "vehicle"}) // want `tx is held while`
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update vehicles set state = $2 where id = $1", id, res.GetStatus()); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (f *Fleet) OkGenerated(ctx context.Context, id int64) error {
	res, err := f.health.Check(ctx, &healthpb.HealthCheckRequest{Service: "vehicle"})
	if err != nil {
		return err
	}
	tx, err := f.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update vehicles set state = $2 where id = $1", id, res.GetStatus()); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (f *Fleet) BadInvoke(ctx context.Context) error {
	conn, err := f.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var out emptypb.Empty
	if err := f.cc.Invoke(ctx, "/fleet.Fleet/Ping", &emptypb.Empty{}, &out); err != nil { // want `conn is held while`
		return err
	}
	_, err = conn.Exec(ctx, "insert into pings default values")
	return err
}

func (f *Fleet) BadConnect(ctx context.Context) error {
	tx, err := f.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := f.quota.CallUnary(ctx, connect.NewRequest(&emptypb.Empty{})); err != nil { // want `tx is held while`
		return err
	}
	return tx.Commit(ctx)
}

// OkMetadata makes what gRPC needs; nothing goes over the wire.
func (f *Fleet) OkMetadata(ctx context.Context, id int64) (context.Context, error) {
	tx, err := f.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(ctx)
	var token string
	if err := tx.QueryRow(ctx, "select token from vehicles where id = $1", id).Scan(&token); err != nil {
		return nil, err
	}
	out := metadata.AppendToOutgoingContext(ctx, "authorization", token)
	if f.cc.Target() == "" {
		return nil, errors.New("no target")
	}
	return out, tx.Commit(ctx)
}
