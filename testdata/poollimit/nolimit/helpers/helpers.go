// Package helpers leaves the limit to helpers: of this package, of another package, behind an interface.
package helpers

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"example.com/poolvet/testdata/poollimit/nolimit/tune"
)

type settings struct {
	URL     string
	MaxOpen int
	Idle    time.Duration
}

// configure limits the pool it is given.
func configure(db *sql.DB, s settings) error {
	if s.MaxOpen < 1 {
		return fmt.Errorf("max open %d", s.MaxOpen)
	}
	db.SetMaxOpenConns(s.MaxOpen)
	db.SetConnMaxIdleTime(s.Idle)
	return nil
}

// okHelper uses a helper of the package.
func okHelper(s settings) (*sql.DB, error) {
	db, err := sql.Open("pgx", s.URL)
	if err != nil {
		return nil, err
	}
	if err := configure(db, s); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// okOtherPackage uses a helper of another package.
func okOtherPackage(ctx context.Context, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	tune.Apply(db, tune.Small())
	return db.PingContext(ctx)
}

// badLifetimes uses a helper of another package which sets other things.
func badLifetimes(url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return tune.Lifetimes(db), nil
}

// okGeneric uses a generic helper.
func okGeneric(url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	return tune.Generic(db, 6), nil
}

// limiter is the part of a pool that limits it.
type limiter interface {
	SetMaxOpenConns(n int)
	SetMaxIdleConns(n int)
}

func halve(l limiter, n int) {
	l.SetMaxOpenConns(n)
	l.SetMaxIdleConns(n / 2)
}

// okInterface hands the pool to a helper as an interface.
func okInterface(url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	halve(db, 12)
	return db, nil
}

func observe(log *slog.Logger, db *sql.DB) {
	s := db.Stats()
	log.Info("pool", "open", s.OpenConnections, "max", s.MaxOpenConnections)
}

// badObserved gives the pool to a helper that only looks at it.
func badObserved(log *slog.Logger, url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	observe(log, db)
	return db, nil
}

type repository struct{ db *sql.DB }

func newRepository(db *sql.DB) *repository { return &repository{db: db} }

func (r *repository) names(ctx context.Context) (names []string, err error) {
	rows, err := r.db.QueryContext(ctx, "select name from users")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// badRepository gives the pool to a visible type that only queries.
func badRepository(url string) (*repository, error) {
	db, err := sql.Open("pgx", url) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return newRepository(db), nil
}

// okRepository limits it first.
func okRepository(url string) (*repository, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	halve(db, 10)
	return newRepository(db), nil
}

// tuning steps are run for each pool.
var tuning = []func(*sql.DB){
	func(db *sql.DB) { db.SetMaxOpenConns(10) },
	func(db *sql.DB) { db.SetConnMaxLifetime(time.Hour) },
}

// okTable runs the steps of a table.
func okTable(url string) (*sql.DB, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	for _, step := range tuning {
		step(db)
	}
	return db, nil
}

// prepare finishes the work of a constructor and hands the same pool back.
func prepare(db *sql.DB, err error) (*sql.DB, error) {
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, db.Ping()
}

// okComposed passes both results on.
func okComposed(url string) (*sql.DB, error) { return prepare(sql.Open("pgx", url)) }

// check hands the pool back as it came.
func check(db *sql.DB, err error) *sql.DB {
	if err != nil {
		panic(err)
	}
	return db
}

// badComposed has a helper of the same form which sets nothing.
func badComposed(url string) *sql.DB {
	return check(sql.Open("pgx", url)) // want `the pool of sql\.Open has no limit`
}

// okOption gets functional options that work on the pool itself. What they do is the caller's business.
func okOption(url string, opts ...func(*sql.DB)) (*sql.DB, error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	for _, opt := range opts {
		opt(db)
	}
	return db, nil
}

// badWrongHelper has a helper for the limit and calls it for the other pool.
func badWrongHelper(url string, reports *sql.DB, s settings) (*sql.DB, error) {
	db, err := sql.Open("pgx", url) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	if err := configure(reports, s); err != nil {
		return nil, err
	}
	return db, nil
}
