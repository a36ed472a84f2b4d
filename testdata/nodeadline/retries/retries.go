// Package retries: loops around an acquire.
package retries

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"math/rand"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/time/rate"
)

func badUntilItWorks(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		_, err := pool.Exec(ctx, "select 1") // want `^pool\.Exec is retried without backoff or limit: after each failure it asks for a connection again at once; wait between the attempts, and limit them$`
		if err == nil {
			return nil
		}
		log.Print(err)
	}
}

func badGoto(ctx context.Context, db *sql.DB) (tx *sql.Tx) {
again:
	tx, err := db.BeginTx(ctx, nil) // want `^db\.BeginTx is retried without backoff or limit`
	if err != nil {
		goto again
	}
	return tx
}

func badCondition(ctx context.Context, pool *pgxpool.Pool) {
	err := errors.New("not yet")
	for err != nil {
		_, err = pool.Exec(ctx, "select 1") // want `is retried without backoff or limit`
	}
}

func badSerialization(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { // want `^pgx\.BeginFunc is retried`
			_, err := tx.Exec(ctx, "update t set n = n + 1")
			return err
		})
		if isSerialization(err) {
			continue
		}
		return err
	}
}

func isSerialization(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "40001"
}

func attempt(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, "select 1")
	return err
}

func badHelper(ctx context.Context, pool *pgxpool.Pool) {
	for {
		if err := attempt(ctx, pool); err == nil { // want `^attempt \(Pool\.Exec at retries\.go:\d+\) is retried without backoff or limit`
			break
		}
	}
}

func badInEachItem(ctx context.Context, pool *pgxpool.Pool, ids []int) {
	for _, id := range ids {
		for {
			if _, err := pool.Exec(ctx, "select $1", id); err == nil { // want `^pool\.Exec is retried`
				break
			}
		}
	}
}

// It holds the connection and listens; when it is lost it asks for another, as fast as it can.
func badReconnect(ctx context.Context, pool *pgxpool.Pool) {
	for {
		conn, err := pool.Acquire(ctx) // want `^pool\.Acquire is retried without backoff or limit`
		if err != nil {
			log.Print(err)
			continue
		}
		listen(ctx, conn)
		conn.Release()
	}
}

func listen(ctx context.Context, conn *pgxpool.Conn) {
	conn.Exec(ctx, "listen jobs")
	conn.Conn().WaitForNotification(ctx)
}

func okSleep(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		_, err := pool.Exec(ctx, "select 1")
		if err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
}

func okTimer(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		_, err := pool.Exec(ctx, "select 1")
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

func okLimit(ctx context.Context, pool *pgxpool.Pool) (err error) {
	for range 3 {
		if _, err = pool.Exec(ctx, "select 1"); err == nil {
			return nil
		}
	}
	return err
}

func okCount(ctx context.Context, pool *pgxpool.Pool, most int) error {
	for attempt := 1; ; attempt++ {
		_, err := pool.Exec(ctx, "select 1")
		if err == nil {
			return nil
		}
		if attempt >= most {
			return err
		}
	}
}

func okUntil(ctx context.Context, pool *pgxpool.Pool) error {
	start := time.Now()
	for time.Since(start) < time.Second {
		if _, err := pool.Exec(ctx, "select 1"); err == nil {
			return nil
		}
	}
	return errors.New("too late")
}

func okWhileWanted(ctx context.Context, pool *pgxpool.Pool) {
	for ctx.Err() == nil {
		if _, err := pool.Exec(ctx, "select 1"); err == nil {
			return
		}
	}
}

func okLimiter(ctx context.Context, pool *pgxpool.Pool, limiter *rate.Limiter) error {
	for {
		if err := limiter.Wait(ctx); err != nil {
			return err
		}
		if _, err := pool.Exec(ctx, "select 1"); err == nil {
			return nil
		}
	}
}

func pause(n int) { time.Sleep(time.Duration(n+rand.Intn(10)) * time.Millisecond) }

func okBackoff(ctx context.Context, pool *pgxpool.Pool) {
	n := 1
	for {
		if _, err := pool.Exec(ctx, "select 1"); err == nil {
			return
		}
		n *= 2
		pause(n)
	}
}

// Backoff waits.
type Backoff interface{ Wait(n int) }

func okGivenBackoff(ctx context.Context, pool *pgxpool.Pool, b Backoff) {
	for {
		if _, err := pool.Exec(ctx, "select 1"); err == nil {
			return
		}
		b.Wait(1)
	}
}

// Each round has work of its own.
func okItems(ctx context.Context, pool *pgxpool.Pool, ids []int) {
	for _, id := range ids {
		if _, err := pool.Exec(ctx, "select $1", id); err != nil {
			log.Print(err)
			continue
		}
	}
}

func okMessages(ctx context.Context, pool *pgxpool.Pool, messages <-chan int) {
	for m := range messages {
		if _, err := pool.Exec(ctx, "select $1", m); err != nil {
			continue
		}
	}
}

func okNext(ctx context.Context, pool *pgxpool.Pool, next func() (int, error)) {
	for {
		id, err := next()
		if err != nil {
			return
		}
		if _, err := pool.Exec(ctx, "select $1", id); err != nil {
			log.Print(err)
			continue
		}
	}
}

func okPages(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		tag, err := pool.Exec(ctx, "delete from old where ctid in (select ctid from old limit 1000)")
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return nil
		}
	}
}

