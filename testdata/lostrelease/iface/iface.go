// Package iface reaches the database through interfaces, embedded handles and functions nobody can see into.
package iface

import (
	"context"
	"database/sql"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const listNames = "select name from users"

// DBTX is what generated code asks for.
type DBTX interface {
	Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
	Query(context.Context, string, ...any) (pgx.Rows, error)
	QueryRow(context.Context, string, ...any) pgx.Row
}

// Queries is generated code.
type Queries struct{ db DBTX }

// okListNames is what a generator writes.
func (q *Queries) okListNames(ctx context.Context) ([]string, error) {
	rows, err := q.db.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var items []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		items = append(items, name)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return items, nil
}

// badFirstName is what somebody added by hand.
func (q *Queries) badFirstName(ctx context.Context) (name string, err error) {
	rows, err := q.db.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	if rows.Next() {
		err = rows.Scan(&name)
	}
	return name, err
}

// badTouch drops the row.
func (q *Queries) badTouch(ctx context.Context, id int64) {
	q.db.QueryRow(ctx, "update users set seen = now() where id = $1 returning id", id) // want "never scanned|discarded"
}

// SQLDB is the same for database/sql: *sql.DB, *sql.Tx and *sql.Conn have these methods.
type SQLDB interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// okSQLDB closes.
func okSQLDB(ctx context.Context, db SQLDB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	return rows.Next(), rows.Err()
}

// badSQLDB does not.
func badSQLDB(ctx context.Context, db SQLDB) (ok bool, err error) {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// Beginner begins.
type Beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

// okBeginner ends.
func okBeginner(ctx context.Context, db Beginner) error {
	tx, err := db.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	return tx.Commit(ctx)
}

// badBeginner ends on success only.
func badBeginner(ctx context.Context, db Beginner) error {
	tx, err := db.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// DB embeds its handle.
type DB struct {
	*pgxpool.Pool
	name string
}

// okEmbedded calls a promoted method.
func (db *DB) okEmbedded(ctx context.Context) (bool, error) {
	rows, err := db.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// badEmbedded loses what a promoted method took.
func (db *DB) badEmbedded(ctx context.Context) error {
	conn, err := db.Acquire(ctx) // want "conn is never released"
	if err != nil {
		return err
	}
	return conn.Ping(ctx)
}

// badAnonymousStruct has the handle in a struct without a name.
func badAnonymousStruct(ctx context.Context, env struct {
	*sql.DB
	Schema string
}) (bool, error) {
	rows, err := env.QueryContext(ctx, "select 1 from pg_namespace where nspname = $1", env.Schema) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// Logged overrides one method of the pool it embeds, and closes.
type Logged struct{ *pgxpool.Pool }

// Query hands the rows on.
func (l Logged) Query(ctx context.Context, q string, args ...any) (pgx.Rows, error) {
	return l.Pool.Query(ctx, q, args...)
}

// okLogged closes what its own Query returned.
func okLogged(ctx context.Context, l Logged) (bool, error) {
	rows, err := l.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// badLogged does not.
func badLogged(ctx context.Context, l Logged) (bool, error) {
	rows, err := l.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// Sink has no implementation here, and nobody can say what it does with rows.
type Sink interface {
	Consume(ctx context.Context, rows pgx.Rows) error
}

// okUnknownSink gives the rows to it.
func okUnknownSink(ctx context.Context, pool *pgxpool.Pool, sink Sink) error {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return err
	}
	return sink.Consume(ctx, rows)
}

// Renderer has one implementation here, which closes.
type Renderer interface{ Render(rows *sql.Rows) error }

type csv struct{}

func (csv) Render(rows *sql.Rows) error {
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// okRenderer gives the rows to an implementation that closes.
func okRenderer(ctx context.Context, db *sql.DB, r Renderer) error {
	if r == nil {
		r = csv{}
	}
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return err
	}
	return r.Render(rows)
}

// okReflection calls what nobody can see.
func okReflection(ctx context.Context, db *sql.DB, f any) error {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		return err
	}
	reflect.ValueOf(f).Call([]reflect.Value{reflect.ValueOf(rows)})
	return nil
}

// okCallbackBorrows: a function that came from outside reads the rows, this one closes them.
func okCallbackBorrows(ctx context.Context, pool *pgxpool.Pool, scan func(pgx.Rows) error) error {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return err
	}
	defer rows.Close()
	return scan(rows)
}

// badCallbackBorrows relies on the function to close.
func badCallbackBorrows(ctx context.Context, pool *pgxpool.Pool, scan func(pgx.Rows) error) error {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return err
	}
	return scan(rows)
}

// badCallbackTx relies on it to end the transaction.
func badCallbackTx(ctx context.Context, pool *pgxpool.Pool, fn func(pgx.Tx) error) error {
	tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// handlers are set elsewhere.
type handlers struct {
	onRows func(*sql.Rows) error
}

// badFieldCallback: a function in a field is no better known.
func (h *handlers) badFieldCallback(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return err
	}
	return h.onRows(rows)
}

// okKnownLiteral: a function literal that is seen to close.
func okKnownLiteral(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	first := func(rows pgx.Rows) bool {
		defer rows.Close()
		return rows.Next()
	}
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	return first(rows), rows.Err()
}

// badKnownLiteral: one that is seen not to.
func badKnownLiteral(ctx context.Context, pool *pgxpool.Pool) (bool, error) {
	first := func(rows pgx.Rows) bool { return rows.Next() }
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return first(rows), rows.Err()
}
