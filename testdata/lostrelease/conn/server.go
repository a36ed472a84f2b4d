package conn

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// okHijack moves the connection out of the pool; it is closed as a server connection.
func okHijack(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	raw := conn.Hijack()
	defer raw.Close(ctx)
	_, err = raw.Exec(ctx, "listen jobs")
	return err
}

// okHijackReturned gives it to the caller.
func okHijackReturned(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "set application_name = 'listener'"); err != nil {
		conn.Release()
		return nil, err
	}
	return conn.Hijack(), nil
}

// badHijack closes it on one path only: the pool will never count it again.
func badHijack(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	raw := conn.Hijack() // want "raw is n(ot|ever) (closed|released)"
	if _, err := raw.Exec(ctx, "listen jobs"); err != nil {
		return err
	}
	return raw.Close(ctx)
}

// badReturnedHijackForgotten is a caller of okHijackReturned.
func badReturnedHijackForgotten(ctx context.Context, pool *pgxpool.Pool) error {
	listener, err := okHijackReturned(ctx, pool) // want "listener is n(ot|ever) (closed|released)"
	if err != nil {
		return err
	}
	_, err = listener.WaitForNotification(ctx)
	return err
}

// okConnect opens a connection of its own and closes it.
func okConnect(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() {
		if err := conn.Close(context.WithoutCancel(ctx)); err != nil {
			fmt.Println(err)
		}
	}()
	_, err = conn.Exec(ctx, "create database app")
	return err
}

// badConnect opens one per call.
func badConnect(ctx context.Context, dsn string) error {
	conn, err := pgx.Connect(ctx, dsn) // want "conn is never closed"
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "create database app")
	return err
}

// badConnectPing gives up on an error without closing.
func badConnectPing(ctx context.Context, cfg *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, cfg) // want "conn is not closed"
	if err != nil {
		return nil, err
	}
	if err := conn.Ping(ctx); err != nil {
		return nil, err
	}
	return conn, nil
}

// okPgconn closes the lowest of the connections.
func okPgconn(ctx context.Context, dsn string) error {
	conn, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "checkpoint").ReadAll()
	return err
}

// badPgconn does not.
func badPgconn(ctx context.Context, dsn string) error {
	conn, err := pgconn.Connect(ctx, dsn) // want "conn is never closed"
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "checkpoint").ReadAll()
	return err
}

// okSQLConn gives the connection back.
func okSQLConn(ctx context.Context, db *sql.DB) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	_, err = conn.ExecContext(ctx, "set role reader")
	return err
}

// okSQLConnRaw reaches the driver below.
func okSQLConnRaw(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driverConn any) error {
		_, err := driverConn.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{"t"}, []string{"a"}, pgx.CopyFromRows(nil))
		return err
	})
}

// okSQLConnRowsFirst closes the rows before the connection.
func okSQLConnRowsFirst(ctx context.Context, db *sql.DB) (bool, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close() // runs before conn.Close
	return rows.Next(), rows.Err()
}

// badSQLConn never gives it back.
func badSQLConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx) // want "conn is never (closed|released)"
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "set role reader")
	return err
}

// badSQLConnOneBranch gives it back on success.
func badSQLConnOneBranch(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx) // want "conn is not (closed|released)"
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "set role reader"); err != nil {
		return fmt.Errorf("set role: %w", err)
	}
	return conn.Close()
}

// badSQLConnRowsOpen: Close of a database/sql Conn waits for ever for the rows that are open.
func badSQLConnRowsOpen(ctx context.Context, db *sql.DB) (bool, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	rows, err := conn.QueryContext(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badSQLConnTxOpen: and for a transaction.
func badSQLConnTxOpen(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// badSQLConnTxOnly ends the transaction and keeps the connection.
func badSQLConnTxOnly(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx) // want "conn is never (closed|released)"
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// okResultsClosed reads each result; Close reads what an error has left.
func okResultsClosed(ctx context.Context, conn *pgconn.PgConn) error {
	results := conn.Exec(ctx, "select 1; select 2")
	for results.NextResult() {
		results.ResultReader().Read()
	}
	return results.Close()
}

// badResultsReadOnly leaves the connection busy when a statement fails: NextResult returns false then too.
func badResultsReadOnly(ctx context.Context, conn *pgconn.PgConn) int {
	n := 0
	results := conn.Exec(ctx, "select 1; select 2") // want "results is n(ot|ever) closed"
	for results.NextResult() {
		results.ResultReader().Read()
		n++
	}
	return n
}
