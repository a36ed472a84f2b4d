// Package ormok: ORMs over pools with a limit.
package ormok

import (
	"database/sql"
	"os"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/DATA-DOG/go-sqlmock"
	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okGorm() (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	s, err := g.DB()
	if err != nil {
		return nil, err
	}
	s.SetMaxOpenConns(10)
	s.SetMaxIdleConns(5)
	s.SetConnMaxLifetime(time.Hour)
	return g, nil
}

func tune(g *gorm.DB, s conf.Settings) error {
	raw, err := g.DB()
	if err != nil {
		return err
	}
	s.Apply(raw)
	return nil
}

func okGormHelper(s conf.Settings) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.Open(s.DSN))
	if err != nil {
		return nil, err
	}
	if err := tune(g, s); err != nil {
		return nil, err
	}
	return g, nil
}

func okGormExisting(db *sql.DB) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{})
}

func okGormExistingLimited(dsn string) (*gorm.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	conf.Tune(db)
	return gorm.Open(postgres.New(postgres.Config{Conn: db}))
}

func okGormOverPool(p *pgxpool.Pool) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(p)}), &gorm.Config{})
}

func okGormMock() (*gorm.DB, error) {
	db, _, err := sqlmock.New()
	if err != nil {
		return nil, err
	}
	return gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{})
}

type Data struct{ g *gorm.DB }

func okGormStruct() (*Data, error) {
	g, err := gorm.Open(postgres.Open(os.Getenv("DSN")))
	if err != nil {
		return nil, err
	}
	d := &Data{g}
	return d, d.limit(8)
}

func (d *Data) limit(n int) error {
	s, err := d.g.DB()
	if err == nil {
		s.SetMaxOpenConns(n)
	}
	return err
}

func okGormIgnoreErr() *gorm.DB {
	g, err := gorm.Open(postgres.Open(os.Getenv("DSN")))
	if err != nil {
		panic(err)
	}
	if s, _ := g.DB(); s != nil {
		s.SetMaxOpenConns(conf.EnvInt("GORM_MAX", 10))
	}
	return g
}

func okBun() *bun.DB {
	s := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DSN"))))
	s.SetMaxOpenConns(10)
	return bun.NewDB(s, pgdialect.New())
}

func okBunAfter() *bun.DB {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DSN")))), pgdialect.New())
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
	return db
}

func okBunInnerDB() *bun.DB {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector()), pgdialect.New())
	db.DB.SetMaxOpenConns(3)
	return db
}

func okBunOver(s *sql.DB) *bun.DB { return bun.NewDB(s, pgdialect.New()) }

func okBunOverPool(p *pgxpool.Pool) *bun.DB {
	return bun.NewDB(stdlib.OpenDBFromPool(p), pgdialect.New())
}

func okXorm(dsn string) (*xorm.Engine, error) {
	e, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return nil, err
	}
	e.SetMaxOpenConns(10)
	e.SetMaxIdleConns(2)
	return e, nil
}

func okXormDB() *xorm.Engine {
	e, err := xorm.NewEngine("postgres", conf.DSN)
	if err != nil {
		panic(err)
	}
	e.DB().SetMaxOpenConns(5)
	return e
}

func okXormSqlite() (*xorm.Engine, error) { return xorm.NewEngine("sqlite3", "./test.db") }

func okEnt() (dialect.Driver, error) {
	d, err := entsql.Open(dialect.Postgres, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	d.DB().SetMaxOpenConns(10)
	return d, nil
}

func okEntOver() (*entsql.Driver, error) {
	db, err := sql.Open("pgx", os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	return entsql.OpenDB(dialect.Postgres, db), nil
}

func okEntParam(db *sql.DB) *entsql.Driver { return entsql.OpenDB(dialect.Postgres, db) }

func okEntSqlite() (*entsql.Driver, error) {
	return entsql.Open(dialect.SQLite, "file:ent?mode=memory&cache=shared&_fk=1")
}

func okGopg() *pg.DB {
	return pg.Connect(&pg.Options{Addr: "db:5432", PoolSize: 10, MinIdleConns: 2})
}

func okGopgEnv() *pg.DB {
	o := &pg.Options{Addr: os.Getenv("ADDR"), PoolSize: conf.EnvInt("POOL", 8)}
	return pg.Connect(o)
}
