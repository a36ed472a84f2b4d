// Package orms: the constructors of the libraries above database/sql, at places that run often.
package orms

import (
	"context"
	"database/sql"
	"net/http"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

const dsn = "postgres://orm@db/orm"

// Book is a model.
type Book struct {
	ID    int64
	Title string
}

func badGorm(w http.ResponseWriter, r *http.Request) {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{SkipDefaultTransaction: true}) // want `gorm\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	db.Create(&Book{Title: r.FormValue("title")})
}

// badGormDialector has its dialector in a variable.
func badGormDialector(titles []string) error {
	for _, t := range titles {
		dialector := postgres.New(postgres.Config{DSN: dsn, DriverName: "pgx"})
		db, err := gorm.Open(dialector) // want `gorm\.Open runs in a loop`
		if err != nil {
			return err
		}
		db.Create(&Book{Title: t})
	}
	return nil
}

// okGormOverConn makes a handle over the pool that exists; gorm connects to nothing.
func okGormOverConn(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		g.WithContext(r.Context()).Create(&Book{Title: r.FormValue("title")})
	}
}

// okGormOverConnVariable fills the configuration first.
func okGormOverConnVariable(db *sql.DB, titles []string) error {
	for _, t := range titles {
		cfg := postgres.Config{PreferSimpleProtocol: true}
		cfg.Conn = db
		g, err := gorm.Open(postgres.New(cfg))
		if err != nil {
			return err
		}
		g.Create(&Book{Title: t})
	}
	return nil
}

// okGormOnce is the usual form.
func okGormOnce() (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open(dsn))
	if err != nil {
		return nil, err
	}
	raw, err := db.DB()
	if err != nil {
		return nil, err
	}
	raw.SetMaxOpenConns(10)
	return db, nil
}

// badBun builds a pool per request; bun only wraps it.
func badBun(w http.ResponseWriter, r *http.Request) {
	raw := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))) // want `sql\.OpenDB runs on each request`
	db := bun.NewDB(raw, pgdialect.New())
	defer db.Close()
	_, _ = db.NewInsert().Model(&Book{Title: r.FormValue("title")}).Exec(r.Context())
}

// badBunOneLine is one pool and one diagnostic.
func badBunOneLine(ctx context.Context, titles []string) error {
	for _, t := range titles {
		db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New()) // want `sql\.OpenDB runs in a loop`
		if _, err := db.NewInsert().Model(&Book{Title: t}).Exec(ctx); err != nil {
			return err
		}
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

// okBunOverDB wraps the pool that exists.
func okBunOverDB(raw *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		db := bun.NewDB(raw, pgdialect.New())
		_, _ = db.NewInsert().Model(&Book{Title: r.FormValue("title")}).Exec(r.Context())
	}
}

// okBunOnce builds once.
func okBunOnce() *bun.DB {
	raw := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn)))
	raw.SetMaxOpenConns(10)
	return bun.NewDB(raw, pgdialect.New())
}

func badXorm(w http.ResponseWriter, r *http.Request) {
	engine, err := xorm.NewEngine("postgres", dsn) // want `xorm\.NewEngine runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer engine.Close()
	_, _ = engine.Insert(&Book{Title: r.FormValue("title")})
}

// badXormGroup has several pools at once.
func badXormGroup(titles []string) error {
	for _, t := range titles {
		group, err := xorm.NewEngineGroup("postgres", []string{dsn, dsn + "_replica"}) // want `xorm\.NewEngineGroup runs in a loop`
		if err != nil {
			return err
		}
		if _, err := group.Insert(&Book{Title: t}); err != nil {
			return err
		}
	}
	return nil
}

// okXormSession makes sessions of one engine.
func okXormSession() (http.HandlerFunc, error) {
	engine, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		s := engine.NewSession().Context(r.Context())
		defer s.Close()
		_, _ = s.Insert(&Book{Title: r.FormValue("title")})
	}, nil
}

func badGoPg(w http.ResponseWriter, r *http.Request) {
	db := pg.Connect(&pg.Options{Addr: "db:5432", User: "orm"}) // want `pg\.Connect runs on each request`
	defer db.Close()
	_, _ = db.ModelContext(r.Context(), &Book{Title: r.FormValue("title")}).Insert()
}

// openPg is a wrapper with the options of a URL.
func openPg() (*pg.DB, error) {
	opts, err := pg.ParseURL(dsn)
	if err != nil {
		return nil, err
	}
	return pg.Connect(opts), nil
}

// badGoPgWrapper is a ranged channel.
func badGoPgWrapper(ctx context.Context, in <-chan Book) {
	for b := range in {
		db, err := openPg() // want "openPg builds a pool in a loop"
		if err != nil {
			return
		}
		_, _ = db.ModelContext(ctx, &b).Insert()
		_ = db.Close()
	}
}

// okGoPgWithContext makes a handle of the pool with another context.
func okGoPgWithContext() (http.HandlerFunc, error) {
	db, err := openPg()
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = db.WithContext(r.Context()).Model(&Book{}).Count()
		_, _ = db.WithTimeout(1000).Exec("select 1")
	}, nil
}

func badEnt(w http.ResponseWriter, r *http.Request) {
	drv, err := entsql.Open(dialect.Postgres, dsn) // want `entsql\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer drv.Close()
	_ = drv.DB().PingContext(r.Context())
}

// okEntOverDB puts a driver on the pool that exists.
func okEntOverDB(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		drv := entsql.OpenDB(dialect.Postgres, db)
		_ = drv.DB().PingContext(r.Context())
	}
}

// badEntOverFresh opens the pool that ent gets.
func badEntOverFresh(w http.ResponseWriter, r *http.Request) {
	db, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	drv := entsql.OpenDB(dialect.Postgres, db)
	defer drv.Close()
}

// okEntOnce is the usual form with pgx.
func okEntOnce() (*entsql.Driver, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	return entsql.OpenDB(dialect.Postgres, db), nil
}

func badSqlxMust(w http.ResponseWriter, r *http.Request) {
	db := sqlx.MustOpen("pgx", dsn) // want `sqlx\.MustOpen runs on each request`
	defer db.Close()
	_ = db.GetContext(r.Context(), &Book{}, "select * from books limit 1")
}

// badSqlxOverFresh opens in the argument.
func badSqlxOverFresh(cfgs <-chan *pgx.ConnConfig) {
	for cfg := range cfgs {
		db := sqlx.NewDb(stdlib.OpenDB(*cfg), "pgx") // want `stdlib\.OpenDB runs in a loop`
		db.MustExec("select 1")
		_ = db.Close()
	}
}

// okSqlxOverPool puts sqlx on a pool of pgx, once.
func okSqlxOverPool(ctx context.Context) (*sqlx.DB, error) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return nil, err
	}
	return sqlx.NewDb(stdlib.OpenDBFromPool(pool), "pgx"), nil
}

// badGormOverFresh builds the pool that gorm gets.
func badGormOverFresh(w http.ResponseWriter, r *http.Request) {
	raw, err := sql.Open("pgx", dsn) // want `sql\.Open runs on each request`
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	defer raw.Close()
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: raw}))
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	db.Create(&Book{Title: r.FormValue("title")})
}

// okBunListener listens on the pool of bun.
func okBunListener(ctx context.Context, db *bun.DB) error {
	ln := pgdriver.NewListener(db)
	defer ln.Close()
	if err := ln.Listen(ctx, "books"); err != nil {
		return err
	}
	for range ln.Channel() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}
