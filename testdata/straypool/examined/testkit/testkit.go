// Package testkit: pools for tests.
package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

func okTestDB(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", os.Getenv("TEST_DSN"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(2)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func okPerTestDatabase(t *testing.T) *pgxpool.Pool {
	t.Helper()
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, os.Getenv("TEST_DSN"))
	if err != nil {
		t.Skip(err)
	}
	defer admin.Close(ctx)
	name := fmt.Sprintf("t_%d", rand.Int64())
	if _, err := admin.Exec(ctx, "create database "+name); err != nil {
		t.Fatal(err)
	}
	p, err := pgxpool.New(ctx, os.Getenv("TEST_DSN")+" dbname="+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func okSubtests(t *testing.T, cases map[string]func(*testing.T, *pgxpool.Pool)) {
	for name, f := range cases {
		t.Run(name, func(t *testing.T) { f(t, okPerTestDatabase(t)) })
	}
}

func okMockLoop(t *testing.T) {
	for i := 0; i < 3; i++ {
		db, mock, err := sqlmock.New(sqlmock.MonitorPingsOption(true))
		if err != nil {
			t.Fatal(err)
		}
		mock.ExpectPing()
		_ = db.Ping()
		_ = db.Close()
	}
}

func okGormOverMock(t *testing.T) *gorm.DB {
	db, _, err := sqlmock.New()
	if err != nil {
		t.Fatal(err)
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func okTestMain(m *testing.M) int {
	p, err := pgxpool.New(context.Background(), os.Getenv("TEST_DSN"))
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer p.Close()
	return m.Run()
}
