// Package ratios has pools whose lower number is above the upper one. database/sql lowers MaxIdle without a word, and pgxpool
// never reaches its MinConns: the program doesn't get what it asks for.
package ratios

import (
	"context"
	"database/sql"
	"os"
	"strconv"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

func okEqual(db *sql.DB) {
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
}

func badIdle(db *sql.DB) {
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(25) // want "25 idle connections are more than the 10"
}

// badIdleFirst has the calls in the other order.
func badIdleFirst(dsn string) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(20) // want "20 idle connections are more than the 5"
	db.SetMaxOpenConns(5)
	return db, nil
}

// okOne is below the library's default of two idle connections. The library adapts, and nobody asked for two.
func okOne(db *sql.DB) { db.SetMaxOpenConns(1) }

// okNoIdle keeps none.
func okNoIdle(db *sql.DB) {
	db.SetMaxOpenConns(5)
	db.SetMaxIdleConns(0)
}

// okNegativeIdle keeps none either.
func okNegativeIdle(db *sql.DB) {
	db.SetMaxOpenConns(5)
	db.SetMaxIdleConns(-1)
}

// okUnknownOpen compares with a number nobody knows.
func okUnknownOpen(db *sql.DB) error {
	n, err := strconv.Atoi(os.Getenv("DB_MAX_OPEN"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(50)
	return nil
}

// okTwoPools has two pools with their own numbers.
func okTwoPools(orders, mail *sql.DB) {
	orders.SetMaxOpenConns(20)
	orders.SetMaxIdleConns(10)
	mail.SetMaxOpenConns(2)
	mail.SetMaxIdleConns(2)
}

// badTwoPools mixes them up.
func badTwoPools(orders, mail *sql.DB) {
	orders.SetMaxOpenConns(20)
	mail.SetMaxOpenConns(2)
	orders.SetMaxIdleConns(2)
	mail.SetMaxIdleConns(20) // want "20 idle connections are more than the 2"
}

// okBranches has a pair for each role. No path mixes them.
func okBranches(db *sql.DB, role string) {
	if role == "worker" {
		db.SetMaxOpenConns(4)
		db.SetMaxIdleConns(2)
	} else {
		db.SetMaxOpenConns(20)
		db.SetMaxIdleConns(10)
	}
}

const (
	openConns = 8
	idleConns = openConns * 2
)

// badConstants computes the wrong one.
func badConstants(db *sqlx.DB) {
	db.SetMaxOpenConns(openConns)
	db.SetMaxIdleConns(idleConns) // want "16 idle connections are more than the 8"
}

// badGorm copies one number from the documentation and has its own for the other.
func badGorm(g *gorm.DB) error {
	db, err := g.DB()
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(10) // want "10 idle connections are more than the 3"
	db.SetMaxOpenConns(3)
	return nil
}

// badXorm does it with the engine.
func badXorm(engine *xorm.Engine) {
	engine.SetMaxOpenConns(10)
	engine.SetMaxIdleConns(30) // want "30 idle connections are more than the 10"
}

// Store keeps its pool in a field.
type Store struct{ db *sql.DB }

func (s *Store) badTune() {
	s.db.SetMaxOpenConns(6)
	s.db.SetMaxIdleConns(12) // want "12 idle connections are more than the 6"
}

// okHalf computes idle from open.
func okHalf(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(max(n/2, 1))
}

func okMinimum(cfg *pgxpool.Config) {
	cfg.MaxConns = 10
	cfg.MinConns = 10
}

func badMinimum(cfg *pgxpool.Config) {
	cfg.MaxConns = 5
	cfg.MinConns = 10 // want "MinConns 10 is above MaxConns 5"
}

// badMinimumFirst sets the minimum first, and something between.
func badMinimumFirst(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MinConns = 20 // want "MinConns 20 is above MaxConns 16"
	cfg.ConnConfig.RuntimeParams["application_name"] = "importer"
	cfg.MaxConns = 16
	return pgxpool.NewWithConfig(ctx, cfg)
}

// badString has the upper number in the string and the lower one in the program.
func badString(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("dbname=app pool_max_conns=4")
	if err != nil {
		return nil, err
	}
	cfg.MinConns = 8 // want "MinConns 8 is above MaxConns 4"
	return pgxpool.NewWithConfig(ctx, cfg)
}

// badBothInString has both in the string.
func badBothInString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_min_conns=12&pool_max_conns=6") // want "MinConns 12 is above MaxConns 6"
}

// okBothInString too, in the right order.
func okBothInString(ctx context.Context) (*pgxpool.Pool, error) {
	return pgxpool.New(ctx, "postgres://app@db/app?pool_min_conns=6&pool_max_conns=12")
}

// okOverridden replaces the number that would be too small.
func okOverridden(ctx context.Context) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig("dbname=app pool_max_conns=4")
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = 12
	cfg.MinConns = 8
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okUnknownMaximum compares with what the string says.
func okUnknownMaximum(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MinConns = 8
	return pgxpool.NewWithConfig(ctx, cfg)
}

// okLowered keeps the minimum below the maximum, whatever that is.
func okLowered(cfg *pgxpool.Config, n int32) {
	cfg.MaxConns = n
	cfg.MinConns = min(10, n)
}

// okPairs has two configurations.
func okPairs(web, batch *pgxpool.Config) {
	web.MaxConns, web.MinConns = 20, 10
	batch.MaxConns, batch.MinConns = 4, 0
}
