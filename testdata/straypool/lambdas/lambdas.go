// Package lambdas: AWS Lambda handlers. A process serves many events, one after the other, so a pool per event is as wrong here as in
// a server, and a pool that survives the event is right.
package lambdas

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

func badGateway(ctx context.Context, req events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want `sql\.Open runs on each invocation`
	if err != nil {
		return events.APIGatewayProxyResponse{StatusCode: 500}, err
	}
	defer db.Close()
	var name string
	if err := db.QueryRowContext(ctx, "select name from users where id = $1", req.PathParameters["id"]).Scan(&name); err != nil {
		return events.APIGatewayProxyResponse{StatusCode: 404}, nil
	}
	return events.APIGatewayProxyResponse{StatusCode: 200, Body: name}, nil
}

// okStartGateway registers a handler; it builds nothing itself.
func okStartGateway() { lambda.Start(badGateway) }

func badSQS(ctx context.Context, ev events.SQSEvent) error {
	conn, err := pgx.Connect(ctx, os.Getenv("DSN")) // want `pgx\.Connect runs on each invocation`
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, m := range ev.Records {
		if _, err := conn.Exec(ctx, "insert into inbox (body) values ($1)", m.Body); err != nil {
			return fmt.Errorf("%s: %w", m.MessageId, err)
		}
	}
	return nil
}

// resize has a type of its own for the event: only the registration says that it is a handler.
type resize struct {
	Key  string
	Size int
}

func badOwnEvent(ctx context.Context, in resize) (string, error) {
	pool, err := pgxpool.New(ctx, os.Getenv("DSN")) // want `pgxpool\.New runs on each invocation`
	if err != nil {
		return "", err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, "update images set size = $2 where key = $1", in.Key, in.Size)
	return in.Key, err
}

func start(what string) {
	switch what {
	case "sqs":
		lambda.Start(badSQS)
	case "resize":
		lambda.StartWithOptions(badOwnEvent)
	}
}

// badLiteral is a main with the handler in place.
func badLiteral() {
	lambda.Start(func(ctx context.Context, ev events.S3Event) error {
		db, err := sqlx.ConnectContext(ctx, "postgres", os.Getenv("DSN")) // want `sqlx\.ConnectContext runs on each invocation`
		if err != nil {
			return err
		}
		defer db.Close()
		for _, r := range ev.Records {
			db.MustExec("insert into objects (key) values ($1)", r.S3.Object.Key)
		}
		return nil
	})
}

// okOutside builds before Start; the literal uses it.
func okOutside() {
	db := sqlx.MustConnect("postgres", os.Getenv("DSN"))
	lambda.Start(func(ctx context.Context, ev events.S3Event) error {
		for _, r := range ev.Records {
			if _, err := db.ExecContext(ctx, "insert into objects (key) values ($1)", r.S3.Object.Key); err != nil {
				return err
			}
		}
		return nil
	})
}

// db is made at the cold start.
var db = mustOpen()

func mustOpen() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func okPackageVariable(ctx context.Context, ev events.CloudWatchEvent) error {
	_, err := db.ExecContext(ctx, "insert into ticks (at) values ($1)", ev.Time)
	return err
}

var warm *pgxpool.Pool

// okWarm asks first, then builds in the handler: the usual form for Lambda.
func okWarm(ctx context.Context, ev events.DynamoDBEvent) error {
	if warm == nil {
		pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
		if err != nil {
			return err
		}
		warm = pool
	}
	_, err := warm.Exec(ctx, "insert into changes (n) values ($1)", len(ev.Records))
	return err
}

var (
	once    sync.Once
	oncedDB *sqlx.DB
	onceErr error
)

func okOnce(ctx context.Context, _ json.RawMessage) error {
	once.Do(func() { oncedDB, onceErr = sqlx.Connect("postgres", os.Getenv("DSN")) })
	if onceErr != nil {
		return onceErr
	}
	return oncedDB.PingContext(ctx)
}

// app is built by main; its method is the handler.
type app struct{ pool *pgxpool.Pool }

func (a *app) okHandle(ctx context.Context, ev events.SNSEvent) error {
	_, err := a.pool.Exec(ctx, "insert into notes (n) values ($1)", len(ev.Records))
	return err
}

func okStartApp(ctx context.Context) error {
	pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return err
	}
	a := &app{pool}
	lambda.StartWithOptions(a.okHandle, lambda.WithContext(ctx), lambda.WithEnableSIGTERM(pool.Close))
	return nil
}

// newApp wires everything.
func newApp(ctx context.Context) (*app, error) {
	pool, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	return &app{pool}, nil
}

// badWiringInHandler calls the wiring for each event.
func badWiringInHandler(ctx context.Context, ev events.SNSEvent) error {
	a, err := newApp(ctx) // want "newApp builds a pool on each invocation"
	if err != nil {
		return err
	}
	return a.okHandle(ctx, ev)
}
