// Command cmd opens pools through the packages below.
package main

import (
	"context"
	"database/sql"
	"flag"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/poollimit/crosspkg/internal/db"
	"example.com/poolvet/testdata/poollimit/crosspkg/internal/service"
)

func okOpen(dsn string) (*sql.DB, error) { return db.Open(dsn, 10) }

func badOpen(dsn string) (*sql.DB, error) {
	return db.Open(dsn, 500) // want "limit 500 is more than a server"
}

// badOpenZero asks for no limit.
func badOpenZero(dsn string) (*sql.DB, error) {
	return db.Open(dsn, 0) // want "means no limit"
}

func okConstant(dsn string) (*sql.DB, error) { return db.Open(dsn, db.DefaultMax) }

func badConstant(dsn string) (*sql.DB, error) {
	return db.Open(dsn, db.BatchMax) // want "limit 400 is more than a server"
}

// okClamped gives numbers that the package corrects.
func okClamped(dsn string) (a, b *sql.DB, err error) {
	if a, err = db.OpenClamped(dsn, 500); err != nil {
		return nil, nil, err
	}
	b, err = db.OpenClamped(dsn, 0)
	return a, b, err
}

func okConfig(ctx context.Context, dsn string) (*sql.DB, error) {
	return db.Connect(ctx, db.Config{DSN: dsn, MaxOpen: 12, MaxIdle: 4, PingTimeout: time.Second})
}

func badConfig(ctx context.Context, dsn string) (*sql.DB, error) {
	return db.Connect(ctx, db.Config{
		DSN:         dsn,
		MaxOpen:     500, // want "limit 500 is more than a server"
		MaxIdle:     4,
		PingTimeout: time.Second,
	})
}

// okFilled leaves the number to the package.
func okFilled(dsn string) (*sql.DB, error) { return db.Config{DSN: dsn}.Filled() }

func okOptions(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	return db.NewPool(ctx, dsn, db.WithMaxConns(8), db.WithStatementTimeout(30_000))
}

func badOptions(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	return db.NewPool(ctx, dsn,
		db.WithStatementTimeout(30_000),
		db.WithMaxConns(500), // want "limit 500 is more than a server"
	)
}

func okPlain(ctx context.Context) (*pgxpool.Pool, error) {
	return db.Plain(ctx, "dbname=app pool_max_conns=10")
}

func badPlain(ctx context.Context) (*pgxpool.Pool, error) {
	return db.Plain(ctx, "dbname=app pool_max_conns=1000") // want "pool_max_conns 1000 is more than a server"
}

// badKeys gives a string with keys of pgxpool to database/sql.
func badKeys() (*sql.DB, error) {
	return db.Open("dbname=app pool_max_conns=10", 10) // want "pool_max_conns is a key of pgxpool"
}

// okLimit opens here and limits there.
func okLimit(dsn string) (*sql.DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.Limit(pool, db.MaxFor("web"))
	return pool, nil
}

func badLimit(pool *sql.DB) {
	db.Limit(pool, db.TooMany()) // want "limit 512 is more than a server"
}

// okService has a large number for something else.
func okService(dsn string) (*service.Service, error) { return service.New(dsn, 1000, 10) }

// badService is two packages away from the pool.
func badService(dsn string) (*service.Service, error) {
	return service.New(dsn, 3, 250) // want "limit 250 is more than a server"
}

var maxConns = flag.Int("max-conns", 300, "connections")

// okFlag is the operator's number.
func okFlag(dsn string) (*sql.DB, error) { return db.Open(dsn, *maxConns) }

func main() {
	flag.Parse()
	pool, err := okFlag(os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
}
