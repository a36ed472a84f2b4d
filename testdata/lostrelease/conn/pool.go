// Package conn: connections taken from a pool or opened beside it.
package conn

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const tryLock = "select pg_try_advisory_lock($1)"

var errLocked = errors.New("locked by another process")

// Locker takes advisory locks.
type Locker struct {
	pool *pgxpool.Pool
	held map[int64]*pgxpool.Conn
	last *pgxpool.Conn
}

// okDeferred is the usual form.
func (l *Locker) okDeferred(ctx context.Context) (version string, err error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return "", fmt.Errorf("acquire: %w", err)
	}
	defer conn.Release()
	err = conn.QueryRow(ctx, "select version()").Scan(&version)
	return version, err
}

// okKeptWhenLocked gives the connection back unless it is kept in a map of the owner.
func (l *Locker) okKeptWhenLocked(ctx context.Context, id int64) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	var ok bool
	if err := conn.QueryRow(ctx, tryLock, id).Scan(&ok); err != nil {
		conn.Release()
		return err
	}
	if !ok {
		conn.Release()
		return errLocked
	}
	l.held[id] = conn
	return nil
}

// okUnlock releases what okKeptWhenLocked has kept.
func (l *Locker) okUnlock(ctx context.Context, id int64) error {
	conn, ok := l.held[id]
	if !ok {
		return nil
	}
	defer conn.Release()
	delete(l.held, id)
	_, err := conn.Exec(ctx, "select pg_advisory_unlock($1)", id)
	return err
}

// okKeepFlag releases in a deferred closure unless it has succeeded.
func (l *Locker) okKeepFlag(ctx context.Context, id int64) (_ *pgxpool.Conn, err error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	keep := false
	defer func() {
		if !keep {
			conn.Release()
		}
	}()
	var ok bool
	if err := conn.QueryRow(ctx, tryLock, id).Scan(&ok); err != nil {
		return nil, err
	}
	if !ok {
		return nil, errLocked
	}
	keep = true
	return conn, nil
}

// okReleaseOnError releases by the named error and returns the connection otherwise.
func (l *Locker) okReleaseOnError(ctx context.Context) (conn *pgxpool.Conn, err error) {
	conn, err = l.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Release()
			conn = nil
		}
	}()
	if err = helpers.SetTimeout(ctx, conn, time.Second); err != nil {
		return conn, err
	}
	return conn, nil
}

// badReleaseOfNil returns nil for the connection, so the deferred function finds nil where it wants to release.
func (l *Locker) badReleaseOfNil(ctx context.Context) (conn *pgxpool.Conn, err error) {
	conn, err = l.pool.Acquire(ctx) // want "conn is not released when SetTimeout fails"
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Release()
		}
	}()
	if err = helpers.SetTimeout(ctx, conn, time.Second); err != nil {
		return nil, err
	}
	return conn, nil
}

// okReleaseAfterError: Release of what was not acquired would panic on nil, a nil check makes it right; nothing is held either way.
func (l *Locker) okReleaseAfterError(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx)
	defer helpers.Release(conn)
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// okConnUsedThroughPgx gives the inner *pgx.Conn around while it holds the outer.
func (l *Locker) okConnUsedThroughPgx(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	raw := conn.Conn()
	if _, err := raw.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	n, err := raw.WaitForNotification(ctx)
	if err != nil {
		return err
	}
	log.Print(n.Payload)
	return nil
}

// okRowsOpenAtRelease: Release with rows open frees the slot, at the cost of the connection.
func (l *Locker) okRowsOpenAtRelease(ctx context.Context) (bool, error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, "select 1")
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okTxOfConn: the transaction of a connection ends with its Release at the latest.
func (l *Locker) okTxOfConn(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okAcquireFunc releases itself.
func (l *Locker) okAcquireFunc(ctx context.Context) error {
	return l.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		_, err := c.Exec(ctx, "vacuum")
		return err
	})
}

// okAllIdle releases each of them.
func (l *Locker) okAllIdle(ctx context.Context) (dead int) {
	for _, c := range l.pool.AcquireAllIdle(ctx) {
		if err := c.Ping(ctx); err != nil {
			dead++
		}
		c.Release()
	}
	return dead
}

// okListenForever never comes to an end but by an error, and then releases.
func (l *Locker) okListenForever(ctx context.Context, handle func(string)) error {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			conn.Release()
			return err
		}
		handle(n.Payload)
	}
}

// badNever acquires and goes.
func (l *Locker) badNever(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// badOneBranch releases on success.
func (l *Locker) badOneBranch(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "set role reader"); err != nil {
		return err
	}
	conn.Release()
	return nil
}

// badNotLocked forgets the connection when it did not get the lock.
func (l *Locker) badNotLocked(ctx context.Context, id int64) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	var ok bool
	if err := conn.QueryRow(ctx, tryLock, id).Scan(&ok); err != nil {
		conn.Release()
		return err
	}
	if !ok {
		return errLocked
	}
	l.held[id] = conn
	return nil
}

// badHelperFails: the helper configures the connection and leaves it to its caller, also when it fails.
func (l *Locker) badHelperFails(ctx context.Context) (*pgxpool.Conn, error) {
	conn, err := l.pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return nil, err
	}
	if err := helpers.SetTimeout(ctx, conn, time.Second); err != nil {
		return nil, fmt.Errorf("set timeout: %w", err)
	}
	return conn, nil
}

// badInnerConnClosed closes the server's connection: the slot of the pool stays taken.
func (l *Locker) badInnerConnClosed(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	defer conn.Conn().Close(ctx)
	return conn.Ping(ctx)
}

// badTxInsteadOfConn ends the transaction and keeps the connection: Commit does not release it.
func (l *Locker) badTxInsteadOfConn(ctx context.Context) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badListenError leaves the loop with the connection.
func (l *Locker) badListenError(ctx context.Context, handle func(string)) error {
	conn, err := l.pool.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	for {
		n, err := conn.Conn().WaitForNotification(ctx)
		if err != nil {
			return err
		}
		handle(n.Payload)
	}
}

// badAllIdle stops at the first that is dead, with the others in hand.
func (l *Locker) badAllIdle(ctx context.Context) error {
	conns := l.pool.AcquireAllIdle(ctx) // want "conns"
	for _, c := range conns {
		if err := c.Ping(ctx); err != nil {
			return err
		}
	}
	return nil
}

// badKeepFlag sets the flag before it knows.
func (l *Locker) badKeepFlag(ctx context.Context, id int64) (_ *pgxpool.Conn, err error) {
	conn, err := l.pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return nil, err
	}
	keep := false
	defer func() {
		if !keep {
			conn.Release()
		}
	}()
	var ok bool
	if err := conn.QueryRow(ctx, tryLock, id).Scan(&ok); err != nil {
		return nil, err
	}
	keep = true
	if !ok {
		return nil, errLocked
	}
	return conn, nil
}

// okKeptInField keeps the connection for the life of its owner.
func (l *Locker) okKeptInField(ctx context.Context) (err error) {
	l.last, err = l.pool.Acquire(ctx)
	return err
}
