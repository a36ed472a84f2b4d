// Package tune sets the limits of pools that other packages open.
package tune

import (
	"database/sql"
	"time"
)

// Limits are the limits of one pool.
type Limits struct {
	Open, Idle int
	Lifetime   time.Duration
}

// Small fits a script.
func Small() Limits { return Limits{Open: 2, Idle: 1, Lifetime: time.Minute} }

// Apply sets the limits.
func Apply(db *sql.DB, l Limits) {
	db.SetMaxOpenConns(l.Open)
	db.SetMaxIdleConns(l.Idle)
	db.SetConnMaxLifetime(l.Lifetime)
}

// Lifetimes sets the times and leaves the number of connections alone.
func Lifetimes(db *sql.DB) *sql.DB {
	db.SetConnMaxLifetime(time.Hour)
	db.SetConnMaxIdleTime(10 * time.Minute)
	return db
}

// Limited is what Generic needs of a pool.
type Limited interface{ SetMaxOpenConns(n int) }

// Generic limits any kind of pool and hands it back.
func Generic[P Limited](pool P, n int) P {
	pool.SetMaxOpenConns(n)
	return pool
}

// okStandard is itself a user of Apply.
func okStandard(dsn string) (*sql.DB, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	Apply(db, Limits{Open: 10, Idle: 10})
	return db, nil
}
