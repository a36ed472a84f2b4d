// Package released: nothing is held any more when the slow call comes, or it is on some paths only.
package released

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func okBeginFailed(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		time.Sleep(time.Second)
		return err
	}
	return tx.Commit(ctx)
}

// okCommitFailed: Commit frees the connection, also when it fails.
func okCommitFailed(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := tx.Commit(ctx); err != nil {
		time.Sleep(time.Second)
		return err
	}
	return nil
}

func okReleased(ctx context.Context, pool *pgxpool.Pool, url string) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "select 1")
	conn.Release()
	if err != nil {
		return err
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// okInnerFunc: the connection goes back when the inner function returns.
func okInnerFunc(ctx context.Context, db *sql.DB, url string) error {
	err := func() error {
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.ExecContext(ctx, "select 1")
		return err
	}()
	if err != nil {
		return err
	}
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// badOnePath rolls back in one branch and goes on holding in the other.
func badOnePath(ctx context.Context, pool *pgxpool.Pool, dry bool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if dry {
		if err := tx.Rollback(ctx); err != nil {
			return err
		}
	}
	time.Sleep(time.Second) // want `tx is held while`
	return tx.Commit(ctx)
}

// okBothPaths ends it in both branches.
func okBothPaths(ctx context.Context, pool *pgxpool.Pool, dry bool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if dry {
		err = tx.Rollback(ctx)
	} else {
		err = tx.Commit(ctx)
	}
	time.Sleep(time.Second)
	return err
}

// badSavepointEnded: the savepoint is over, the transaction is not.
func badSavepointEnded(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	sp, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	if err := sp.Commit(ctx); err != nil {
		return err
	}
	time.Sleep(time.Second) // want `(tx|sp) is held while`
	return tx.Commit(ctx)
}

// badTxOfConnEnded: the transaction is over, its connection is still held.
func badTxOfConnEnded(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	time.Sleep(time.Second) // want `conn is held while`
	return nil
}

// badErrorPath waits before the deferred Rollback, in the branch of the error.
func badErrorPath(ctx context.Context, pool *pgxpool.Pool, alert string) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "call work()"); err != nil {
		resp, postErr := http.Post(alert, "text/plain", http.NoBody) // want `tx is held while`
		if postErr != nil {
			return errors.Join(err, postErr)
		}
		_ = resp.Body.Close()
		return err
	}
	return tx.Commit(ctx)
}

// okErrorPath rolls back before it tells anybody.
func okErrorPath(ctx context.Context, pool *pgxpool.Pool, alert string) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "call work()")
		return err
	})
	if err == nil {
		return nil
	}
	resp, postErr := http.Post(alert, "text/plain", http.NoBody)
	if postErr != nil {
		return errors.Join(err, postErr)
	}
	_ = resp.Body.Close()
	return err
}

// badMiddleware has a transaction for the request and asks another service in it.
func badMiddleware(pool *pgxpool.Pool, auth string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		tx, err := pool.Begin(r.Context())
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback(r.Context())
		resp, err := http.Get(auth) // want `tx is held while`
		if err != nil {
			http.Error(w, "no auth", http.StatusBadGateway)
			return
		}
		_ = resp.Body.Close()
		if err := tx.Commit(r.Context()); err != nil {
			http.Error(w, "failed", http.StatusInternalServerError)
		}
	}
}
