// Package methodvalues: methods and functions that are called by way of a variable, and helpers that run what they are given
// later, or elsewhere.
package methodvalues

import (
	"context"
	"database/sql"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"xorm.io/xorm"
)

var sleep = time.Sleep // replaced by tests

type Till struct {
	mu   sync.Mutex
	db   *sql.DB
	pool *pgxpool.Pool
}

func (t *Till) BadUnlockValue() error {
	tx, err := t.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	t.mu.Lock()
	unlock := t.mu.Unlock
	_, err = t.db.Exec("update tills set open = true") // want `db\.Exec may wait for a second connection while tx holds one`
	unlock()
	return err
}

func (t *Till) BadExecValue(ctx context.Context) error {
	exec := t.pool.Exec
	tx, err := t.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	_, err = exec(ctx, "update tills set open = true") // want `exec may wait for a second connection while tx holds one`
	return err
}

// OkLockAround: one function after the other, in goroutines with values of the mutex.
func (t *Till) OkLockAround() {
	for range 3 {
		go func() {
			lock, unlock := t.mu.Lock, t.mu.Unlock
			lock()
			defer unlock()
			_, _ = t.db.Exec("update tills set open = true")
		}()
	}
}

func queued(b *pgx.Batch) *pgx.QueuedQuery { return b.Queue("select 1") }

func none() *pgx.QueuedQuery { return queued(&pgx.Batch{}) }

func (t *Till) OkQueuedElsewhere(ctx context.Context, b *pgx.Batch) error {
	none().Query(func(rows pgx.Rows) error { return rows.Err() })
	return t.pool.SendBatch(ctx, b).Close()
}

func okBeginValue(engine *xorm.Engine) error {
	session := engine.NewSession()
	defer session.Close()
	begin, commit := session.Begin, session.Commit
	if err := begin(); err != nil {
		return err
	}
	return commit()
}

// okStop takes the Close of a pool that it keeps.
func okStop(ctx context.Context, dsn string, keep func(*pgxpool.Pool)) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	keep(pool)
	stop := pool.Close
	defer stop()
	sleep(time.Second)
	return pool.Ping(ctx)
}

// inTxGo runs after in a goroutine that it does not wait for.
func (t *Till) inTxGo(ctx context.Context, f func(pgx.Tx) error, after func()) error {
	return pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		go func() { after() }()
		return nil
	})
}

// inTxHooks runs after when the transaction is over.
func (t *Till) inTxHooks(ctx context.Context, f func(pgx.Tx) error, after func()) error {
	var hooks []func()
	err := pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		hooks = append(hooks, func() { after() })
		return f(tx)
	})
	for _, hook := range hooks {
		hook()
	}
	return err
}

// inTxDeferred runs after before the transaction ends.
func (t *Till) inTxDeferred(ctx context.Context, f func(pgx.Tx) error, after func()) error {
	return pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error {
		defer func() { after() }()
		return f(tx)
	})
}

func (t *Till) count(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, "update tills set n = n + 1")
	return err
}

func (t *Till) OkAfterInGoroutine(ctx context.Context) error {
	return t.inTxGo(ctx, func(tx pgx.Tx) error { return t.count(ctx, tx) }, func() {
		_, _ = t.pool.Exec(ctx, "insert into log default values")
		_, _ = http.Get("https://example.com/counted")
	})
}

func (t *Till) OkAfterCommit(ctx context.Context) error {
	return t.inTxHooks(ctx, func(tx pgx.Tx) error { return t.count(ctx, tx) }, func() {
		_, _ = t.pool.Exec(ctx, "insert into log default values")
	})
}

func (t *Till) BadBeforeCommit(ctx context.Context) error {
	return t.inTxDeferred(ctx, func(tx pgx.Tx) error { return t.count(ctx, tx) }, func() {
		_, _ = t.pool.Exec(ctx, "insert into log default values") // want `second connection while t\.inTxDeferred holds one`
	})
}

type txKey struct{}

// exec finds the transaction in the context.
func (t *Till) exec(ctx context.Context, query string) error {
	if tx, ok := ctx.Value(txKey{}).(pgx.Tx); ok {
		_, err := tx.Exec(ctx, query)
		return err
	}
	_, err := t.pool.Exec(ctx, query)
	return err
}

func (t *Till) within(ctx context.Context, f func(context.Context) error) error {
	return pgx.BeginFunc(ctx, t.pool, func(tx pgx.Tx) error { return f(context.WithValue(ctx, txKey{}, tx)) })
}

func (t *Till) save(ctx context.Context) error { return t.exec(ctx, "update tills set saved = now()") }

func (t *Till) audit(context.Context) error {
	_, err := t.pool.Exec(context.TODO(), "insert into audits default values")
	return err
}

func (t *Till) OkGivenByName(ctx context.Context) error { return t.within(ctx, t.save) }

func (t *Till) BadGivenByName(ctx context.Context) error {
	return t.within(ctx, t.audit) // want `^audit may wait for a second connection while t\.within holds one`
}
