// Package limits: pools without a limit, or with a wrong one.
package limits

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func badOpenReturn(dsn string) (*sql.DB, error) {
	return sql.Open("postgres", dsn) // want `the pool of sql\.Open has no limit`
}

func badOpenPing(ctx context.Context) (*sql.DB, error) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL")) // want "db has no limit"
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("ping database: %w", err)
	}
	return db, nil
}

func badIdleOnly() *sql.DB {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want "db has no limit"
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxIdleConns(10)
	db.SetConnMaxLifetime(time.Hour)
	return db
}

func badZero() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(0) // want `db\.SetMaxOpenConns\(0\) means no limit`
	db.SetMaxIdleConns(2)
	return db, nil
}

func badZeroConst() *sql.DB {
	const unlimited = 0
	db, _ := sql.Open("pgx", conf.DSN)
	db.SetMaxOpenConns(unlimited) // want `db\.SetMaxOpenConns\(0\) means no limit`
	return db
}

func badHundred(dsn string) (db *sql.DB, err error) {
	if db, err = sql.Open("postgres", dsn); err != nil {
		return
	}
	db.SetMaxOpenConns(100) // want "limit 100 is more than a server"
	db.SetMaxIdleConns(25)
	db.SetConnMaxIdleTime(time.Minute)
	return
}

func badConstOtherPkg() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(conf.HugeOpen) // want "limit 250 is more than a server"
	return db
}

const perCore, cores = 32, 8

func badConstProduct() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(perCore * cores) // want "limit 256 is more than a server"
	return db, nil
}

func badLocalVar(dsn string) *sql.DB {
	limit := 1000
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil
	}
	db.SetMaxOpenConns(limit) // want "limit 1000 is more than a server"
	return db
}

func badMaxInt() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(math.MaxInt32) // want "limit 2147483647 is more than a server"
	return db
}

func badIdleOverOpen() (*sql.DB, error) {
	d, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	d.SetMaxOpenConns(5)
	d.SetMaxIdleConns(10) // want "10 idle connections are more than the 5"
	d.SetConnMaxLifetime(5 * time.Minute)
	return d, nil
}

const (
	openConns = 8
	idleConns = 2 * openConns
)

func badIdleOverOpenConst() *sqlx.DB {
	x := sqlx.MustConnect("postgres", conf.DSN)
	x.SetMaxIdleConns(idleConns) // want "16 idle connections are more than the 8"
	x.SetMaxOpenConns(openConns)
	return x
}

func badNumCPU() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(runtime.NumCPU() * 2) // want "follows the number of processors"
	return db, nil
}

func badNumCPUVar() *sql.DB {
	workers := 4 * runtime.NumCPU()
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(workers) // want "follows the number of processors"
	return db
}

func badPgxNumCPU(ctx context.Context) (*pgxpool.Pool, error) {
	c, err := pgxpool.ParseConfig(os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	c.MaxConns = int32(runtime.NumCPU()) // want "follows the number of processors"
	return pgxpool.NewWithConfig(ctx, c)
}

func badSqlxConnect(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("postgres", dsn) // want "db has no limit"
	if err != nil {
		return nil, errors.Join(errors.New("connect"), err)
	}
	return db, nil
}

func badSqlxMustOpen() *sqlx.DB { return sqlx.MustOpen("pgx", os.Getenv("DSN")) } // want `the pool of sqlx\.MustOpen has no limit`

func badSqlxNewDb(dsn string) (*sqlx.DB, error) {
	raw, err := sql.Open("pgx", dsn) // want "raw has no limit"
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(raw, "pgx"), nil
}

func badSqlxHuge() *sqlx.DB {
	x := sqlx.MustConnect("postgres", os.Getenv("DSN"))
	x.SetMaxOpenConns(300) // want "limit 300 is more than a server"
	return x
}

func badConnector(dsn string) (*sql.DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil // want `the pool of sql\.OpenDB has no limit`
}

func badStdlibOpenDB(dsn string) (*sql.DB, error) {
	cc, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cc.DefaultQueryExecMode = pgx.QueryExecModeExec
	return stdlib.OpenDB(*cc), nil // want `the pool of stdlib\.OpenDB has no limit`
}

func badGetConnector(cc pgx.ConnConfig) *sql.DB {
	db := sql.OpenDB(stdlib.GetConnector(cc)) // want "db has no limit"
	db.SetConnMaxLifetime(time.Hour)
	return db
}

func badPoolConnectorIdle(p *pgxpool.Pool) *sql.DB {
	return sql.OpenDB(stdlib.GetPoolConnector(p)) // want `the pool of sql\.OpenDB keeps up to 2`
}

func badPoolConnectorIdleTwo(ctx context.Context) (*sql.DB, error) {
	p, err := pgxpool.New(ctx, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(stdlib.GetPoolConnector(p)) // want "db keeps up to 2"
	db.SetMaxOpenConns(10)
	return db, db.PingContext(ctx)
}

func badHelperOnlyLifetimes() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	conf.Lifetimes(db)
	if err := conf.Touch(db); err != nil {
		return nil, err
	}
	return db, nil
}

func badHelperHugeArg() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	conf.Limit(db, 500) // want "limit 500 is more than a server"
	return db, nil
}

func capConns(db *sql.DB, n int) { db.SetMaxOpenConns(n) }

func badHelperZeroArg(dsn string) *sql.DB {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		panic(err)
	}
	capConns(db, 0) // want "means no limit"
	return db
}
