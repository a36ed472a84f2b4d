// Package libraries keeps the real database libraries in this module's go.mod, so that the catalog's rows are checked
// against them and the programs under analysis compile with them.
package libraries

import (
	_ "database/sql"

	_ "github.com/Masterminds/squirrel"
	_ "github.com/georgysavva/scany/v2/dbscan"
	_ "github.com/georgysavva/scany/v2/pgxscan"
	_ "github.com/georgysavva/scany/v2/sqlscan"
	_ "github.com/jackc/pgconn"
	_ "github.com/jackc/pgx/v4"
	_ "github.com/jackc/pgx/v4/pgxpool"
	_ "github.com/jackc/pgx/v4/stdlib"
	_ "github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "github.com/jackc/puddle/v2"
	_ "github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
	_ "golang.org/x/sync/errgroup"
	_ "golang.org/x/sync/semaphore"
)
