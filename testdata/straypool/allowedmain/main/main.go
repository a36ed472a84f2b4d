// Package entry is in a folder named main and is no main package.
package entry

import "database/sql"

func badOpen(dsn string) (*sql.DB, error) {
	return sql.Open("postgres", dsn) // want `sql\.Open builds a pool outside the packages`
}
