package limits

import (
	"context"
	"database/sql"
	"log"
	"net/url"
	"os"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func badScriptNoLimit() {
	db, err := sql.Open("postgres", os.Getenv("DSN")) // want "db has no limit"
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("select id from t")
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		log.Println("row")
	}
}

type Store struct{ db *sql.DB }

func badStructNoLimit(dsn string) (*Store, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return &Store{db: db}, nil
}

func (s *Store) Get(ctx context.Context, id int) (n string, err error) {
	err = s.db.QueryRowContext(ctx, "select n from t where id=$1", id).Scan(&n)
	return
}

func pingOnce() error {
	db, err := conf.BadRaw(conf.DSN)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Ping()
}

type dbConf struct{ open, idle int }

func badStructLiteralHuge() *sql.DB {
	c := dbConf{open: 200, idle: 10} // want "limit 200 is more than a server"
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	db.SetMaxOpenConns(c.open)
	db.SetMaxIdleConns(c.idle)
	return db
}

func badHugeDefaults() dbConf { return dbConf{open: 150, idle: 10} } // want "limit 150 is more than a server"

func hugePool() (*sql.DB, error) {
	c := badHugeDefaults()
	db, err := sql.Open("pgx", conf.DSN)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(c.open)
	return db, nil
}

func maxConns() int { return 120 }

func badFuncReturnsConst() (*sql.DB, error) {
	db, err := sql.Open("pgx", conf.DSN)
	if err == nil {
		db.SetMaxOpenConns(maxConns()) // want "limit 120 is more than a server"
	}
	return db, err
}

func badLimitOnOtherDB(other *sql.DB, dsn string) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	other.SetMaxOpenConns(10)
	return db, nil
}

func badTwoOpensOneLimited(a, b string) (x, y *sql.DB, err error) {
	if x, err = sql.Open("pgx", a); err != nil {
		return
	}
	x.SetMaxOpenConns(5)
	y, err = sql.Open("pgx", b) // want "y has no limit"
	return
}

func badFuncValueOpen() (*sql.DB, error) {
	f := sql.Open
	return f("pgx", os.Getenv("DSN")) // want "has no limit"
}

var pkgDB *sql.DB

func badGlobalNeverLimited() {
	var err error
	pkgDB, err = sql.Open("postgres", os.Getenv("DSN")) // want "pkgDB has no limit"
	if err != nil {
		panic(err)
	}
}

func Use() error { return pkgDB.Ping() }

func badURLBuild() (*sql.DB, error) {
	u := url.URL{Scheme: "postgres", Host: "db", Path: "x", User: url.UserPassword("a", "b")}
	return sql.Open("postgres", u.String()) // want `the pool of sql\.Open has no limit`
}

func badNegative() *sql.DB {
	db, _ := sql.Open("pgx", conf.DSN)
	db.SetMaxOpenConns(-1) // want `db\.SetMaxOpenConns\(-1\) means no limit`
	return db
}

func badClosureOpen() func() *sql.DB {
	return func() *sql.DB {
		db, err := sql.Open("postgres", os.Getenv("DSN")) // want "db leaves this package without a limit"
		if err != nil {
			panic(err)
		}
		return db
	}
}

type opt func(*sql.DB)

func maxOpen(n int) opt { return func(d *sql.DB) { d.SetMaxOpenConns(n) } }

func open(dsn string, opts ...opt) (*sql.DB, error) {
	d, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	for _, o := range opts {
		o(d)
	}
	return d, nil
}

func badOptionHuge() (*sql.DB, error) { return open(conf.DSN, maxOpen(600)) } // want "limit 600 is more than a server"
