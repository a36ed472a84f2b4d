// Package pauses: sleeping and waiting while a connection is held. S4.
package pauses

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

const next = "update queue set taken = now() where id = (select id from queue limit 1 for update skip locked)"

func badSleep(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, next); err != nil {
		return err
	}
	time.Sleep(100 * time.Millisecond) // want `tx is held while`
	return tx.Commit(ctx)
}

func okSleepAfter(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, next); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	time.Sleep(100 * time.Millisecond)
	return nil
}

// okPoll takes a connection for each query and sleeps with none.
func okPoll(ctx context.Context, db *sql.DB) error {
	for ctx.Err() == nil {
		if _, err := db.ExecContext(ctx, next); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return ctx.Err()
}

// badPollOnConn keeps its connection while it sleeps.
func badPollOnConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for ctx.Err() == nil {
		if _, err := conn.ExecContext(ctx, next); err != nil {
			return err
		}
		time.Sleep(time.Second) // want `conn is held while`
	}
	return ctx.Err()
}

func badAfter(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	<-time.After(time.Second) // want `tx is held while`
	return tx.Commit()
}

func badTicker(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select { // want `conn is held while`
		case <-tick.C:
			if err := conn.Ping(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func okTicker(ctx context.Context, pool *pgxpool.Pool) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := pool.Ping(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func badReceive(ctx context.Context, pool *pgxpool.Pool, ids <-chan int64) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		id := <-ids // want `is held while`
		_, err := tx.Exec(ctx, "delete from queue where id = $1", id)
		return err
	})
}

// badRangeChannel waits for the producer between the statements.
func badRangeChannel(ctx context.Context, pool *pgxpool.Pool, ids <-chan int64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for id := range ids { // want `tx is held while`
		if _, err := tx.Exec(ctx, "delete from queue where id = $1", id); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// okRangeSlice has all of them before it begins.
func okRangeSlice(ctx context.Context, pool *pgxpool.Pool, in <-chan int64) error {
	var ids []int64
	for id := range in {
		ids = append(ids, id)
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for _, id := range ids {
		if _, err := tx.Exec(ctx, "delete from queue where id = $1", id); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

func badSend(ctx context.Context, db *sql.DB, out chan<- int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var id int64
	if err := tx.QueryRowContext(ctx, "delete from queue returning id").Scan(&id); err != nil {
		return err
	}
	out <- id // want `tx is held while`
	return tx.Commit()
}

// okSendDefault gives up at once when nobody listens.
func okSendDefault(ctx context.Context, db *sql.DB, out chan<- int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var id int64
	if err := tx.QueryRowContext(ctx, "delete from queue returning id").Scan(&id); err != nil {
		return err
	}
	select {
	case out <- id:
	default:
		return errors.New("nobody listens")
	}
	return tx.Commit()
}

// okDoneDefault asks whether the context is over.
func okDoneDefault(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for _, id := range ids {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if _, err := tx.Exec(ctx, "delete from queue where id = $1", id); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// okCloseChannel: close never blocks.
func okCloseChannel(ctx context.Context, pool *pgxpool.Pool, started chan struct{}) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		close(started)
		_, err := tx.Exec(ctx, next)
		return err
	})
}

// okOwnBuffer: the channel has room for all that is sent.
func okOwnBuffer(ctx context.Context, pool *pgxpool.Pool) error {
	results := make(chan string, 1)
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, next)
		results <- tag.String()
		return err
	})
	if err != nil {
		return err
	}
	if <-results == "UPDATE 0" {
		return sql.ErrNoRows
	}
	return nil
}

func badWaitGroup(ctx context.Context, pool *pgxpool.Pool, work []func()) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	for _, w := range work {
		wg.Go(w)
	}
	wg.Wait() // want `tx is held while`
	return tx.Commit(ctx)
}

func badErrgroup(ctx context.Context, db *sql.DB, work []func() error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var g errgroup.Group
	for _, w := range work {
		g.Go(w)
	}
	if err := g.Wait(); err != nil { // want `conn is held while`
		return err
	}
	_, err = conn.ExecContext(ctx, next)
	return err
}

func okErrgroup(ctx context.Context, db *sql.DB, work []func() error) error {
	var g errgroup.Group
	for _, w := range work {
		g.Go(w)
	}
	if err := g.Wait(); err != nil {
		return err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, next)
	return err
}

func badLimiter(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := limiter.Wait(ctx); err != nil { // want `tx is held while`
		return err
	}
	if _, err := tx.Exec(ctx, next); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okLimiter: Allow answers at once; Wait comes before the transaction.
func okLimiter(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter) error {
	if err := limiter.Wait(ctx); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if !limiter.Allow() {
			return errors.New("too fast")
		}
		_, err := tx.Exec(ctx, next)
		return err
	})
}

func badSemaphore(ctx context.Context, pool *pgxpool.Pool, sem *semaphore.Weighted) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := sem.Acquire(ctx, 1); err != nil { // want `tx is held while`
		return err
	}
	defer sem.Release(1)
	if _, err := tx.Exec(ctx, next); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okTrySemaphore(ctx context.Context, pool *pgxpool.Pool, sem *semaphore.Weighted) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if !sem.TryAcquire(1) {
		return errors.New("busy")
	}
	defer sem.Release(1)
	if _, err := tx.Exec(ctx, next); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okTimers: a timer that is made or read is no pause.
func okTimers(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	start := time.Now()
	slow := time.AfterFunc(time.Second, func() { println("slow transaction") })
	defer slow.Stop()
	if _, err := tx.Exec(ctx, "insert into timings values ($1)", time.Since(start)); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
