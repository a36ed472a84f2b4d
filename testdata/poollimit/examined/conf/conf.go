// Package conf has shared settings and helpers.
package conf

import (
	"database/sql"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	MaxOpen   = 10
	HugeOpen  = 250
	DSN       = "postgres://app@db/app"
	WideDSN   = "postgres://app@db/app?sslmode=disable&pool_max_conns=400"
	PooledDSN = "postgres://app@db/app?pool_max_conns=10"
)

// Settings as read from YAML.
type Settings struct {
	DSN             string        `yaml:"dsn"`
	MaxOpen         int           `yaml:"max_open"`
	MaxIdle         int           `yaml:"max_idle"`
	ConnMaxLifetime time.Duration `yaml:"lifetime"`
}

// Default returns the settings of a small service.
func Default() Settings {
	return Settings{DSN: os.Getenv("DSN"), MaxOpen: 10, MaxIdle: 5, ConnMaxLifetime: time.Hour}
}

// EnvInt reads a number from the environment.
func EnvInt(k string, def int) int {
	if n, err := strconv.Atoi(os.Getenv(k)); err == nil {
		return n
	}
	return def
}

// Tune applies the limits.
func Tune(db *sql.DB) *sql.DB {
	db.SetMaxOpenConns(MaxOpen)
	db.SetMaxIdleConns(MaxOpen / 2)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return db
}

// Touch only pings: it sets no limit.
func Touch(db *sql.DB) error { return db.Ping() }

// Lifetimes sets everything but the limit.
func Lifetimes(db *sql.DB) {
	db.SetConnMaxLifetime(time.Hour)
	db.SetConnMaxIdleTime(time.Minute)
}

// Limit limits db to n connections.
func Limit(db interface{ SetMaxOpenConns(int) }, n int) { db.SetMaxOpenConns(n) }

// Apply applies settings.
func (s Settings) Apply(db *sql.DB) {
	db.SetMaxOpenConns(s.MaxOpen)
	db.SetMaxIdleConns(s.MaxIdle)
	db.SetConnMaxLifetime(s.ConnMaxLifetime)
}

// BadRaw opens a handle; the caller is to set limits.
func BadRaw(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn) // want "db leaves this package without a limit"
	return db, err
}

// Size returns an option that sets MaxConns.
func Size(n int32) func(*pgxpool.Config) { return func(c *pgxpool.Config) { c.MaxConns = n } }
