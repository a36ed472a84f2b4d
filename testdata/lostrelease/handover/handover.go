// Package handover: who owns a holder after a call that takes it, fills it in or hands it out in an unusual way.
package handover

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const listNames = "select name from users"

// Driver keeps a connection for a migration tool.
type Driver struct {
	conn  *sql.Conn
	table string
}

// Close gives the connection back.
func (d *Driver) Close() error { return d.conn.Close() }

// withConnection takes the connection over if it succeeds, and leaves it to the caller if not.
func withConnection(ctx context.Context, conn *sql.Conn, table string) (*Driver, error) {
	if err := conn.PingContext(ctx); err != nil {
		return nil, err
	}
	if table == "" {
		return nil, errors.New("no table")
	}
	return &Driver{conn: conn, table: table}, nil
}

// okWithInstance closes the connection when the driver does not want it.
func okWithInstance(ctx context.Context, db *sql.DB, table string) (*Driver, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	d, err := withConnection(ctx, conn, table)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return d, nil
}

// badWithInstance loses it then.
func badWithInstance(ctx context.Context, db *sql.DB, table string) (*Driver, error) {
	conn, err := db.Conn(ctx) // want "conn is not (closed|released)"
	if err != nil {
		return nil, err
	}
	d, err := withConnection(ctx, conn, table)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// badDriverForgotten never closes the driver.
func badDriverForgotten(ctx context.Context, db *sql.DB) (string, error) {
	d, err := okWithInstance(ctx, db, "migrations") // want "d is n(ot|ever) (closed|released)"
	if err != nil {
		return "", err
	}
	return d.table, nil
}

// open fills a variable of its caller.
func open(ctx context.Context, db *sql.DB, out **sql.Rows) (err error) {
	*out, err = db.QueryContext(ctx, listNames)
	return err
}

// okOut closes what was filled in.
func okOut(ctx context.Context, db *sql.DB) (bool, error) {
	var rows *sql.Rows
	if err := open(ctx, db, &rows); err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// badOut does not.
func badOut(ctx context.Context, db *sql.DB) (bool, error) {
	var rows *sql.Rows
	if err := open(ctx, db, &rows); err != nil { // want "rows is n(ot|ever) closed"
		return false, err
	}
	return rows.Next(), rows.Err()
}

// tryOpen says by a bool whether there are rows.
func tryOpen(ctx context.Context, pool *pgxpool.Pool) (pgx.Rows, bool) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil, false
	}
	return rows, true
}

// okBool closes when there are.
func okBool(ctx context.Context, pool *pgxpool.Pool) bool {
	rows, ok := tryOpen(ctx, pool)
	if !ok {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

// badBool does not.
func badBool(ctx context.Context, pool *pgxpool.Pool) bool {
	rows, ok := tryOpen(ctx, pool) // want "rows is n(ot|ever) closed"
	return ok && rows.Next()
}

// orNil returns nil when there are none.
func orNil(ctx context.Context, pool *pgxpool.Pool) pgx.Rows {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil
	}
	return rows
}

// okOrNil asks.
func okOrNil(ctx context.Context, pool *pgxpool.Pool) bool {
	rows := orNil(ctx, pool)
	if rows == nil {
		return false
	}
	defer rows.Close()
	return rows.Next()
}

// badOrNil asks and forgets.
func badOrNil(ctx context.Context, pool *pgxpool.Pool) bool {
	if rows := orNil(ctx, pool); rows != nil { // want "rows is n(ot|ever) closed"
		return rows.Next()
	}
	return false
}

// Failure is an error of its own type.
type Failure struct{ Code int }

// Error says what.
func (f *Failure) Error() string { return fmt.Sprintf("code %d", f.Code) }

// begin has an error result that is a pointer.
func begin(ctx context.Context, pool *pgxpool.Pool) (pgx.Tx, *Failure) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return nil, &Failure{Code: 503}
	}
	return tx, nil
}

// okFailure ends.
func okFailure(ctx context.Context, pool *pgxpool.Pool) error {
	tx, failure := begin(ctx, pool)
	if failure != nil {
		return failure
	}
	defer tx.Rollback(ctx)
	return tx.Commit(ctx)
}

