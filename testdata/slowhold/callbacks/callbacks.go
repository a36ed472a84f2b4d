// Package callbacks: slow calls in what runs while a connection is held.
package callbacks

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Rooms struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

func (r *Rooms) inTx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (r *Rooms) BadOwnHelper(ctx context.Context, url string) error {
	return r.inTx(ctx, func(tx *sql.Tx) error {
		resp, err := http.Get(url) // want `is held while`
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
		_, err = tx.ExecContext(ctx, "insert into rooms values ($1)", resp.Status)
		return err
	})
}

func (r *Rooms) OkOwnHelper(ctx context.Context, url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	return r.inTx(ctx, func(tx *sql.Tx) error {
		_, err = tx.ExecContext(ctx, "insert into rooms values ($1)", resp.Status)
		return err
	})
}

func (r *Rooms) BadBeginFunc(ctx context.Context) error {
	return pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table rooms"); err != nil {
			return err
		}
		time.Sleep(time.Second) // want `is held while`
		return nil
	})
}

// OkAfterBeginFunc sleeps when it is over.
func (r *Rooms) OkAfterBeginFunc(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, r.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "lock table rooms")
		return err
	})
	time.Sleep(time.Second)
	return err
}

func (r *Rooms) BadAcquireFunc(ctx context.Context, url string) error {
	return r.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "select pg_advisory_lock(1)"); err != nil {
			return err
		}
		resp, err := http.Get(url) // want `is held while`
		if err != nil {
			return err
		}
		return resp.Body.Close()
	})
}

// OkLater keeps the request for later.
func (r *Rooms) OkLater(ctx context.Context, url string) error {
	var after []func() error
	err := r.inTx(ctx, func(tx *sql.Tx) error {
		after = append(after, func() error {
			resp, err := http.Get(url)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
		_, err := tx.ExecContext(ctx, "delete from rooms")
		return err
	})
	for _, f := range after {
		if err == nil {
			err = f()
		}
	}
	return err
}

// BadCopySource fetches each line while COPY is open.
func (r *Rooms) BadCopySource(ctx context.Context, urls []string) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"rooms"}, []string{"status"}, pgx.CopyFromSlice(len(urls), func(i int) ([]any, error) {
		resp, err := http.Get(urls[i]) // want `is held while`
		if err != nil {
			return nil, err
		}
		return []any{resp.Status}, resp.Body.Close()
	}))
	if err != nil {
		return err
	}
	return tx.Commit(ctx)
}
