// Package settings passes the limits in structs.
package settings

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
)

// Config is the configuration of one pool. The tags belong to a reader of the environment: it decides, not the program.
type Config struct {
	DSN      string        `json:"dsn"`
	MaxOpen  int           `json:"maxOpen" env:"DB_MAX_OPEN" envDefault:"200"`
	MaxIdle  int           `json:"maxIdle"`
	Lifetime time.Duration `json:"lifetime"`
}

func open(cfg Config) (*sql.DB, error) {
	db, err := sql.Open("pgx", cfg.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(cfg.MaxOpen)
	db.SetConnMaxLifetime(cfg.Lifetime)
	return db, nil
}

func okLiteral(dsn string) (*sql.DB, error) {
	return open(Config{DSN: dsn, MaxOpen: 10, MaxIdle: 10})
}

func badLiteral(dsn string) (*sql.DB, error) {
	return open(Config{
		DSN:      dsn,
		MaxOpen:  500, // want "limit 500 is more than a server"
		Lifetime: time.Hour,
	})
}

// badField sets it after the literal.
func badField(dsn string) (*sql.DB, error) {
	var cfg Config
	cfg.DSN = dsn
	cfg.MaxOpen = 300 // want "limit 300 is more than a server"
	return open(cfg)
}

// okField does too.
func okField(dsn string) (*sql.DB, error) {
	cfg := Config{DSN: dsn}
	cfg.MaxOpen = 10
	return open(cfg)
}

// badDefaults is a helper: the number it writes limits the pool of another function.
func badDefaults() Config {
	return Config{
		DSN:     "dbname=app",
		MaxOpen: 256, // want "limit 256 is more than a server"
	}
}

func openDefault() (*sql.DB, error) { return open(badDefaults()) }

// okExample is only printed, for the documentation.
func okExample(w io.Writer) error {
	return json.NewEncoder(w).Encode(Config{DSN: "postgres://…", MaxOpen: 500, MaxIdle: 1000})
}

// okFile reads the configuration over its defaults. The file decides.
func okFile(name string) (*sql.DB, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	cfg := Config{MaxOpen: 128, Lifetime: time.Hour}
	if err := json.Unmarshal(b, &cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return open(cfg)
}

// okFileOnly has no defaults at all.
func okFileOnly(r io.Reader) (*sql.DB, error) {
	var cfg struct {
		Database Config `json:"database"`
	}
	if err := json.NewDecoder(r).Decode(&cfg); err != nil {
		return nil, err
	}
	return open(cfg.Database)
}

// Pool fills what is missing before it opens.
type Pool struct {
	URL      string
	MaxConns int
}

func (p *Pool) setDefaults() {
	if p.MaxConns <= 0 {
		p.MaxConns = 10
	}
}

func (p Pool) connect(ctx context.Context) (*pgxpool.Pool, error) {
	p.setDefaults()
	cfg, err := pgxpool.ParseConfig(p.URL)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = int32(p.MaxConns)
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okUnset leaves the field to setDefaults.
func okUnset(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return Pool{URL: url}.connect(ctx)
}

// okUnsetZero says so.
func okUnsetZero(ctx context.Context, url string) (*pgxpool.Pool, error) {
	p := Pool{URL: url, MaxConns: 0}
	return p.connect(ctx)
}

// badMethod gives the method a large number.
func badMethod(ctx context.Context, url string) (*pgxpool.Pool, error) {
	return Pool{URL: url, MaxConns: 1000}.connect(ctx) // want "limit 1000 is more than a server"
}

// Service has a nested configuration, passed by pointer.
type Service struct {
	HTTP struct{ MaxConns int }
	DB   struct {
		URL      string
		MaxConns int32
	}
}

func (s *Service) pool(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(s.DB.URL)
	if err != nil {
		return nil, err
	}
	if s.DB.MaxConns > 0 {
		cfg.MaxConns = s.DB.MaxConns
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okNested has a large number in the part that isn't the database.
func okNested(ctx context.Context, url string) (*pgxpool.Pool, error) {
	s := &Service{}
	s.HTTP.MaxConns = 5000
	s.DB.URL = url
	s.DB.MaxConns = 10
	return s.pool(ctx)
}

// badNested has it in the database's part.
func badNested(ctx context.Context, url string) (*pgxpool.Pool, error) {
	s := &Service{}
	s.HTTP.MaxConns = 50
	s.DB.URL = url
	s.DB.MaxConns = 500 // want "limit 500 is more than a server"
	return s.pool(ctx)
}

// Limits has a constructor.
type Limits struct{ open, idle int }

func newLimits(open, idle int) *Limits { return &Limits{open: open, idle: idle} }

func (l *Limits) apply(db *sql.DB) {
	db.SetMaxOpenConns(l.open)
	db.SetMaxIdleConns(l.idle)
}

func okConstructor(db *sql.DB) { newLimits(10, 5).apply(db) }

func badConstructor(db *sql.DB) {
	newLimits(800, 5).apply(db) // want "limit 800 is more than a server"
}

// capped is a method that keeps the number small.
func (l Limits) capped() int { return min(l.open, 25) }

// okCapped asks for a lot.
func okCapped(db *sql.DB) {
	l := Limits{open: 400}
	db.SetMaxOpenConns(l.capped())
}

// profiles are chosen by name.
var profiles = map[string]Limits{
	"small": {open: 2, idle: 1},
	"large": {open: 40, idle: 10},
}

// okProfile takes one of them.
func okProfile(db *sql.DB, name string) {
	l := profiles[name]
	db.SetMaxOpenConns(l.open)
}
