// Package advice has what is shown in strict mode only: limits between 16 and 97, pgxpool's default in a literal connection
// string, connections that stay open for ever.
package advice

import (
	"context"
	"database/sql"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// okComplete has a limit and a time.
func okComplete(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(15)
	db.SetMaxIdleConns(5)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// badSixteen is one more than fifteen.
func badSixteen(db *sql.DB) {
	db.SetMaxOpenConns(16) // want "limit 16 is above 15,"
}

// badHighest takes a whole default server.
func badHighest(cfg *pgxpool.Config) {
	cfg.MaxConns = 97 // want "limit 97 is above 15,"
}

// badAbove is a warning with or without strict.
func badAbove(cfg *pgxpool.Config) {
	cfg.MaxConns = 98 // want "limit 98 is more than a server"
}

// badString has it in the string.
func badString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_max_conns=50") // want "pool_max_conns 50 is above 15,"
}

// limitTo hands a number on.
func limitTo(db *sql.DB, n int) { db.SetMaxOpenConns(n) }

func badThrough(db *sql.DB) {
	limitTo(db, 40) // want "limit 40 is above 15,"
}

func okThrough(db *sql.DB) { limitTo(db, 10) }

// badForEver keeps its connections until the program ends: after a failover they still lead to the old primary.
func badForEver(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn) // want "keeps idle connections"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
	return db, nil
}

// badForEverSqlx does so through sqlx.
func badForEverSqlx(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("postgres", dsn) // want "keeps idle connections"
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// badForEverGorm does so through gorm.
func badForEverGorm(dsn string) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(dsn)) // want "keeps idle connections"
	if err != nil {
		return nil, err
	}
	db, err := g.DB()
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return g, nil
}

// okLifetime has the other time.
func okLifetime(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("postgres", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetConnMaxLifetime(30 * time.Minute)
	return db, nil
}

// okNoIdle keeps no connection after its use, so there is nothing to time out.
func okNoIdle(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(0)
	return db, nil
}

func times(db *sql.DB, d time.Duration) {
	db.SetConnMaxIdleTime(d)
	db.SetConnMaxLifetime(2 * d)
}

// okHelper leaves the times to a helper.
func okHelper(dsn string, d time.Duration) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	times(db, d)
	return db, nil
}

// okScript closes the pool itself, at the end of its work.
func okScript(ctx context.Context, dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	db.SetConnMaxLifetime(time.Minute)
	_, err = db.ExecContext(ctx, "vacuum")
	return err
}

// okView has no idle connections of its own: OpenDBFromPool sets them to zero.
func okView(pool *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(pool) }

// okSQLite is a file.
func okSQLite(path string) (*sql.DB, error) { return sql.Open("sqlite3", path) }

// badDefault has a string that says nothing about the pool, so the number of CPUs of the host decides.
func badDefault(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db:5432/app?sslmode=verify-full") // want "has the default limit"
}

// badDefaultParsed changes something else.
func badDefaultParsed(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("host=db dbname=app pool_max_conn_idle_time=5m") // want "has the default limit"
	if err != nil {
		return nil, err
	}
	cfg.MinConns = 2
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okParsed sets the limit in the program.
func okParsed(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("host=db dbname=app")
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 12
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okCapped bounds the default.
func okCapped(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("host=db dbname=app")
	if err != nil {
		return nil, err
	}
	if cfg.MaxConns > 12 {
		cfg.MaxConns = 12
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okString sets it in the string. The times of pgxpool are an hour and half an hour without a word.
func okString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "host=db dbname=app pool_max_conns=6")
}

// okUnknown gets a string that may have it.
func okUnknown(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
}

// okUnknownPart has a part that may have it.
func okUnknownPart(ctx context.Context, parameters string) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?"+parameters)
}

// badUnlimited is a warning with or without strict. Its times are there.
func badUnlimited(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	db.SetConnMaxLifetime(time.Hour)
	return db, nil
}
