// Package limitsok: pools with a limit.
package limitsok

import (
	"database/sql"
	"flag"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okBasic(dsn string) (*sql.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(5)
	db.SetConnMaxIdleTime(5 * time.Minute)
	db.SetConnMaxLifetime(time.Hour)
	return db, nil
}

func okIdleFirst() *sql.DB {
	db, err := sql.Open("postgres", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxIdleConns(8)
	db.SetMaxOpenConns(8)
	db.SetConnMaxIdleTime(time.Minute)
	return db
}

func okOpenOne() *sql.DB {
	db, err := sql.Open("postgres", conf.DSN)
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1) // idle default 2 is lowered by database/sql
	db.SetConnMaxLifetime(time.Minute)
	return db
}

func okEnv() (*sql.DB, error) {
	n, err := strconv.Atoi(os.Getenv("DB_MAX_OPEN"))
	if err != nil {
		return nil, fmt.Errorf("DB_MAX_OPEN: %w", err)
	}
	db, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

func okEnvHelper() *sql.DB {
	db, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(conf.EnvInt("MAX_OPEN", 10))
	db.SetMaxIdleConns(conf.EnvInt("MAX_IDLE", 5))
	return db
}

var (
	maxOpenFlag = flag.Int("db-max-open", 10, "limit")
	maxIdleFlag = flag.Int("db-max-idle", 4, "limit")
)

func okFlag() (db *sql.DB, err error) {
	if db, err = sql.Open("postgres", os.Getenv("DSN")); err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(*maxOpenFlag)
	db.SetMaxIdleConns(*maxIdleFlag)
	return
}

// settings is the interface of a reader of settings.
type settings interface {
	GetInt(string) int
	GetString(string) string
}

func okViper(v settings) (*sql.DB, error) {
	db, err := sql.Open("pgx", v.GetString("db.dsn"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(v.GetInt("db.max_open"))
	db.SetMaxIdleConns(v.GetInt("db.max_idle"))
	return db, nil
}

func okTuneHelper() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	return conf.Tune(db), nil
}

func okApplyMethod(s conf.Settings) (*sql.DB, error) {
	db, err := sql.Open("pgx", s.DSN)
	if err != nil {
		return nil, err
	}
	s.Apply(db)
	return db, db.Ping()
}

func okApplyDefault() *sql.DB {
	s := conf.Default()
	db, err := sql.Open("pgx", s.DSN)
	if err != nil {
		panic(err)
	}
	s.Apply(db)
	return db
}

func okLimitInterface() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	conf.Limit(db, 8)
	return db
}

type limiter interface {
	SetMaxOpenConns(n int)
	SetMaxIdleConns(n int)
}

func okIfaceVar(dsn string) (*sqlx.DB, error) {
	x, err := sqlx.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	var l limiter = x
	l.SetMaxOpenConns(6)
	l.SetMaxIdleConns(3)
	return x, nil
}

func okConditional(dsn string, max int) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	if max > 0 {
		db.SetMaxOpenConns(max)
	}
	return db, nil
}

func okConditionalElse(small bool) *sql.DB {
	db, err := sql.Open("postgres", conf.DSN)
	if err != nil {
		panic(err)
	}
	if small {
		db.SetMaxOpenConns(2)
	} else {
		db.SetMaxOpenConns(12)
	}
	return db
}

func okDeferred(dsn string) (db *sql.DB, err error) {
	defer func() {
		if err == nil {
			db.SetMaxOpenConns(5)
			db.SetConnMaxIdleTime(time.Minute)
		}
	}()
	return sql.Open("pgx", dsn)
}

func okSwitch(env string) *sql.DB {
	db, err := sql.Open("postgres", conf.DSN)
	if err != nil {
		panic(err)
	}
	switch env {
	case "prod":
		db.SetMaxOpenConns(15)
	case "dev":
		db.SetMaxOpenConns(2)
	default:
		db.SetMaxOpenConns(5)
	}
	return db
}
