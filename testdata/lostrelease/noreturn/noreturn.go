// Package noreturn: a path that ends the process, the goroutine or the test loses nothing that matters.
package noreturn

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"os"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const listNames = "select name from users"

// die is this package's own.
func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(2)
}

// usage ends through die.
func usage(err error) {
	die("usage: tool [table]: %v", err)
}

// okFatal ends by log.Fatal.
func okFatal(ctx context.Context, db *sql.DB) (n int) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil {
		log.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			log.Fatalf("scan: %v", err)
		}
		n++
	}
	if err := rows.Close(); err != nil {
		log.Panic(err)
	}
	return n
}

// okOwnDie ends by a function of this package, two levels down.
func okOwnDie(ctx context.Context, pool *pgxpool.Pool) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		die("acquire: %v", err)
	}
	if err := conn.Ping(ctx); err != nil {
		usage(err)
	}
	conn.Release()
}

// okOtherPackagesDie ends by one of another package.
func okOtherPackagesDie(ctx context.Context, pool *pgxpool.Pool) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		helpers.Die(err)
	}
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		helpers.Die(err)
	}
	if err := tx.Commit(ctx); err != nil {
		helpers.Die(err)
	}
}

// okTestFatal ends the test.
func okTestFatal(t *testing.T, pool *pgxpool.Pool) string {
	t.Helper()
	ctx := context.Background()
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal("no rows")
	}
	var name string
	if err := rows.Scan(&name); err != nil {
		t.Fatal(err)
	}
	if name == "" {
		t.FailNow()
	}
	rows.Close()
	return name
}

// okCleanup leaves the release to the test.
func okCleanup(t testing.TB, pool *pgxpool.Pool) *pgxpool.Conn {
	t.Helper()
	conn, err := pool.Acquire(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Release)
	if err := conn.Ping(context.Background()); err != nil {
		t.Skip("no database")
	}
	return conn
}

// okCleanupClosure does so in a closure.
func okCleanupClosure(t *testing.T, dsn string) *pgxpool.Pool {
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		t.Fatalf("pool: %v", err)
	}
	t.Cleanup(func() { pool.Close() })
	return pool
}

// okGoexit ends the goroutine; its deferred functions run.
func okGoexit(ctx context.Context, pool *pgxpool.Pool) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		runtime.Goexit()
	}
	defer conn.Release()
	if err := conn.Ping(ctx); err != nil {
		runtime.Goexit()
	}
}

// okPanic ends by a panic nobody here recovers.
func okPanic(ctx context.Context, pool *pgxpool.Pool) string {
	rows, err := pool.Query(ctx, "select version()")
	if err != nil {
		panic(err)
	}
	if !rows.Next() {
		panic("no version")
	}
	var version string
	if err := rows.Scan(&version); err != nil {
		panic(err)
	}
	rows.Close()
	return version
}

// warn only sounds like an end.
func warn(err error) {
	if err == nil {
		os.Exit(0)
	}
	log.Print(err)
}

// badWarn comes back from warn.
func badWarn(ctx context.Context, pool *pgxpool.Pool) {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		die("acquire: %v", err)
	}
	if err := conn.Ping(ctx); err != nil {
		warn(err)
		return
	}
	conn.Release()
}

// badTestError reports an error, which does not end the test.
func badTestError(t *testing.T, pool *pgxpool.Pool) {
	rows, err := pool.Query(context.Background(), listNames) // want "rows is not closed"
	if err != nil {
		t.Fatal(err)
	}
	if !rows.Next() {
		t.Fatal("no rows")
	}
	var name string
	if err := rows.Scan(&name); err != nil {
		t.Fatal(err)
	}
	if name == "" {
		t.Errorf("empty name")
		return
	}
	rows.Close()
}

// badDieIf comes back when there is no error.
func badDieIf(ctx context.Context, pool *pgxpool.Pool) bool {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	helpers.DieIf(err)
	return rows.Next()
}

// okDieIf has an error only once.
func okDieIf(ctx context.Context, db *sql.DB) bool {
	rows, err := db.QueryContext(ctx, listNames)
	helpers.DieIf(err)
	defer rows.Close()
	return rows.Next()
}
