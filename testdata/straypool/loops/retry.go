package loops

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"log"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// The functions of this file open in a loop until the database answers: it is one pool in the end.

func okRetryForever(ctx context.Context) *pgxpool.Pool {
	for {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			log.Printf("configuration: %v", err)
			time.Sleep(time.Second)
			continue
		}
		if err := pool.Ping(ctx); err != nil {
			pool.Close()
			log.Printf("database is not ready: %v", err)
			time.Sleep(time.Second)
			continue
		}
		return pool
	}
}

func okRetryBreak(attempts int) (db *sqlx.DB, err error) {
	for i := 0; i < attempts; i++ {
		db, err = sqlx.Connect("pgx", dsn)
		if err == nil {
			break
		}
		time.Sleep(time.Duration(i+1) * time.Second)
	}
	if err != nil {
		return nil, fmt.Errorf("after %d attempts: %w", attempts, err)
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

func okRetryRangeInt() (*gorm.DB, error) {
	var last error
	for range 10 {
		db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
		if err != nil {
			last = err
			time.Sleep(500 * time.Millisecond)
			continue
		}
		return db, nil
	}
	return nil, last
}

func okRetryLabel(ctx context.Context) (*sql.DB, error) {
	var db *sql.DB
connect:
	for {
		var err error
		if db, err = sql.Open("pgx", dsn); err != nil {
			return nil, err
		}
		switch err = db.PingContext(ctx); {
		case err == nil:
			break connect
		case errors.Is(err, context.Canceled):
			_ = db.Close()
			return nil, err
		}
		_ = db.Close()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Second):
		}
	}
	db.SetMaxIdleConns(2)
	return db, nil
}

// okRetryBackoff doubles the pause and adds some noise.
func okRetryBackoff(ctx context.Context) (*pgx.Conn, error) {
	pause := 100 * time.Millisecond
	for attempt := 1; ; attempt++ {
		conn, err := pgx.Connect(ctx, dsn)
		if err == nil {
			return conn, nil
		}
		if attempt >= 8 {
			return nil, err
		}
		time.Sleep(pause + rand.N(pause/2))
		pause *= 2
	}
}

// retry calls fn until it succeeds: its loop ends with the first success.
func retry(ctx context.Context, n int, fn func() error) (err error) {
	for i := range n {
		if err = fn(); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(i) * time.Second):
		}
	}
	return fmt.Errorf("gave up: %w", err)
}

func okRetryHelper(ctx context.Context) (pool *pgxpool.Pool, err error) {
	err = retry(ctx, 5, func() error {
		p, err := pgxpool.New(ctx, dsn)
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
	return pool, err
}

// do is the same helper with a result.
func do[T any](tries int, fn func() (T, error)) (v T, err error) {
	for range tries {
		v, err = fn()
		if err == nil {
			return v, nil
		}
		time.Sleep(time.Second)
	}
	return v, err
}

func okRetryGeneric() (*sqlx.DB, error) {
	return do(3, func() (*sqlx.DB, error) { return sqlx.Connect("pgx", dsn) })
}

// poll calls cond until it says that it is done.
func poll(ctx context.Context, every time.Duration, cond func(context.Context) (done bool, err error)) error {
	for {
		done, err := cond(ctx)
		if done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

func okRetryPoll(ctx context.Context) (*sql.DB, error) {
	var db *sql.DB
	err := poll(ctx, time.Second, func(ctx context.Context) (bool, error) {
		candidate, err := sql.Open("pgx", dsn)
		if err != nil {
			return false, err
		}
		if err := candidate.PingContext(ctx); err != nil {
			_ = candidate.Close()
			return false, nil
		}
		db = candidate
		return true, nil
	})
	return db, err
}

var handle *sql.DB

func connectHandle() (err error) {
	handle, err = sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	return handle.Ping()
}

// okRetryStatement has the call in the head of the loop.
func okRetryStatement() {
	for err := connectHandle(); err != nil; err = connectHandle() {
		log.Printf("waiting for the database: %v", err)
		time.Sleep(3 * time.Second)
	}
}

func okRetryFlag(ctx context.Context) *pgxpool.Pool {
	var pool *pgxpool.Pool
	connected := false
	for !connected {
		p, err := pgxpool.New(ctx, dsn)
		if err == nil && p.Ping(ctx) == nil {
			pool, connected = p, true
		} else {
			if p != nil {
				p.Close()
			}
			time.Sleep(time.Second)
		}
	}
	return pool
}

// okRetryUntilNotNil has the pool itself as the condition.
func okRetryUntilNotNil() *sqlx.DB {
	var db *sqlx.DB
	for db == nil {
		opened, err := sqlx.Connect("pgx", dsn)
		if err != nil {
			log.Print(err)
			time.Sleep(time.Second)
			continue
		}
		db = opened
	}
	return db
}

// okRetryGoto has no loop statement.
func okRetryGoto(ctx context.Context) (*pgx.Conn, error) {
	tries := 0
again:
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil && tries < 5 {
		tries++
		time.Sleep(time.Second)
		goto again
	}
	return conn, err
}

// okRetryRecursive calls itself only after a failure.
func okRetryRecursive(ctx context.Context, left int) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err == nil {
		if err = pool.Ping(ctx); err == nil {
			return pool, nil
		}
		pool.Close()
	}
	if left == 0 {
		return nil, err
	}
	time.Sleep(time.Second)
	return okRetryRecursive(ctx, left-1)
}

// attempts yields until the caller stops, with a pause between.
func attempts(ctx context.Context, n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Duration(i) * time.Second):
			}
		}
	}
}

// okRetryIterator ranges over a function, so the body is a function too.
func okRetryIterator(ctx context.Context) (*pgxpool.Pool, error) {
	err := errors.New("no attempt")
	for range attempts(ctx, 6) {
		var pool *pgxpool.Pool
		if pool, err = pgxpool.New(ctx, dsn); err != nil {
			continue
		}
		if err = pool.Ping(ctx); err != nil {
			pool.Close()
			continue
		}
		return pool, nil
	}
	return nil, err
}

// okRetryInGoroutine sends the one pool when it has it.
func okRetryInGoroutine(ctx context.Context) <-chan *sql.DB {
	out := make(chan *sql.DB, 1)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			db, err := sql.Open("pgx", dsn)
			if err == nil {
				if err = db.PingContext(ctx); err == nil {
					out <- db
					return
				}
				_ = db.Close()
			}
			time.Sleep(time.Second)
		}
	}()
	return out
}

// openOnce is one attempt, in a function of its own.
func openOnce(ctx context.Context) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// okRetryWrapper calls the wrapper in the loop.
func okRetryWrapper(ctx context.Context) (*pgxpool.Pool, error) {
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if pool, err := openOnce(ctx); err == nil {
			return pool, nil
		} else if ctx.Err() != nil {
			return nil, err
		}
		time.Sleep(2 * time.Second)
	}
	return openOnce(ctx)
}

// okFailover takes the first server that answers.
func okFailover(ctx context.Context, dsns []string) (*pgxpool.Pool, error) {
	var errs []error
	for _, dsn := range dsns {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if err := pool.Ping(ctx); err == nil {
			return pool, nil
		} else {
			errs = append(errs, err)
		}
		pool.Close()
	}
	return nil, errors.Join(errs...)
}

// okRetryFatal does not return an error at all.
func okRetryFatal() *sql.DB {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		log.Fatal(err)
	}
	// The loop only pings the pool built above.
	for i := 0; db.Ping() != nil; i++ {
		if i == 30 {
			log.Fatal("no database")
		}
		time.Sleep(time.Second)
	}
	return db
}
