// Package orms opens pools through bun, xorm, ent and go-pg.
package orms

import (
	"context"
	"database/sql"
	"os"
	"strconv"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
	"xorm.io/xorm"
)

// okBun limits the pool below.
func okBun(dsn string) *bun.DB {
	pool := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn), pgdriver.WithTimeout(5*time.Second)))
	pool.SetMaxOpenConns(10)
	return bun.NewDB(pool, pgdialect.New())
}

// okBunPromoted limits through bun.
func okBunPromoted(dsn string) *bun.DB {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New())
	db.SetMaxOpenConns(10)
	return db
}

// badBun is the form of bun's quick start.
func badBun(ctx context.Context, dsn string) (*bun.DB, error) {
	pool := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))) // want "pool has no limit"
	db := bun.NewDB(pool, pgdialect.New(), bun.WithDiscardUnknownColumns())
	return db, db.PingContext(ctx)
}

// badBunAtOnce is the same in one expression.
func badBunAtOnce(dsn string) *bun.DB {
	return bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New()) // want `the pool of sql\.OpenDB has no limit`
}

// okBunPool is a view of a limited pool.
func okBunPool(pool *pgxpool.Pool) *bun.DB {
	return bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New())
}

// Model keeps a bun pool and limits it in a method.
type Model struct{ db *bun.DB }

func okModel(dsn string) (*Model, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	m := &Model{db: bun.NewDB(pool, pgdialect.New())}
	m.resize(6)
	return m, nil
}

func (m *Model) resize(n int) { m.db.DB.SetMaxOpenConns(n) }

// okXorm limits through the engine.
func okXorm(dsn string) (*xorm.Engine, error) {
	engine, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return nil, err
	}
	engine.SetMaxOpenConns(10)
	engine.SetMaxIdleConns(2)
	return engine, nil
}

// okXormOption limits in an option of the constructor.
func okXormOption(dsn string) (*xorm.Engine, error) {
	return xorm.NewEngine("postgres", dsn, func(db *sql.DB) error {
		db.SetMaxOpenConns(10)
		return nil
	})
}

// okXormDB limits what is below the engine.
func okXormDB(dsn string) (*xorm.Engine, error) {
	engine, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return nil, err
	}
	engine.DB().SetMaxOpenConns(10)
	return engine, nil
}

// badXorm shows the SQL and limits the idle ones.
func badXorm(dsn string) (*xorm.Engine, error) {
	engine, err := xorm.NewEngine("postgres", dsn) // want "engine has no limit"
	if err != nil {
		return nil, err
	}
	engine.ShowSQL(os.Getenv("DEBUG") != "")
	engine.SetMaxIdleConns(2)
	return engine, nil
}

// badXormZero asks for no limit.
func badXormZero(engine *xorm.Engine) {
	engine.SetMaxOpenConns(0) // want `engine\.SetMaxOpenConns\(0\) means no limit`
}

// okXormGroup limits the primary and its replicas in one call.
func okXormGroup(primary string, replicas []string) (*xorm.EngineGroup, error) {
	group, err := xorm.NewEngineGroup("postgres", append([]string{primary}, replicas...), xorm.RoundRobinPolicy())
	if err != nil {
		return nil, err
	}
	group.SetMaxOpenConns(10)
	return group, nil
}

// badXormParams opens with parameters.
func badXormParams(dsn string) (*xorm.Engine, error) {
	return xorm.NewEngineWithParams("postgres", dsn, map[string]string{"rowFormat": "dynamic"}) // want `the pool of xorm\.NewEngineWithParams has no limit`
}

// okXormSQLite is a file.
func okXormSQLite(path string) (*xorm.Engine, error) { return xorm.NewEngine("sqlite3", path) }

// okEnt limits the driver's pool.
func okEnt(dsn string) (*entsql.Driver, error) {
	drv, err := entsql.Open(dialect.Postgres, dsn)
	if err != nil {
		return nil, err
	}
	db := drv.DB()
	db.SetMaxOpenConns(10)
	db.SetConnMaxLifetime(time.Hour)
	return drv, nil
}

// badEnt limits nothing.
func badEnt(dsn string) (dialect.Driver, error) {
	drv, err := entsql.Open(dialect.Postgres, dsn) // want "drv has no limit"
	if err != nil {
		return nil, err
	}
	return drv, nil
}

// okEntOver is built over a limited pool.
func okEntOver(dsn string) (*entsql.Driver, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return entsql.OpenDB(dialect.Postgres, db), nil
}

// badEntOver is built over an unlimited one.
func badEntOver(dsn string) (*entsql.Driver, error) {
	db, err := sql.Open("pgx", dsn) // want "db has no limit"
	if err != nil {
		return nil, err
	}
	return entsql.OpenDB(dialect.Postgres, db), nil
}

// okEntLater limits the pool below through the driver.
func okEntLater(dsn string) (*entsql.Driver, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	drv := entsql.OpenDB(dialect.Postgres, db)
	drv.DB().SetMaxOpenConns(10)
	return drv, nil
}

// okEntSQLite is a file.
func okEntSQLite() (*entsql.Driver, error) {
	return entsql.Open(dialect.SQLite, "file:ent?mode=memory&_fk=1")
}

// okGoPg sets the size of the pool.
func okGoPg(addr, user, password string) *pg.DB {
	return pg.Connect(&pg.Options{
		Addr:         addr,
		User:         user,
		Password:     password,
		PoolSize:     12,
		MinIdleConns: 2,
	})
}

// okGoPgDefault leaves the size to the library: there is a limit (ten for each CPU), so it isn't missing.
func okGoPgDefault(addr, user, password string) *pg.DB {
	return pg.Connect(&pg.Options{Addr: addr, User: user, Password: password})
}

// okGoPgEnvironment reads it from the environment.
func okGoPgEnvironment(url string) (*pg.DB, error) {
	opts, err := pg.ParseURL(url)
	if err != nil {
		return nil, err
	}
	if opts.PoolSize, err = strconv.Atoi(os.Getenv("DB_POOL_SIZE")); err != nil {
		opts.PoolSize = 10
	}
	return pg.Connect(opts), nil
}

// badGoPg sets more than a server has.
func badGoPg(addr, user, password string) *pg.DB {
	return pg.Connect(&pg.Options{
		Addr:     addr,
		User:     user,
		Password: password,
		PoolSize: 200, // want "limit 200 is more than a server"
	})
}

// badGoPgField sets it in the parsed options.
func badGoPgField(url string) (*pg.DB, error) {
	opts, err := pg.ParseURL(url)
	if err != nil {
		return nil, err
	}
	opts.PoolTimeout = 5 * time.Second
	opts.PoolSize = 150 // want "limit 150 is more than a server"
	return pg.Connect(opts), nil
}
