package limitsok

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"

	"github.com/jackc/pgx/v5"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okMinCPU() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(min(runtime.NumCPU(), 8))
	return db
}

func okClampCPU() *sql.DB {
	n := runtime.NumCPU()
	if n > 10 {
		n = 10
	}
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(n)
	return db
}

func okCpuForWorkersOnly(dsn string, work func(*sql.DB)) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(4)
	sem := make(chan struct{}, runtime.NumCPU())
	for i := 0; i < runtime.NumCPU(); i++ {
		sem <- struct{}{}
		go func() { defer func() { <-sem }(); work(db) }()
	}
	return nil
}

func okClampEnv() *sql.DB {
	n := conf.EnvInt("MAX", 500)
	if n > 15 {
		n = 15
	}
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(n)
	return db
}

type Cfg struct {
	DSN     string
	MaxOpen int
	MaxIdle int
}

func (c Cfg) withDefaults() Cfg {
	if c.MaxOpen <= 0 {
		c.MaxOpen = 10
	}
	if c.MaxIdle <= 0 || c.MaxIdle > c.MaxOpen {
		c.MaxIdle = c.MaxOpen
	}
	return c
}

func okCfgDefaults(c Cfg) (*sql.DB, error) {
	c = c.withDefaults()
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(c.MaxOpen)
	db.SetMaxIdleConns(c.MaxIdle)
	return db, nil
}

func okZeroMeansDefault(c Cfg) (*sql.DB, error) {
	if c.MaxOpen == 0 {
		c.MaxOpen = 12
	}
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(c.MaxOpen)
	return db, nil
}

func okLiteralStruct() *sql.DB {
	c := Cfg{DSN: conf.DSN, MaxOpen: 10, MaxIdle: 2}
	db, err := sql.Open("pgx", c.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(c.MaxOpen)
	db.SetMaxIdleConns(c.MaxIdle)
	return db
}

type option func(*sql.DB)

func WithMaxOpen(n int) option { return func(d *sql.DB) { d.SetMaxOpenConns(n) } }

func openWith(dsn string, opts ...option) (*sql.DB, error) {
	d, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	for _, o := range append([]option{WithMaxOpen(10)}, opts...) {
		o(d)
	}
	return d, nil
}

func okOptions() (*sql.DB, error) { return openWith(conf.DSN, WithMaxOpen(3)) }

func okOptionsDefault() (*sql.DB, error) { return openWith(conf.DSN) }

func okTableOfLimits(role string) (*sql.DB, error) {
	limits := map[string]int{"api": 10, "worker": 5, "cron": 1}
	n, ok := limits[role]
	if !ok {
		return nil, errors.New("unknown role " + role)
	}
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	return db, nil
}

func okGoroutineNoPool(ctx context.Context) (*pgx.Conn, error) {
	return pgx.Connect(ctx, "postgres://app@db/app?sslmode=disable&connect_timeout=5")
}

func okValidatedEnv() (*sql.DB, error) {
	n := conf.EnvInt("N", 0)
	if n < 1 || n > 15 {
		return nil, fmt.Errorf("N out of range: %d", n)
	}
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

func okHalfIdle(max int) (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(max)
	db.SetMaxIdleConns(max / 2)
	return db, nil
}
