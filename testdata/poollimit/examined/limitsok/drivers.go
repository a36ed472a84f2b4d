package limitsok

import (
	"database/sql"
	"os"
	"time"

	"github.com/DATA-DOG/go-sqlmock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"example.com/poolvet/testdata/poollimit/examined/conf"
)

func okSqlite() (*sql.DB, error) { return sql.Open("sqlite3", "file:app.db?_journal=WAL") }

func okSqliteModernc() *sql.DB {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	return db
}

func okSqlxSqlite() *sqlx.DB { return sqlx.MustConnect("sqlite3", ":memory:") }

func okSqlmock() (*sql.DB, sqlmock.Sqlmock, error) { return sqlmock.New() }

func okSqlxOverMock() *sqlx.DB {
	db, _, err := sqlmock.New()
	if err != nil {
		panic(err)
	}
	return sqlx.NewDb(db, "postgres")
}

func okSqlxConnect() (*sqlx.DB, error) {
	x, err := sqlx.Connect("postgres", os.Getenv("DSN"))
	if err != nil {
		return nil, err
	}
	x.SetMaxOpenConns(conf.MaxOpen)
	x.SetMaxIdleConns(conf.MaxOpen / 2)
	return x, nil
}

func okSqlxInnerDB() *sqlx.DB {
	x := sqlx.MustOpen("pgx", conf.DSN)
	x.DB.SetMaxOpenConns(10)
	return x
}

func okSqlxNewDb(db *sql.DB) *sqlx.DB { return sqlx.NewDb(db, "pgx") }

func okSqlxNewDbLimited(dsn string) (*sqlx.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(9)
	return sqlx.NewDb(db, "pgx"), nil
}

func okSqlxNewDbLimitAfter(dsn string) (*sqlx.DB, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	x := sqlx.NewDb(db, "pgx")
	x.SetMaxOpenConns(9)
	return x, nil
}

func okConnector(dsn string) (*sql.DB, error) {
	c, err := pq.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(5)
	return db, nil
}

func okStdlibOpenDB(cc *pgx.ConnConfig) *sql.DB {
	db := stdlib.OpenDB(*cc)
	db.SetMaxOpenConns(7)
	db.SetConnMaxIdleTime(time.Minute)
	return db
}

func okOpenDBFromPool(p *pgxpool.Pool) *sql.DB { return stdlib.OpenDBFromPool(p) }

func okPoolConnectorIdleZero(p *pgxpool.Pool) *sql.DB {
	db := sql.OpenDB(stdlib.GetPoolConnector(p))
	db.SetMaxIdleConns(0)
	return db
}

func okSqlxOverPool(p *pgxpool.Pool) *sqlx.DB {
	return sqlx.NewDb(stdlib.OpenDBFromPool(p), "pgx")
}
