// Package good opens a pool with a limit.
package good

import (
	"database/sql"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Store has the items.
type Store struct{ DB *sql.DB }

//page:begin

func Open(dsn string) (*Store, error) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	db.SetMaxIdleConns(10)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &Store{DB: db}, nil
}

//page:end
