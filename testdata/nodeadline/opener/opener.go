// Package opener: a pool that the function has just built has all its connections.
package opener

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Store has a pool.
type Store struct {
	db *sql.DB
}

func okOpen(dsn string) (*Store, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	if _, err := db.Exec("delete from locks"); err != nil {
		db.Close()
		return nil, err
	}
	s := &Store{db: db}
	return s, s.okUpgrade()
}

// Only okOpen calls it.
func (s *Store) okUpgrade() error {
	_, err := s.db.Exec("update settings set version = 2")
	return err
}

func okConnect(url string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(context.Background(), url)
	if err != nil {
		return nil, err
	}
	var version string
	if err := pool.QueryRow(context.Background(), "select version()").Scan(&version); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func okGorm(dsn string) (*gorm.DB, error) {
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{})
	if err != nil {
		return nil, err
	}
	sqlDB, err := db.DB()
	if err != nil {
		return nil, err
	}
	sqlDB.SetMaxOpenConns(8)
	return db, db.Exec("delete from locks").Error
}

// The pool that it uses is another one.
func (s *Store) badCopy(dsn string) error {
	to, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer to.Close()
	_, err = s.db.Exec("delete from outbox") // want `db\.Exec takes no context`
	return err
}

// Migrator brings the schema to what the program needs.
type Migrator struct{ db *sql.DB }

func (m *Migrator) okUp(ctx context.Context) error {
	_, err := m.db.ExecContext(ctx, "insert into versions values (1)")
	return err
}

func okMigrations(m *Migrator) error {
	return m.okUp(context.Background())
}

func okMigrate(db *sql.DB) (version int, err error) {
	err = db.QueryRow("select version from versions").Scan(&version)
	return version, err
}

// What it asks belongs to the change of the schema.
func okCreateTable(db *sql.DB) error {
	var column string
	if err := db.QueryRow("select column_name from information_schema.columns").Scan(&column); err != nil {
		return err
	}
	_, err := db.Exec("alter table users drop column " + column)
	return err
}

// Queue is a part of the program that is made once.
type Queue struct {
	store *pgxpool.Pool
	name  string
}

func okNewQueue(pool *pgxpool.Pool, name string) (*Queue, error) {
	q := &Queue{store: pool, name: name}
	if err := q.declare(context.Background()); err != nil {
		return nil, err
	}
	if _, err := pool.Exec(context.Background(), "select 1"); err != nil {
		return nil, err
	}
	return q, nil
}

func (q *Queue) declare(ctx context.Context) error {
	_, err := q.store.Exec(ctx, "insert into queues values ($1)", q.name)
	return err
}

// Subscribing goes on while the program serves.
func (q *Queue) badSubscribe() error {
	return q.declare(context.Background()) // want `q\.declare waits`
}

// Item is a row: one is made on each call.
type Item struct{ Name string }

func badNewItem(pool *pgxpool.Pool, id int) (*Item, error) {
	it := &Item{}
	err := pool.QueryRow(context.Background(), "select name from items where id = $1", id).Scan(&it.Name) // want `pool\.QueryRow waits`
	return it, err
}

func runMigrations(ctx context.Context, db *sql.DB) error { return nil }

func okAroundMigrations(db *sql.DB, version int) error {
	ctx := context.Background()
	if err := runMigrations(ctx, db); err != nil {
		return err
	}
	_, err := db.ExecContext(ctx, "update settings set version = $1", version)
	return err
}
