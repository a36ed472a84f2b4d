// Package testutil: helpers of tests. A helper that closes by t.Cleanup, and a TestMain, are right.
package testutil

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
)

var shared *pgxpool.Pool

// okTestMain has the form of TestMain: one pool for all tests of the package.
func okTestMain(m *testing.M) {
	var err error
	shared, err = pgxpool.New(context.Background(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	shared.Close()
	os.Exit(code)
}

// okPool is called by each test.
func okPool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// okDatabase makes a database for the test, and drops it at the end by a connection of its own.
func okDatabase(t *testing.T) *sql.DB {
	t.Helper()
	name := pgx.Identifier{t.Name()}.Sanitize()
	admin, err := pgx.Connect(t.Context(), os.Getenv("TEST_DATABASE_URL"))
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() {
		_, _ = admin.Exec(context.Background(), "drop database if exists "+name)
		_ = admin.Close(context.Background())
	})
	if _, err := admin.Exec(t.Context(), "create database "+name); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", "dbname="+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// okSubtests calls the helper in a loop of subtests: each closes when it ends.
func okSubtests(t *testing.T, cases []string) {
	for _, c := range cases {
		t.Run(c, func(t *testing.T) {
			pool := okPool(t)
			if _, err := pool.Exec(t.Context(), c); err != nil {
				t.Error(err)
			}
		})
	}
}

// okBenchmark builds before the loop.
func okBenchmark(b *testing.B) {
	db := sqlx.MustConnect("pgx", os.Getenv("TEST_DATABASE_URL"))
	b.Cleanup(func() { _ = db.Close() })
	for b.Loop() {
		if _, err := db.Exec("select 1"); err != nil {
			b.Fatal(err)
		}
	}
}
