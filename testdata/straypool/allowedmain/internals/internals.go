// Package internals has a path that begins like an allowed one, and is another.
package internals

import "database/sql"

func badOpen(dsn string) (*sql.DB, error) {
	return sql.Open("pgx", dsn) // want `sql\.Open builds a pool outside the packages`
}
