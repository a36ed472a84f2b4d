// Package service is between the commands and the pools.
package service

import (
	"database/sql"

	"example.com/poolvet/testdata/poollimit/crosspkg/internal/db"
)

// Service needs a pool.
type Service struct{ db *sql.DB }

// New hands both numbers on: retries is no limit.
func New(dsn string, retries, conns int) (*Service, error) {
	var s Service
	var err error
	for range retries {
		if s.db, err = db.Open(dsn, conns); err == nil {
			return &s, nil
		}
	}
	return nil, err
}

// okSmall has its own number.
func okSmall(dsn string) (*Service, error) { return New(dsn, 5000, 6) }

// badExported uses a constant of the other package.
func badExported(dsn string) (*Service, error) {
	return New(dsn, 3, db.BatchMax) // want "limit 400 is more than a server"
}
