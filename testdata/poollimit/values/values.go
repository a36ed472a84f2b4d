// Package values follows numbers from where they are written to where they limit a pool.
package values

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"log"
	"math"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/lib/pq"
)

const (
	maxOpen      = 20
	perReplica   = 150
	kilo         = 1 << 10
	handlers     = 16
	perHandler   = 8
	bufferSize   = 4096
	requestLimit = 1000
)

// connections is a number with a type.
type connections int

const (
	few  connections = 5
	many connections = 300
)

func okConstant(db *sql.DB) { db.SetMaxOpenConns(maxOpen) }

func badConstant(db *sql.DB) {
	db.SetMaxOpenConns(perReplica) // want "limit 150 is more than a server"
}

func okTyped(db *sql.DB) { db.SetMaxOpenConns(int(few)) }

func badTyped(db *sql.DB) {
	db.SetMaxOpenConns(int(many)) // want "limit 300 is more than a server"
}

// okArithmetic is 32 connections.
func okArithmetic(db *sql.DB) { db.SetMaxOpenConns(handlers * 2) }

// badArithmetic is 128: two for each handler would have been enough.
func badArithmetic(db *sql.DB) {
	db.SetMaxOpenConns(handlers * perHandler) // want "limit 128 is more than a server"
}

// badShift is 1024.
func badShift(cfg *pgxpool.Config) {
	cfg.MaxConns = kilo // want "limit 1024 is more than a server"
}

// badMaximum means "no limit".
func badMaximum(db *sql.DB) {
	db.SetMaxOpenConns(math.MaxInt32) // want "limit 2147483647 is more than a server"
}

// okDivided is 25.
func okDivided(db *sql.DB) { db.SetMaxOpenConns(perReplica / 6) }

// okVariable has one definition of the variable.
func okVariable(cfg *pgxpool.Config) {
	n := maxOpen / 2
	cfg.MaxConns = int32(n)
}

// badVariable has one too.
func badVariable(cfg *pgxpool.Config, quiet bool) {
	size := 200
	if !quiet {
		log.Printf("pool of %d connections", size)
	}
	cfg.MaxConns = int32(size) // want "limit 200 is more than a server"
}

// badDerived computes the number from a variable.
func badDerived(db *sql.DB) {
	perNode := 60
	total := perNode * 3
	db.SetMaxIdleConns(perNode)
	db.SetMaxOpenConns(total) // want "limit 180 is more than a server"
}

var fixedSize = 400

// badPackageVariable has one definition, in the declaration.
func badPackageVariable(db *sql.DB) {
	db.SetMaxOpenConns(fixedSize) // want "limit 400 is more than a server"
}

// OpenLimit is exported: a program may set it before it opens.
var OpenLimit = 10

func okExportedVariable(db *sql.DB) { db.SetMaxOpenConns(OpenLimit) }

var flagSize = flag.Int("db-max-conns", 200, "connections")

// okFlag is what the operator says.
func okFlag(db *sql.DB) { db.SetMaxOpenConns(*flagSize) }

var boundSize int

func init() { flag.IntVar(&boundSize, "db-bound", 500, "connections") }

// okBoundFlag too.
func okBoundFlag(db *sql.DB) { db.SetMaxOpenConns(boundSize) }

// envInt reads a number or takes the fallback.
func envInt(name string, fallback int) int {
	if s := os.Getenv(name); s != "" {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
	}
	return fallback
}

// okEnvironment may be large only when nobody has set the variable. The operator is in charge: silent.
func okEnvironment(db *sql.DB) { db.SetMaxOpenConns(envInt("DB_MAX_OPEN", 100)) }

// okEnvironmentZero too: the fallback is "no limit", and the environment decides.
func okEnvironmentZero(db *sql.DB) {
	db.SetMaxOpenConns(envInt("DB_MAX_OPEN", 0))
	db.SetMaxIdleConns(envInt("DB_MAX_IDLE", 2))
}

// okEnvironmentInt32 converts it.
func okEnvironmentInt32(cfg *pgxpool.Config) error {
	n, err := strconv.ParseInt(os.Getenv("DB_MAX_CONNS"), 10, 32)
	if err != nil {
		return err
	}
	cfg.MaxConns = int32(n)
	return nil
}

func poolSize() int { return 12 }

func hugePoolSize() int32 { return 12 * 50 }

// sizeOf depends on its argument. Each way is small.
func sizeOf(environment string) int {
	switch environment {
	case "production":
		return 20
	case "staging":
		return 5
	}
	return 2
}

func okFunction(db *sql.DB) { db.SetMaxOpenConns(poolSize()) }