// badFailure does not on an error.
func badFailure(ctx context.Context, pool *pgxpool.Pool) error {
	tx, failure := begin(ctx, pool) // want "tx is n(either|ever|ot)"
	if failure != nil {
		return failure
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Outcome has rows or an error.
type Outcome struct {
	Rows pgx.Rows
	Err  error
}

// query returns one.
func query(ctx context.Context, pool *pgxpool.Pool) Outcome {
	rows, err := pool.Query(ctx, listNames)
	return Outcome{Rows: rows, Err: err}
}

// okOutcome closes.
func okOutcome(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	out := query(ctx, pool)
	if out.Err != nil {
		return false, out.Err
	}
	defer out.Rows.Close()
	return out.Rows.Next(), nil
}

// badOutcome does not.
func badOutcome(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	out := query(ctx, pool) // want "out(\\.Rows)? is n(ot|ever) closed"
	if out.Err != nil {
		return false, out.Err
	}
	return out.Rows.Next(), nil
}

// okTwoAtOnce returns two holders, and closes the first when there is no second.
func okTwoAtOnce(ctx context.Context, a, b *pgxpool.Pool) (_, _ *pgxpool.Conn, err error) {
	first, err := a.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	second, err := b.Acquire(ctx)
	if err != nil {
		first.Release()
		return nil, nil, err
	}
	return first, second, nil
}

// okBothReleased releases both.
func okBothReleased(ctx context.Context, a, b *pgxpool.Pool) error {
	x, y, err := okTwoAtOnce(ctx, a, b)
	if err != nil {
		return err
	}
	defer x.Release()
	defer y.Release()
	return errors.Join(x.Ping(ctx), y.Ping(ctx))
}

// badOneOfTwo releases one.
func badOneOfTwo(ctx context.Context, a, b *pgxpool.Pool) error {
	x, y, err := okTwoAtOnce(ctx, a, b) // want "y is n(ot|ever) released"
	if err != nil {
		return err
	}
	defer x.Release()
	return errors.Join(x.Ping(ctx), y.Ping(ctx))
}

// closeIfCloser closes anything that can be closed.
func closeIfCloser(v any) {
	if c, ok := v.(io.Closer); ok {
		_ = c.Close()
	}
}

// okAny closes through any.
func okAny(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer closeIfCloser(rows)
	return rows.Next(), rows.Err()
}

// okCloserVariable keeps what is to be closed in a variable of an interface.
func okCloserVariable(ctx context.Context, db *sql.DB, fast bool) (ok bool, err error) {
	var closer io.Closer = io.NopCloser(nil)
	defer func() { _ = closer.Close() }()
	if !fast {
		rows, err := db.QueryContext(ctx, listNames)
		if err != nil {
			return false, err
		}
		closer = rows
		ok = rows.Next()
	}
	return ok, nil
}

// badDeferredTooEarly evaluates the argument of the deferred call while it is nil.
func badDeferredTooEarly(ctx context.Context, pool *pgxpool.Pool) (err error) {
	var conn *pgxpool.Conn
	defer helpers.Release(conn)
	conn, err = pool.Acquire(ctx) // want "conn is n(ot|ever) released"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// okDeferredInTime captures the variable.
func okDeferredInTime(ctx context.Context, pool *pgxpool.Pool) (err error) {
	var conn *pgxpool.Conn
	defer func() { helpers.Release(conn) }()
	conn, err = pool.Acquire(ctx)
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// conversation takes a connection in one method and gives it back in another.
type conversation struct {
	pool *pgxpool.Pool
	conn *pgxpool.Conn
}

func (c *conversation) begin(ctx context.Context) (err error) {
	c.conn, err = c.pool.Acquire(ctx)
	return err
}

func (c *conversation) end() {
	if c.conn != nil {
		c.conn.Release()
		c.conn = nil
	}
}

// okConversation ends what it begins.
func okConversation(ctx context.Context, pool *pgxpool.Pool) error {
	c := &conversation{pool: pool}
	if err := c.begin(ctx); err != nil {
		return err
	}
	defer c.end()
	return c.conn.Ping(ctx)
}

// badConversation does not, and nobody else has it.
func badConversation(ctx context.Context, pool *pgxpool.Pool) error {
	c := &conversation{pool: pool}
	if err := c.begin(ctx); err != nil { // want "c(\\.conn)? is n"
		return err
	}
	return c.conn.Ping(ctx)
}
