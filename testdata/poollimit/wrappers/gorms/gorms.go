// Package gorms opens pools through gorm. The limit is set on what DB() returns.
package gorms

import (
	"database/sql"
	"fmt"
	"log"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

// okDB is the form of the documentation.
func okDB(dsn string) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	pool, err := g.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxIdleConns(10)
	pool.SetMaxOpenConns(20)
	pool.SetConnMaxLifetime(time.Hour)
	return g, nil
}

// badOpen sets everything but the pool.
func badOpen(host, password string) (*gorm.DB, error) {
	dsn := fmt.Sprintf("host=%s user=shop password=%s dbname=shop port=5432", host, password)
	g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{ // want "g has no limit"
		Logger:         logger.Default.LogMode(logger.Warn),
		NamingStrategy: schema.NamingStrategy{SingularTable: true},
	})
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	return g, nil
}

type user struct {
	ID   int64
	Name string
}

// badMigrate only asks for the pool to close it.
func badMigrate(dsn string) error {
	g, err := gorm.Open(postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: true})) // want "g has no limit"
	if err != nil {
		return err
	}
	pool, err := g.DB()
	if err != nil {
		return err
	}
	defer pool.Close()
	return g.AutoMigrate(&user{})
}

// badPing asks for it to ping.
func badPing(dsn string) *gorm.DB {
	g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{PrepareStmt: true}) // want "g has no limit"
	if err != nil {
		log.Fatal(err)
	}
	if pool, err := g.DB(); err == nil {
		if err := pool.Ping(); err != nil {
			log.Print(err)
		}
		pool.SetMaxIdleConns(5)
	}
	return g.Debug()
}

// okIgnored drops the error of DB(), as many programs do.
func okIgnored(dsn string) *gorm.DB {
	g, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		log.Panic(err)
	}
	pool, _ := g.DB()
	pool.SetMaxOpenConns(10)
	return g
}

// okSession limits through a session: all sessions share the pool.
func okSession(dsn string) (*gorm.DB, error) {
	root, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		return nil, err
	}
	g := root.Session(&gorm.Session{SkipDefaultTransaction: true}).Omit("password")
	pool, err := g.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(10)
	return g, nil
}

// okExisting is built over a limited pool.
func okExisting(dsn string) (*gorm.DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(16)
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{})
}

// badExisting is built over a pool without a limit: one report, where the pool is opened.
func badExisting(dsn string) (*gorm.DB, error) {
	pool, err := sql.Open("pgx", dsn) // want "pool has no limit"
	if err != nil {
		return nil, err
	}
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}), &gorm.Config{})
}

// okGiven is built over a pool that somebody else has opened.
func okGiven(pool *sql.DB) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{Conn: pool}))
}

// okLater limits the pool below after gorm has it.
func okLater(dsn string) (*gorm.DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}))
	if err != nil {
		return nil, err
	}
	under, err := g.DB()
	if err != nil {
		return nil, err
	}
	under.SetMaxOpenConns(4)
	return g, nil
}

// okConnPool gives the pool in the configuration of gorm itself.
func okConnPool(pool *pgxpool.Pool) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{}), &gorm.Config{ConnPool: stdlib.OpenDBFromPool(pool)})
}

// okPgxpool is a view of a limited pool.
func okPgxpool(pool *pgxpool.Pool) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}))
}

// Module holds the pool of a package.
var module struct {
	once sync.Once
	db   *gorm.DB
	err  error
}

// okModule opens once; tuneModule limits.
func okModule() (*gorm.DB, error) {
	module.once.Do(func() {
		module.db, module.err = gorm.Open(postgres.Open(os.Getenv("DATABASE_URL")))
		if module.err == nil {
			module.err = tuneModule(20)
		}
	})
	return module.db, module.err
}

func tuneModule(n int) error {
	pool, err := module.db.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(n)
	return nil
}

// tune limits what it is given.
func tune(g *gorm.DB, open, idle int) error {
	pool, err := g.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(open)
	pool.SetMaxIdleConns(idle)
	return nil
}

// okTuned leaves it to the helper.
func okTuned(dsn string) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		return nil, err
	}
	return g, tune(g, 10, 5)
}

// badTuned gives the helper a number no server has.
func badTuned(dsn string) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		return nil, err
	}
	return g, tune(g, 1000, 5) // want "limit 1000 is more than a server"
}

// badDocumentation copies the number of gorm's own documentation.
func badDocumentation(g *gorm.DB) error {
	pool, err := g.DB()
	if err != nil {
		return err
	}
	pool.SetMaxIdleConns(10)
	pool.SetMaxOpenConns(100) // want "limit 100 is more than a server"
	pool.SetConnMaxLifetime(time.Hour)
	return nil
}
