package catalog

import "go/types"

// End is what becomes of an open holder when the conn or tx it occupies ends first.
type End uint8

const (
	EndNone     End = iota // the call does not end the parent
	EndFrees               // the holder is closed with it
	EndDestroys            // the slot is freed, but the connection is destroyed
	EndBusy                // the end fails with "conn busy": the transaction is lost and the connection destroyed
	EndBlocks              // the call waits for ever
)

// ends says, by method, what ending a conn or tx does to what was taken from it. Sources: points 20, 23, 26 and 28 of the
// measured semantics, for pgx v4 its source.
//
// A transaction of a library that works on pools of database/sql is not among them: it closes what was taken from it.
var ends = map[string]End{
	"(*database/sql.Tx).Commit":   EndFrees,
	"(*database/sql.Tx).Rollback": EndFrees,
	"(*database/sql.Conn).Close":  EndBlocks,
	"(*database/sql.Stmt).Close":  EndNone, // its rows stay open

	"(github.com/uptrace/bun.Tx).Commit":     EndFrees,
	"(github.com/uptrace/bun.Tx).Rollback":   EndFrees,
	"(*xorm.io/xorm.Session).Commit":         EndFrees,
	"(*xorm.io/xorm.Session).Rollback":       EndFrees,
	"(*xorm.io/xorm.Session).Close":          EndNone, // its rows stay open
	"(*github.com/go-pg/pg/v10.Tx).Commit":   EndFrees,
	"(*github.com/go-pg/pg/v10.Tx).Rollback": EndFrees,
	"(*github.com/go-pg/pg/v10.Tx).Close":    EndFrees,

	"(*github.com/go-pg/pg/v10.Tx).CommitContext":    EndFrees,
	"(*github.com/go-pg/pg/v10.Tx).RollbackContext":  EndFrees,
	"(*github.com/go-pg/pg/v10.Tx).CloseContext":     EndFrees,
	"(*github.com/go-pg/pg/v10.Tx).RunInTransaction": EndFrees,
	"(*xorm.io/xorm/core.Tx).Commit":                 EndFrees,
	"(*xorm.io/xorm/core.Tx).Rollback":               EndFrees,

	"(github.com/jackc/pgx/v5.Tx).Commit":             EndBusy,
	"(github.com/jackc/pgx/v5.Tx).Rollback":           EndDestroys,
	"(*github.com/jackc/pgx/v5/pgxpool.Tx).Commit":    EndBusy,
	"(*github.com/jackc/pgx/v5/pgxpool.Tx).Rollback":  EndDestroys,
	"(*github.com/jackc/pgx/v5/pgxpool.Conn).Release": EndDestroys,
	"(*github.com/jackc/pgx/v5.Conn).Close":           EndFrees,
	"(*github.com/jackc/pgx/v5/pgconn.PgConn).Close":  EndFrees,
	"(github.com/jackc/pgx/v5.BatchResults).Close":    EndFrees,
	"(github.com/jackc/pgx/v4.Tx).Commit":             EndBusy,
	"(github.com/jackc/pgx/v4.Tx).Rollback":           EndDestroys,
	"(*github.com/jackc/pgx/v4/pgxpool.Tx).Commit":    EndBusy,
	"(*github.com/jackc/pgx/v4/pgxpool.Tx).Rollback":  EndDestroys,
	"(*github.com/jackc/pgx/v4/pgxpool.Conn).Release": EndDestroys,
	"(*github.com/jackc/pgx/v4.Conn).Close":           EndFrees,
	"(github.com/jackc/pgx/v4.BatchResults).Close":    EndFrees,
	"(*github.com/jackc/pgconn.PgConn).Close":         EndFrees,
}

// ParentEnd returns what a method of a conn or tx does to an open holder taken from it.
func (c *Catalog) ParentEnd(fn *types.Func, child Resource) End {
	if fn == nil {
		return EndNone // a call of a function value
	}
	end, known := ends[key(fn)]
	if row := c.Func(fn); !known && row != nil && row.endsTx() && Family(row.Path) == databaseSQL.Path {
		return EndFrees
	}
	if end == EndBusy && child == Tx {
		return EndFrees // a savepoint ends with its transaction
	}
	return end
}

// endsTx reports whether a call ends the transaction that it is called on.
func (r *Row) endsTx() bool { return r.Kind == Release && r.Resource == Tx && len(r.Freed) == 0 }

// Ends returns what Commit and Rollback of a transaction of the given type do to an open holder taken from it; EndNone if the
// type is no transaction of a library.
func (c *Catalog) Ends(tx types.Type, child Resource) (commit, rollback End) {
	class := c.Type(tx)
	if class == nil || class.Resource != Tx {
		return EndNone, EndNone
	}
	for _, method := range []string{"Commit", "Rollback"} {
		obj, _, _ := types.LookupFieldOrMethod(tx, true, nil, method)
		fn, ok := obj.(*types.Func)
		if !ok {
			return EndNone, EndNone
		}
		if method == "Commit" {
			commit = c.ParentEnd(fn, child)
		} else {
			rollback = c.ParentEnd(fn, child)
		}
	}
	return commit, rollback
}

// ClashesWhenBusy reports whether a call on a connection that is busy fails. database/sql serializes what runs at the same time
// on one transaction; pgx returns "conn busy". Source: points 20 and 27 of the measured semantics.
func ClashesWhenBusy(r *Row) bool { return Family(r.Path) != databaseSQL.Path }

// BeginsBatch reports whether a method makes the results of its batch a transaction: closing them frees nothing then, ending
// their transaction does.
func (c *Catalog) BeginsBatch(fn *types.Func) bool {
	return fn != nil && key(fn) == "(*github.com/jackc/pgx/v5.Batch).BeginTx"
}

// PostgresDriver reports whether a driver of database/sql by this name is for PostgreSQL.
func PostgresDriver(name string) bool { return name == "pgx" || name == "pgx/v5" || name == "postgres" }
