// Package connectors has views of a pgx pool for database/sql. GetPoolConnector alone keeps idle connections: each of them
// keeps a slot of the pgx pool, and direct users of that pool wait for ever. SetMaxIdleConns(0) avoids it; OpenDBFromPool does it itself.
package connectors

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// okZero keeps no idle connections. The limit is the one of the pool.
func okZero(pool *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(pool))
	db.SetMaxIdleConns(0)
	return db
}

// badDefault keeps two.
func badDefault(pool *pgxpool.Pool) *sql.DB {
	return sql.OpenDB(stdlib.GetPoolConnector(pool)) // want `the pool of sql\.OpenDB keeps up to 2`
}

// badTwoSteps names the connector.
func badTwoSteps(ctx context.Context, pool *pgxpool.Pool) (*sql.DB, error) {
	connector := stdlib.GetPoolConnector(pool)
	db := sql.OpenDB(connector) // want "db keeps up to 2"
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// badSome keeps five.
func badSome(pool *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(pool)) // want "db keeps up to 2"
	db.SetMaxIdleConns(5)
	return db
}

// badOpenLimit limits the open ones. The idle ones still keep their slots.
func badOpenLimit(pool *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(pool)) // want "db keeps up to 2"
	db.SetMaxOpenConns(4)
	db.SetConnMaxLifetime(time.Hour)
	return db
}

// okNegative means none, too.
func okNegative(pool *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(pool))
	db.SetMaxIdleConns(-1)
	return db
}

// okOptions has options and the zero.
func okOptions(pool *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(pool, stdlib.OptionResetSession(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "reset role")
		return err
	})))
	db.SetMaxIdleConns(0)
	db.SetMaxOpenConns(10)
	return db
}

// okFromPool needs nothing.
func okFromPool(pool *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(pool) }

func keepNone(db *sql.DB) *sql.DB {
	db.SetMaxIdleConns(0)
	return db
}

// okHelper leaves it to a helper.
func okHelper(pool *pgxpool.Pool) *sql.DB {
	return keepNone(sql.OpenDB(stdlib.GetPoolConnector(pool)))
}

// okSqlx sets it through the wrapper.
func okSqlx(pool *pgxpool.Pool) *sqlx.DB {
	db := sqlx.NewDb(sql.OpenDB(stdlib.GetPoolConnector(pool)), "pgx")
	db.SetMaxIdleConns(0)
	return db
}

// badSqlx doesn't.
func badSqlx(pool *pgxpool.Pool) *sqlx.DB {
	return sqlx.NewDb(sql.OpenDB(stdlib.GetPoolConnector(pool)), "pgx") // want `the pool of sql\.OpenDB keeps up to 2`
}

// okBun sets it through bun.
func okBun(pool *pgxpool.Pool) *bun.DB {
	db := bun.NewDB(sql.OpenDB(stdlib.GetPoolConnector(pool)), pgdialect.New())
	db.SetMaxIdleConns(0)
	return db
}

// badGorm puts gorm over it.
func badGorm(pool *pgxpool.Pool) (*gorm.DB, error) {
	return gorm.Open(postgres.New(postgres.Config{Conn: sql.OpenDB(stdlib.GetPoolConnector(pool))})) // want `the pool of sql\.OpenDB keeps up to 2`
}

// okGorm sets it through DB().
func okGorm(pool *pgxpool.Pool) (*gorm.DB, error) {
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: sql.OpenDB(stdlib.GetPoolConnector(pool))}))
	if err != nil {
		return nil, err
	}
	db, err := g.DB()
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(0)
	return g, nil
}

// Migrator has the view in a field.
type Migrator struct{ db *sql.DB }

func badNewMigrator(pool *pgxpool.Pool) *Migrator {
	return &Migrator{db: sql.OpenDB(stdlib.GetPoolConnector(pool))} // want `the pool of sql\.OpenDB keeps up to 2`
}

// Up runs the migrations.
func (m *Migrator) Up(ctx context.Context) error {
	_, err := m.db.ExecContext(ctx, "create table if not exists versions (n int)")
	return err
}

// okConnector is no connector of a pool: the usual two idle connections belong to this pool alone.
func okConnector(cfg *pgx.ConnConfig) *sql.DB {
	db := sql.OpenDB(stdlib.GetConnector(*cfg))
	db.SetMaxOpenConns(4)
	return db
}