// A name that is taken already is tried once, and another one then.
func okNewName(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		_, err := pool.Exec(ctx, "insert into links values ($1)", rand.Int())
		var pg *pgconn.PgError
		if errors.As(err, &pg) && pg.Code == "23505" {
			continue
		}
		return err
	}
}

func isDuplicate(err error) bool { return errors.Is(err, errTaken) }

var errTaken = errors.New("taken")

func okAnotherName(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		_, err := pool.Exec(ctx, "insert into links values ($1)", rand.Int())
		if isDuplicate(err) {
			continue
		}
		return err
	}
}

func okInTx(ctx context.Context, tx pgx.Tx) {
	for {
		if _, err := tx.Exec(ctx, "select 1"); err == nil {
			return
		}
	}
}

func okTick(ctx context.Context, pool *pgxpool.Pool) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		<-ticker.C
		if err := attempt(ctx, pool); err != nil {
			continue
		}
	}
}

func patient(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, "select 1"); err != nil {
		time.Sleep(time.Second)
		return err
	}
	return nil
}

func okPatientHelper(ctx context.Context, pool *pgxpool.Pool) {
	for {
		if err := patient(ctx, pool); err != nil {
			continue
		}
		return
	}
}

func until(run func() error) {
	for {
		if err := run(); err == nil {
			return
		}
	}
}

func badGivenToRetry(ctx context.Context, pool *pgxpool.Pool) {
	until(func() error { // want `^until retries Pool\.Exec without backoff or limit: `
		_, err := pool.Exec(ctx, "select 1")
		return err
	})
}

func untilPatiently(run func() error) {
	for n := 1; ; n *= 2 {
		if err := run(); err == nil {
			return
		}
		time.Sleep(time.Duration(n) * time.Second)
	}
}

func okGivenToRetry(ctx context.Context, pool *pgxpool.Pool) {
	untilPatiently(func() error {
		_, err := pool.Exec(ctx, "select 1")
		return err
	})
}

func once(run func() error) error { return run() }

func okGivenOnce(ctx context.Context, pool *pgxpool.Pool) error {
	return once(func() error {
		_, err := pool.Exec(ctx, "select 1")
		return err
	})
}

// The wait for the database when the program starts is a retry like any other.
func badPing(ctx context.Context, pool *pgxpool.Pool) {
	for {
		if err := pool.Ping(ctx); err == nil { // want `^pool\.Ping is retried without backoff or limit`
			return
		}
	}
}

func badTransaction(ctx context.Context, pool *pgxpool.Pool) error {
	for {
		tx, err := pool.Begin(ctx) // want `^pool\.Begin is retried without backoff or limit`
		if err != nil {
			continue
		}
		defer tx.Rollback(ctx)
		return tx.Commit(ctx)
	}
}
