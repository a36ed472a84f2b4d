// Package dotsql imports database/sql by a dot.
package dotsql

import (
	. "database/sql"

	"example.com/poolvet/testdata/straypool/allowed/internal/db"
)

func badOpen(dsn string) (*DB, error) {
	return Open("pgx", dsn) // want "builds a pool outside the packages"
}

// okLocal calls a local function of the same name.
func okLocal(dsn string) (*DB, error) {
	Open := func(_, dsn string) (*DB, error) { return db.Open(dsn) }
	return Open("pgx", dsn)
}
