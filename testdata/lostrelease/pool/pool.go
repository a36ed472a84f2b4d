// Package pool: a pool that is built and then lost keeps its goroutines and its connections for the life of the process.
package pool

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

var shared *pgxpool.Pool

// App owns a pool.
type App struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// Close closes what the App owns.
func (a *App) Close() error {
	a.pool.Close()
	return a.db.Close()
}

// okOpen is the usual form: the pool is closed when it does not answer.
func okOpen(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, fmt.Errorf("pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("ping: %w", err)
	}
	return pool, nil
}

// okOpenSQL is the same for database/sql.
func okOpenSQL(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// okUseAndClose is a tool's function.
func okUseAndClose(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.Exec(ctx, "vacuum analyze")
	return err
}

// okInit keeps it in a variable of the package.
func okInit(ctx context.Context, dsn string) (err error) {
	shared, err = pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	return shared.Ping(ctx)
}

// okApp keeps both in the result.
func okApp(ctx context.Context, dsn string) (*App, error) {
	pool, err := okOpen(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &App{pool: pool, db: stdlib.OpenDBFromPool(pool)}, nil
}

// okMustOpen ends the process.
func okMustOpen(ctx context.Context, dsn string) *pgxpool.Pool {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		log.Fatal(err)
	}
	if err := pool.Ping(ctx); err != nil {
		log.Fatalf("database does not answer: %v", err)
	}
	return pool
}

// okRetry closes each pool that does not answer.
func okRetry(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	var last error
	for range 5 {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			return nil, err
		}
		if last = pool.Ping(ctx); last == nil {
			return pool, nil
		}
		pool.Close()
		time.Sleep(time.Second)
	}
	return nil, fmt.Errorf("database does not answer: %w", last)
}

// okRetryOnePool pings one pool until it answers.
func okRetryOnePool(ctx context.Context, dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	for i := range 5 {
		if err = db.PingContext(ctx); err == nil {
			return db, nil
		}
		time.Sleep(time.Duration(i) * time.Second)
	}
	_ = db.Close()
	return nil, err
}

// okCloseLater gives the Close to the caller.
func okCloseLater(ctx context.Context, dsn string) (*pgxpool.Pool, func(), error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	return pool, pool.Close, nil
}

// badPingFails loses the pool when the database does not answer.
func badPingFails(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn) // want "pool is not closed"
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return pool, nil
}

// badPingFailsSQL is the same for database/sql.
func badPingFailsSQL(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn) // want "db is not closed"
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// badRetry builds one pool per attempt.
func badRetry(ctx context.Context, cfg *pgxpool.Config) (*pgxpool.Pool, error) {
	for {
		pool, err := pgxpool.NewWithConfig(ctx, cfg) // want "pool is (overwritten|not closed)"
		if err != nil {
			return nil, err
		}
		if err := pool.Ping(ctx); err == nil {
			return pool, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// badHealth builds a pool for each check.
func badHealth(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn) // want "pool is never closed"
	if err != nil {
		return err
	}
	return pool.Ping(ctx)
}

// badMigrate closes it on success only.
func badMigrate(ctx context.Context, dsn string, steps []string) error {
	db, err := sql.Open("pgx", dsn) // want "db is not closed"
	if err != nil {
		return err
	}
	for _, step := range steps {
		if _, err := db.ExecContext(ctx, step); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return db.Close()
}

// badWrapped loses the pool of a wrapper on its own error path.
func badWrapped(ctx context.Context, dsn string) (*App, error) {
	pool, err := okOpen(ctx, dsn) // want "pool is not closed"
	if err != nil {
		return nil, err
	}
	db, err := okOpenSQL(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return &App{pool: pool, db: db}, nil
}

// badCloseLaterForgotten drops the Close that okCloseLater hands out.
func badCloseLaterForgotten(ctx context.Context, dsn string) error {
	pool, _, err := okCloseLater(ctx, dsn) // want "pool is never closed"
	if err != nil {
		return err
	}
	return pool.Ping(ctx)
}
