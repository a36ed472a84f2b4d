// Package listen: waiting for notifications on a connection of the pool. S2.
package listen

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func badPooled(ctx context.Context, pool *pgxpool.Pool, got func(*pgconn.Notification)) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "listen orders"); err != nil {
		return err
	}
	for {
		n, err := conn.Conn().WaitForNotification(ctx) // want `conn is held while`
		if err != nil {
			return err
		}
		got(n)
	}
}

// badPooledAlias has the inner connection in a variable.
func badPooledAlias(ctx context.Context, pool *pgxpool.Pool) (string, error) {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return "", err
	}
	defer pooled.Release()
	conn := pooled.Conn()
	if _, err := conn.Exec(ctx, "listen orders"); err != nil {
		return "", err
	}
	n, err := conn.WaitForNotification(ctx) // want `pooled is held while`
	if err != nil {
		return "", err
	}
	return n.Payload, nil
}

// badAcquireFunc waits in the callback.
func badAcquireFunc(ctx context.Context, pool *pgxpool.Pool) error {
	return pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "listen orders"); err != nil {
			return err
		}
		_, err := conn.Conn().WaitForNotification(ctx) // want `is held while`
		return err
	})
}

// okOwnConn is a connection outside every pool, for this purpose.
func okOwnConn(ctx context.Context, dsn string, got func(*pgconn.Notification)) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen orders"); err != nil {
		return err
	}
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		got(n)
	}
}

// okHijacked takes its connection out of the pool.
func okHijacked(ctx context.Context, pool *pgxpool.Pool) error {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	conn := pooled.Hijack()
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen orders"); err != nil {
		return err
	}
	for {
		if _, err := conn.WaitForNotification(ctx); err != nil {
			return err
		}
	}
}

// okReconnect sleeps when its own connection is closed.
func okReconnect(ctx context.Context, dsn string, got func(*pgconn.Notification)) {
	for ctx.Err() == nil {
		if err := okOwnConn(ctx, dsn, got); err != nil {
			time.Sleep(time.Second)
		}
	}
}

// okOwnConnSleep: a lock on a connection that belongs to no pool costs the pool nothing.
func okOwnConnSleep(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, "select pg_advisory_lock(1)"); err != nil {
		return err
	}
	time.Sleep(time.Second)
	_, err := conn.Exec(ctx, "select pg_advisory_unlock(1)")
	return err
}
