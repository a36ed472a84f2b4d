// Package numcpu takes numbers from the machine. In a container NumCPU is often the host's number: 96 CPUs are 96 connections,
// for each replica.
package numcpu

import (
	"context"
	"database/sql"
	"runtime"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func badOpen(db *sql.DB) {
	db.SetMaxOpenConns(runtime.NumCPU()) // want "follows the number of processors"
}

// badTimes is the advice of many blogs.
func badTimes(db *sql.DB) {
	db.SetMaxOpenConns(runtime.NumCPU()*2 + 1) // want "follows the number of processors"
}

func badConfig(ctx context.Context, dsn string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = int32(runtime.NumCPU() * 4) // want "follows the number of processors"
	return pgxpool.NewWithConfig(ctx, cfg)
}

// badVariable has a variable between.
func badVariable(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	cpus := runtime.NumCPU()
	db.SetMaxIdleConns(2)
	db.SetMaxOpenConns(cpus * 8) // want "follows the number of processors"
	return db, nil
}

// badFloor has a floor, which bounds nothing.
func badFloor(cfg *pgxpool.Config) {
	cfg.MaxConns = int32(max(4, runtime.NumCPU())) // want "follows the number of processors"
}

// cpuSize is a helper.
func cpuSize(perCPU int) int { return perCPU * runtime.NumCPU() }

func badHelper(db *sql.DB) {
	db.SetMaxOpenConns(cpuSize(3)) // want "follows the number of processors"
}

var cpus = runtime.NumCPU()

// badPackageVariable reads it once.
func badPackageVariable(cfg *pgxpool.Config) {
	cfg.MaxConns = int32(cpus) // want "follows the number of processors"
}

// badGoPg repeats the library's own default.
func badGoPg(addr string) *pg.DB {
	return pg.Connect(&pg.Options{
		Addr:     addr,
		PoolSize: 10 * runtime.NumCPU(), // want "follows the number of processors"
	})
}

// okCeiling has an upper bound: the number of CPUs can only make it smaller.
func okCeiling(db *sql.DB) { db.SetMaxOpenConns(min(runtime.NumCPU()*2, 10)) }

// okIf has it in the older form.
func okIf(cfg *pgxpool.Config) {
	n := int32(runtime.NumCPU()) * 2
	if n > 12 {
		n = 12
	}
	cfg.MaxConns = n
}

// okWorkers bounds the goroutines by the machine and the connections by a number.
func okWorkers(ctx context.Context, db *sql.DB, jobs []string) error {
	db.SetMaxOpenConns(8)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for _, job := range jobs {
		g.Go(func() error {
			_, err := db.ExecContext(ctx, "select run($1)", job)
			return err
		})
	}
	return g.Wait()
}

// okSemaphore bounds computations.
func okSemaphore(cfg *pgxpool.Config) *semaphore.Weighted {
	cfg.MaxConns = 6
	return semaphore.NewWeighted(int64(runtime.NumCPU()))
}

// okReported only prints the number.
func okReported(ctx context.Context, db *sql.DB) error {
	db.SetMaxOpenConns(5)
	_, err := db.ExecContext(ctx, "insert into nodes (cpus) values ($1)", runtime.NumCPU())
	return err
}

// okProcs chooses between two small numbers.
func okProcs(db *sql.DB) {
	n := 4
	if runtime.NumCPU() > 8 {
		n = 10
	}
	db.SetMaxOpenConns(n)
}