func okSwitch(db *sql.DB) { db.SetMaxOpenConns(sizeOf(os.Getenv("APP_ENV"))) }

// badFunction gets 600 from a helper.
func badFunction(cfg *pgxpool.Config) {
	cfg.MaxConns = hugePoolSize() // want "limit 600 is more than a server"
}

// okMin never goes above 20.
func okMin(db *sql.DB) { db.SetMaxOpenConns(min(perReplica, maxOpen)) }

// okMinUnknown bounds what comes from outside.
func okMinUnknown(cfg *pgxpool.Config, wanted int) { cfg.MaxConns = int32(min(max(wanted, 1), 32)) }

// badMax never goes below 200.
func badMax(db *sql.DB, wanted int) {
	db.SetMaxOpenConns(max(wanted, 200)) // want "limit 200 is more than a server"
}

// okMax has a floor, not a ceiling. How much it is in the end nobody knows.
func okMax(db *sql.DB, wanted int) { db.SetMaxOpenConns(max(wanted, 4)) }

// clamp keeps n between 1 and 50.
func clamp(n int) int {
	if n < 1 {
		return 1
	}
	if n > 50 {
		return 50
	}
	return n
}

// okClamp asks for more than it gets.
func okClamp(db *sql.DB) { db.SetMaxOpenConns(clamp(requestLimit)) }

// okClampZero asks for nothing and gets one.
func okClampZero(db *sql.DB) { db.SetMaxOpenConns(clamp(0)) }

// limitTo is a helper whose second parameter is the limit.
func limitTo(db *sql.DB, n int) {
	db.SetMaxOpenConns(n)
	db.SetConnMaxLifetime(time.Hour)
}

// limitSafely has the same form and never sets more than 10.
func limitSafely(db *sql.DB, n int) {
	if n <= 0 || n > 10 {
		n = 10
	}
	db.SetMaxOpenConns(n)
}

func okParameter(db *sql.DB) { limitTo(db, 10) }

func badParameter(db *sql.DB) {
	limitTo(db, 999) // want "limit 999 is more than a server"
}

func badParameterZero(db *sql.DB) {
	limitTo(db, 0) // want "means no limit"
}

// okSafely gives numbers that the helper doesn't take as they are.
func okSafely(db, other *sql.DB) {
	limitSafely(db, 0)
	limitSafely(other, requestLimit)
}

// configure has several numbers. Only the third limits connections.
func configure(db *sql.DB, timeoutMillis, open, rows int) error {
	limitTo(db, open)
	_, err := db.Exec("select set_config('statement_timeout', $1, false), set_config('app.rows', $2, false)", timeoutMillis, rows)
	return err
}

// okOtherParameter gives large numbers to the other parameters.
func okOtherParameter(db *sql.DB) error { return configure(db, 30_000, 10, bufferSize) }

// badOtherParameter has them in the wrong order.
func badOtherParameter(db *sql.DB) error {
	return configure(db, 10, 30_000, bufferSize) // want "limit 30000 is more than a server"
}

// toInt32 converts with a check.
func toInt32(n int) int32 {
	if n > math.MaxInt32 {
		return math.MaxInt32
	}
	return int32(n)
}

func okChecked(cfg *pgxpool.Config) { cfg.MaxConns = toInt32(maxOpen) }

func okCheckedUnknown(cfg *pgxpool.Config, n int) { cfg.MaxConns = toInt32(n) }

// badConverted converts twice.
func badConverted(cfg *pgxpool.Config) {
	var n int64 = 640
	cfg.MaxConns = int32(int(n)) // want "limit 640 is more than a server"
}

// okWeb limits other things with large numbers.
func okWeb(db *sql.DB) *http.Client {
	db.SetMaxOpenConns(10)
	return &http.Client{Transport: &http.Transport{MaxConnsPerHost: 500, MaxIdleConns: requestLimit}}
}

// okDefault takes the number that is given or a small one.
func okDefault(db *sql.DB, n int) { db.SetMaxOpenConns(cmp.Or(n, 10)) }

// okReassigned gives the variable a second value before the call.
func okReassigned(db *sql.DB, r *http.Request) error {
	n := requestLimit
	if err := json.NewDecoder(r.Body).Decode(&n); err != nil {
		return err
	}
	db.SetMaxOpenConns(n)
	return nil
}

// badEveryWay is too much in each case.
func badEveryWay(ctx context.Context, dsn string, batch bool) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if batch {
		cfg.MaxConns = 120 // want "limit 120 is more than a server"
	} else {
		cfg.MaxConns = 240 // want "limit 240 is more than a server"
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}
