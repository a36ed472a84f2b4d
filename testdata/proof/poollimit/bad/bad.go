// Package bad opens a pool without a limit.
package bad

import (
	"database/sql"

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
	return &Store{DB: db}, nil
}

//page:end
