package jobsok

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

func okRetryBackoff(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	var last error
	for attempt := 0; attempt < 10; attempt++ {
		p, err := pgxpool.New(ctx, dsn)
		if err == nil {
			if err = p.Ping(ctx); err == nil {
				return p, nil
			}
			p.Close()
		}
		last = err
		time.Sleep(time.Duration(1<<attempt) * 100 * time.Millisecond)
	}
	return nil, fmt.Errorf("gave up: %w", last)
}

func okRetryForever(dsn string) *sql.DB {
	for {
		db, err := sql.Open("postgres", dsn)
		if err != nil {
			log.Fatal(err)
		}
		if err = db.Ping(); err == nil {
			return db
		}
		_ = db.Close()
		log.Println("waiting for postgres")
		time.Sleep(2 * time.Second)
	}
}

func okRetryBreak(dsn string) (db *sqlx.DB, err error) {
	for i := 1; i <= 5; i++ {
		db, err = sqlx.Connect("pgx", dsn)
		if err == nil {
			break
		}
		time.Sleep(time.Duration(i)*time.Second + rand.N(time.Second))
	}
	if err != nil {
		return nil, err
	}
	return db, nil
}

func okRetryCallback(ctx context.Context) (pool *pgxpool.Pool, err error) {
	err = dbx.Retry(ctx, 8, func() error {
		p, err := pgxpool.New(ctx, os.Getenv("DSN"))
		if err != nil {
			return err
		}
		if err := p.Ping(ctx); err != nil {
			p.Close()
			return err
		}
		pool = p
		return nil
	})
	return
}

func okRetryTickerDeadline(ctx context.Context, url string) (*pgx.Conn, error) {
	t := time.NewTicker(500 * time.Millisecond)
	defer t.Stop()
	for {
		if c, err := pgx.Connect(ctx, url); err == nil {
			return c, nil
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func okRetryRecursive(ctx context.Context, dsn string, left int) (*pgxpool.Pool, error) {
	p, err := dbx.NewPool(ctx, dsn)
	if err == nil || left == 0 {
		return p, err
	}
	time.Sleep(time.Second)
	return okRetryRecursive(ctx, dsn, left-1)
}

func okWaitForDBThenOpen(ctx context.Context, dsn string) (*sql.DB, error) {
	db := dbx.MustOpen(dsn)
	for i := 0; ; i++ {
		err := db.PingContext(ctx)
		if err == nil {
			return db, nil
		}
		if i == 20 {
			return nil, errors.Join(err, db.Close())
		}
		time.Sleep(time.Second)
	}
}
