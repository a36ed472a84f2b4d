// Package orm: ORMs over pools without a limit, or with a wrong one.
package orm

import (
	"database/sql"
	"fmt"
	"os"
	"runtime"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-pg/pg/v10"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"xorm.io/xorm"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func badGormPlain() (*gorm.DB, error) {
	return gorm.Open(postgres.Open(os.Getenv("DSN")), &gorm.Config{}) // want `the pool of gorm\.Open has no limit`
}

func badGormIdleOnly(dsn string) *gorm.DB {
	g, err := gorm.Open(postgres.Open(dsn), &gorm.Config{PrepareStmt: true}) // want "g has no limit"
	if err != nil {
		panic(err)
	}
	s, err := g.DB()
	if err != nil {
		panic(err)
	}
	s.SetMaxIdleConns(10)
	s.SetConnMaxLifetime(time.Hour)
	return g
}

func badGormDocExample() (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open("host=localhost user=gorm dbname=gorm"), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	sqlDB, err := db.DB()
	if err != nil {
		return nil, err
	}
	sqlDB.SetMaxIdleConns(10)
	sqlDB.SetMaxOpenConns(100) // want "limit 100 is more than a server"
	sqlDB.SetConnMaxLifetime(time.Hour)
	return db, nil
}

func badGormZero() *gorm.DB {
	g, _ := gorm.Open(postgres.New(postgres.Config{DSN: os.Getenv("DSN"), PreferSimpleProtocol: true}))
	if s, err := g.DB(); err == nil {
		s.SetMaxOpenConns(0) // want `s\.SetMaxOpenConns\(0\) means no limit`
	}
	return g
}

func badGormExistingUnlimited(dsn string) (*gorm.DB, error) {
	raw, err := sql.Open("pgx", dsn) // want "raw has no limit"
	if err != nil {
		return nil, err
	}
	return gorm.Open(postgres.New(postgres.Config{Conn: raw}), &gorm.Config{})
}

func badGormIdleOverOpen() *gorm.DB {
	g, err := gorm.Open(postgres.Open(conf.DSN))
	if err != nil {
		panic(err)
	}
	s, _ := g.DB()
	s.SetMaxOpenConns(10)
	s.SetMaxIdleConns(50) // want "50 idle connections are more than the 10"
	return g
}

type Repo struct{ DB *gorm.DB }

func badGormStruct() *Repo {
	db, err := gorm.Open(postgres.Open(fmt.Sprintf("host=%s", os.Getenv("H"))), &gorm.Config{}) // want "db leaves this package without a limit"
	if err != nil {
		panic("failed to connect database")
	}
	if err := db.AutoMigrate(); err != nil {
		panic(err)
	}
	return &Repo{DB: db}
}

func badBunPlain() *bun.DB {
	sqldb := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DSN")))) // want "sqldb has no limit"
	return bun.NewDB(sqldb, pgdialect.New())
}

func badBunHuge() *bun.DB {
	sqldb := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithAddr("db:5432")))
	sqldb.SetMaxOpenConns(16 * 16) // want "limit 256 is more than a server"
	return bun.NewDB(sqldb, pgdialect.New(), bun.WithDiscardUnknownColumns())
}

func badBunDocNumCPU() *bun.DB {
	sqldb := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(os.Getenv("DSN"))))
	maxOpenConns := 4 * runtime.GOMAXPROCS(0)
	_ = maxOpenConns
	sqldb.SetMaxOpenConns(4 * runtime.NumCPU()) // want "follows the number of processors"
	sqldb.SetMaxIdleConns(4)
	return bun.NewDB(sqldb, pgdialect.New())
}

func badXormPlain(dsn string) (*xorm.Engine, error) {
	e, err := xorm.NewEngine("postgres", dsn) // want "e has no limit"
	if err != nil {
		return nil, err
	}
	e.ShowSQL(true)
	return e, e.Ping()
}

func badXormHuge() (*xorm.Engine, error) {
	e, err := xorm.NewEngine("postgres", conf.DSN)
	if err != nil {
		return nil, err
	}
	e.SetMaxOpenConns(128) // want "limit 128 is more than a server"
	e.SetMaxIdleConns(8)
	return e, nil
}

func badXormIdle() *xorm.Engine {
	e, err := xorm.NewEngine("pgx", conf.DSN)
	if err != nil {
		panic(err)
	}
	e.SetMaxOpenConns(4)
	e.SetMaxIdleConns(9) // want "9 idle connections are more than the 4"
	return e
}

func badEntPlain() (*entsql.Driver, error) {
	return entsql.Open(dialect.Postgres, os.Getenv("DSN")) // want `the pool of entsql\.Open has no limit`
}

func badEntHuge() (dialect.Driver, error) {
	drv, err := entsql.Open(dialect.Postgres, os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	db := drv.DB()
	db.SetMaxIdleConns(10)
	db.SetMaxOpenConns(100) // want "limit 100 is more than a server"
	db.SetConnMaxLifetime(time.Hour)
	return drv, nil
}

func badEntOpenDBUnlimited() (*entsql.Driver, error) {
	db, err := sql.Open("pgx", os.Getenv("DSN")) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return entsql.OpenDB(dialect.Postgres, db), nil
}

func badGopgHuge() *pg.DB {
	return pg.Connect(&pg.Options{Addr: "db:5432", User: "app", PoolSize: 200, MaxRetries: 2}) // want "limit 200 is more than a server"
}

func badGopgNumCPU() *pg.DB {
	o := &pg.Options{Addr: os.Getenv("ADDR")}
	o.PoolSize = 20 * runtime.NumCPU() // want "follows the number of processors"
	return pg.Connect(o)
}

func badGopgParseURLHuge() (*pg.DB, error) {
	o, err := pg.ParseURL(os.Getenv("URL"))
	if err != nil {
		return nil, err
	}
	o.PoolSize = conf.HugeOpen // want "limit 250 is more than a server"
	return pg.Connect(o), nil
}
