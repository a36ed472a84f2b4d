// Package dbr opens pools of dbr with and without a limit.
package dbr

import "github.com/gocraft/dbr/v2"

const dsn = "postgres://tools@db/tools"

func badOpen() (*dbr.Session, error) {
	conn, err := dbr.Open("pgx", dsn, nil) // want "conn has no limit"
	if err != nil {
		return nil, err
	}
	return conn.NewSession(nil), nil
}

// okOpen sets the limit that dbr's connection has from database/sql.
func okOpen() (*dbr.Session, error) {
	conn, err := dbr.Open("pgx", dsn, nil)
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(8)
	return conn.NewSession(nil), nil
}
