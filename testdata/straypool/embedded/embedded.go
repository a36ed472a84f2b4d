// Package embedded: databases that live in the process or in a test. They have no server whose connections could run out.
package embedded

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"

	entsql "entgo.io/ent/dialect/sql"
	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jmoiron/sqlx"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

const sqlite = "sqlite3"

// okPerUserFile has a file for each user and opens it when the user asks.
func okPerUserFile(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("sqlite", filepath.Join("data", r.PathValue("user")+".db"))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer db.Close()
	var n int
	_ = db.QueryRow("select count(*) from notes").Scan(&n)
	fmt.Fprintln(w, n)
}

// okFiles reads each file of a folder.
func okFiles(paths []string) error {
	for _, p := range paths {
		db, err := sql.Open(sqlite, p+"?mode=ro")
		if err != nil {
			return err
		}
		_, err = db.Exec("pragma integrity_check")
		if err = errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}

func openFile(path string) (*sqlx.DB, error) { return sqlx.Connect("sqlite3", "file:"+path) }

// okWrapper opens through a wrapper.
func okWrapper(w http.ResponseWriter, r *http.Request) {
	db, err := openFile("cache.db")
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer db.Close()
}

// okMemory makes a database in memory for each worker.
func okMemory(n int) {
	for range n {
		go func() {
			db := sqlx.MustOpen(sqlite, ":memory:")
			defer db.Close()
			db.MustExec("create table scratch (k text)")
		}()
	}
}

// okEnt opens a file by ent.
func okEnt(paths []string) (drivers []*entsql.Driver, err error) {
	for _, p := range paths {
		drv, err := entsql.Open("sqlite3", p)
		if err != nil {
			return nil, err
		}
		drivers = append(drivers, drv)
	}
	return drivers, nil
}

// okXorm opens a file by xorm.
func okXorm(paths []string) error {
	for _, p := range paths {
		engine, err := xorm.NewEngine("sqlite3", p)
		if err != nil {
			return err
		}
		if err := engine.Close(); err != nil {
			return err
		}
	}
	return nil
}

// okMockPerCase makes a mock for each case of a table.
func okMockPerCase(cases []string, run func(*sql.DB, string) error) error {
	for _, c := range cases {
		db, mock, err := sqlmock.New()
		if err != nil {
			return err
		}
		mock.ExpectExec(c).WillReturnResult(sqlmock.NewResult(1, 1))
		mock.ExpectClose()
		if err := errors.Join(run(db, c), db.Close(), mock.ExpectationsWereMet()); err != nil {
			return err
		}
	}
	return nil
}

// okMockDSN opens a registered mock by its name.
func okMockDSN(names []string) error {
	for _, name := range names {
		if _, _, err := sqlmock.NewWithDSN(name); err != nil {
			return err
		}
		db, err := sql.Open("sqlmock", name)
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

// okMockGorm puts gorm and sqlx on a mock.
func okMockGorm(cases int) error {
	for range cases {
		raw, _, err := sqlmock.New(sqlmock.MonitorPingsOption(true))
		if err != nil {
			return err
		}
		if _, err := gorm.Open(postgres.New(postgres.Config{Conn: raw})); err != nil {
			return err
		}
		_ = sqlx.NewDb(raw, "sqlmock")
	}
	return nil
}

// okTxDB is the driver that gives each name a transaction of one shared connection.
func okTxDB(names []string) error {
	for _, name := range names {
		db, err := sql.Open("txdb", name)
		if err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

// fake is a driver of this package: it answers from memory.
type fake struct{}

func (fake) Open(string) (driver.Conn, error) { return nil, driver.ErrBadConn }

func init() { sql.Register("fake", fake{}) }

// okFakeDriver opens what init has registered.
func okFakeDriver(n int) (dbs []*sql.DB, err error) {
	for range n {
		db, err := sql.Open("fake", "")
		if err != nil {
			return nil, err
		}
		dbs = append(dbs, db)
	}
	return dbs, nil
}

var (
	mu    sync.Mutex
	files = map[string]*sql.DB{}
)

// okMapOfFiles has no bound, and needs none for the sake of a server.
func okMapOfFiles(user string) (*sql.DB, error) {
	mu.Lock()
	defer mu.Unlock()
	if db := files[user]; db != nil {
		return db, nil
	}
	db, err := sql.Open("sqlite3", user+".db")
	if err != nil {
		return nil, err
	}
	files[user] = db
	return db, nil
}

// badServerByName has the server's driver next to the file's.
func badServerByName(ctx context.Context, items []string) error {
	for _, it := range items {
		cache, err := sql.Open(sqlite, it)
		if err != nil {
			return err
		}
		db, err := sql.Open("pgx", "postgres://db/app") // want `sql\.Open runs in a loop`
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, "insert into items (name) values ($1)", it)
		if err = errors.Join(err, db.Close(), cache.Close()); err != nil {
			return err
		}
	}
	return nil
}

// badUnknownDriver takes the name from the configuration; it may be a server.
func badUnknownDriver(driver, dsn string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		db, err := sqlx.Open(driver, dsn) // want `sqlx\.Open runs on each request`
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer db.Close()
		_ = db.PingContext(r.Context())
	}
}

// badDSNSaysSQLite has the word in the DSN, and yet a server's driver.
func badDSNSaysSQLite(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("postgres", "postgres://db/sqlite3") // want `sql\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer db.Close()
	_ = db.PingContext(r.Context())
}
