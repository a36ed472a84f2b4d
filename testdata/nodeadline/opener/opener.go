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
