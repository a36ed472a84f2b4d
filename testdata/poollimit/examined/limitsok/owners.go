package limitsok

import (
	"database/sql"
	"log"
	"os"
	"time"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

type Store struct{ db *sql.DB }

func okNewStore(dsn string) (*Store, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	s.configure()
	return s, nil
}

func (s *Store) configure() {
	s.db.SetMaxOpenConns(10)
	s.db.SetConnMaxLifetime(time.Hour)
}

type Later struct{ db *sql.DB }

func okConfiguredByStart(dsn string) (*Later, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	return &Later{db}, nil
}

func (l *Later) Start(max int) error {
	l.db.SetMaxOpenConns(max)
	return l.db.Ping()
}

func rawOpen(dsn string) (*sql.DB, error) { return sql.Open("pgx", dsn) }

func okVisibleCaller() (*sql.DB, error) {
	db, err := rawOpen(conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

func okOtherPkgCaller() *sql.DB {
	db, err := conf.BadRaw(conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(4)
	return db
}

func okExportedOpen() (*sql.DB, error) { return sql.Open("postgres", os.Getenv("DSN")) }

func UseExported() *sql.DB {
	db, err := okExportedOpen()
	if err != nil {
		panic(err)
	}
	return conf.Tune(db)
}

var global *sql.DB

func okGlobalConfiguredElsewhere() {
	var err error
	if global, err = sql.Open("pgx", conf.DSN); err != nil {
		panic(err)
	}
}

func Configure(n int) { global.SetMaxOpenConns(n) }

func okSetterLoop(a, b string) ([]*sql.DB, error) {
	var out []*sql.DB
	for _, d := range []string{a, b} {
		db, err := sql.Open("pgx", d)
		if err != nil {
			return nil, err
		}
		out = append(out, db)
	}
	for _, db := range out {
		db.SetMaxOpenConns(5)
	}
	return out, nil
}

func okClosureLimits() func() (*sql.DB, error) {
	limit := func(db *sql.DB) { db.SetMaxOpenConns(5) }
	return func() (*sql.DB, error) {
		db, err := sql.Open("pgx", conf.DSN)
		if err != nil {
			return nil, err
		}
		limit(db)
		return db, nil
	}
}

func okMethodValue() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	set := db.SetMaxOpenConns
	set(10)
	return db
}

func okChainHelpers() (*sql.DB, error) { return must(tuned(conf.BadRaw(conf.DSN))) }

func tuned(db *sql.DB, err error) (*sql.DB, error) {
	if err == nil {
		db.SetMaxOpenConns(6)
	}
	return db, err
}

func must(db *sql.DB, err error) (*sql.DB, error) {
	if err != nil {
		panic(err)
	}
	return db, nil
}

type Wrapper struct {
	*sql.DB
	name string
}

func okEmbedded() (*Wrapper, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	w := &Wrapper{DB: db, name: "w"}
	w.SetMaxOpenConns(5)
	return w, nil
}

func okIdleZero() *sql.DB {
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	db.SetMaxIdleConns(0)
	return db
}

func okOtherHundred() *sql.DB {
	const batch = 500
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(5)
	log.Println("batch size", batch)
	return db
}

// httpPool has a method of the same name as the setter of a pool.
type httpPool struct{ n int }

func (h *httpPool) SetMaxOpenConns(n int) { h.n = n }

func okOtherSetter() *httpPool {
	h := &httpPool{}
	h.SetMaxOpenConns(5000)
	return h
}
