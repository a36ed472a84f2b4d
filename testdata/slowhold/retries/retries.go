// Package retries: a loop with a pause, inside the transaction or around it.
package retries

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

var errUnsent = errors.New("not sent")

type Webhooks struct {
	pool *pgxpool.Pool
	db   *sql.DB
	send func(url string) bool
}

// BadBackoff repeats in the transaction.
func (w *Webhooks) BadBackoff(ctx context.Context, id int64) error {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for wait := 50 * time.Millisecond; wait < 2*time.Second; wait *= 2 {
		tag, err := tx.Exec(ctx, "update hooks set tries = tries + 1 where id = $1 and not locked", id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() > 0 {
			return tx.Commit(ctx)
		}
		time.Sleep(wait) // want `tx is held while`
	}
	return errUnsent
}

// BadBackoffSelect can be cancelled, and waits all the same.
func (w *Webhooks) BadBackoffSelect(ctx context.Context, id int64) error {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for try := range 5 {
		var free bool
		if err := conn.QueryRowContext(ctx, "select pg_try_advisory_lock($1)", id).Scan(&free); err != nil || free {
			return err
		}
		select { // want `conn is held while`
		case <-time.After(time.Duration(try) * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errUnsent
}

// OkBackoffAround sleeps between the transactions.
func (w *Webhooks) OkBackoffAround(ctx context.Context, id int64) error {
	var err error
	for wait := 50 * time.Millisecond; wait < 2*time.Second; wait *= 2 {
		if err = w.try(ctx, id); err == nil {
			return nil
		}
		time.Sleep(wait + rand.N(wait))
	}
	return err
}

func (w *Webhooks) try(ctx context.Context, id int64) error {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "update hooks set tries = tries + 1 where id = $1", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkRollbackThenSleep gives up the transaction of this round first.
func (w *Webhooks) OkRollbackThenSleep(ctx context.Context, id int64) error {
	for range 3 {
		tx, err := w.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, "update hooks set tries = tries + 1 where id = $1", id); err == nil {
			return tx.Commit()
		}
		if err := tx.Rollback(); err != nil {
			return err
		}
		time.Sleep(time.Second)
	}
	return errUnsent
}

// BadSleepThenRollback gives it up afterwards.
func (w *Webhooks) BadSleepThenRollback(ctx context.Context, id int64) error {
	for range 3 {
		tx, err := w.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, "update hooks set tries = tries + 1 where id = $1", id); err == nil {
			return tx.Commit()
		}
		time.Sleep(time.Second) // want `tx is held while`
		if err := tx.Rollback(); err != nil {
			return err
		}
	}
	return errUnsent
}

// withRetry runs fn until it succeeds, and sleeps in between.
func withRetry(fn func() error) (err error) {
	for range 5 {
		if err = fn(); err == nil {
			return nil
		}
		time.Sleep(time.Second)
	}
	return err
}

// OkRetryOutside: each try has its own transaction, the helper sleeps without one.
func (w *Webhooks) OkRetryOutside(ctx context.Context, id int64) error {
	return withRetry(func() error { return w.try(ctx, id) })
}

// BadRetryInside: the helper sleeps in the transaction.
func (w *Webhooks) BadRetryInside(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		return withRetry(func() error { // want `is held while`
			_, err := tx.Exec(ctx, "update hooks set tries = tries + 1 where id = $1", id)
			return err
		})
	})
}

// OkRetryNoPause tries again at once, on a savepoint.
func (w *Webhooks) OkRetryNoPause(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) (err error) {
		for range 3 {
			err = pgx.BeginFunc(ctx, tx, func(sp pgx.Tx) error {
				_, err := sp.Exec(ctx, "update hooks set tries = tries + 1 where id = $1", id)
				return err
			})
			if err == nil {
				return nil
			}
		}
		return err
	})
}

// BadDeliver claims a hook, sends it and marks it, all in one transaction.
func (w *Webhooks) BadDeliver(ctx context.Context) error {
	tx, err := w.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var id int64
	var url string
	if err := tx.QueryRow(ctx, "select id, url from hooks for update skip locked limit 1").Scan(&id, &url); err != nil {
		return err
	}
	resp, err := http.Post(url, "text/plain", http.NoBody) // want `tx is held while`
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	if _, err := tx.Exec(ctx, "delete from hooks where id = $1", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkUnknownFunc: what send does isn't known here.
func (w *Webhooks) OkUnknownFunc(ctx context.Context, url string) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		if !w.send(url) {
			return errUnsent
		}
		_, err := tx.Exec(ctx, "delete from hooks where url = $1", url)
		return err
	})
}
