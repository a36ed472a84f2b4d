// Package methods: methods that take no context.
package methods

import (
	"context"
	"database/sql"
	"net/http"

	sq "github.com/Masterminds/squirrel"
	"github.com/go-pg/pg/v10"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
)

// Users has prepared statements and pools.
type Users struct {
	db     *sql.DB
	dbx    *sqlx.DB
	insert *sql.Stmt
}

func badQueryRow(db *sql.DB) (n int, err error) {
	err = db.QueryRow("select 1").Scan(&n) // want `^db\.QueryRow takes no context: it waits for a connection for ever when the pool is exhausted; use QueryRowContext with a deadline$`
	return n, err
}

func badInScope(ctx context.Context, db *sql.DB) error {
	_, err := db.Exec("update t set n = n + 1") // want `^db\.Exec takes no context, and ctx is in scope: it waits for a connection for ever when the pool is exhausted; use ExecContext with ctx$`
	return err
}

func badRequest(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.Query("select 1") // want `db\.Query takes no context, and r\.Context\(\) is in scope: .*; use QueryContext with r\.Context\(\)$`
		if err != nil {
			return
		}
		rows.Close()
	}
}

func badBegin(db *sql.DB) error {
	tx, err := db.Begin() // want `db\.Begin takes no context: .*; use BeginTx with a deadline$`
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("update t set n = 1"); err != nil {
		return err
	}
	return tx.Commit()
}

func badPrepare(db *sql.DB) error {
	stmt, err := db.Prepare("select 1") // want `db\.Prepare takes no context: .*; use PrepareContext`
	if err != nil {
		return err
	}
	defer stmt.Close()
	_, err = stmt.Exec() // want `stmt\.Exec takes no context: .*; use ExecContext`
	return err
}

func (u *Users) badStatement(name string) error {
	_, err := u.insert.Exec(name) // want `insert\.Exec takes no context: .*; use ExecContext`
	return err
}

func (u *Users) badSelect() (names []string, err error) {
	return names, u.dbx.Select(&names, "select name from users") // want `dbx\.Select takes no context: .*; use SelectContext`
}

func (u *Users) badGet(ctx context.Context, id int) (name string, err error) {
	return name, u.dbx.Get(&name, "select name from users where id = $1", id) // want `dbx\.Get takes no context, and ctx is in scope: .*; use GetContext with ctx$`
}

func badBeginx(db *sqlx.DB) (*sqlx.Tx, error) {
	return db.Beginx() // want `db\.Beginx takes no context: .*; use BeginTxx with a deadline$`
}

func badNamed(db *sqlx.DB, user map[string]any) error {
	_, err := db.NamedExec("insert into users values (:name)", user) // want `db\.NamedExec takes no context: .*; use NamedExecContext`
	return err
}

func badFunction(db *sqlx.DB) (names []string, err error) {
	return names, sqlx.Select(db, &names, "select name from users") // want `sqlx\.Select takes no context: .*; use SelectContext`
}

func badPromoted(db *sqlx.DB) error {
	_, err := db.Exec("delete from users") // want `db\.Exec takes no context`
	return err
}

func badBunBegin(db *bun.DB) (bun.Tx, error) {
	return db.Begin() // want `db\.Begin takes no context: .*; use BeginTx`
}

func badBunScan(db *bun.DB) (n int, err error) {
	err = db.NewSelect().ColumnExpr("1").Scan(context.Background(), &n) // want `context\.Background\(\) has no deadline: Scan waits`
	return n, err
}

func badSquirrel(db *sql.DB) (n int, err error) {
	err = sq.Select("1").RunWith(db).QueryRow().Scan(&n) // want `QueryRow takes no context: .*; use QueryRowContext`
	return n, err
}

func okContexts(ctx context.Context, db *sql.DB, r *http.Request) error {
	if _, err := db.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	_, err := db.ExecContext(r.Context(), "select 1")
	return err
}

func okTx(tx *sql.Tx) error {
	if _, err := tx.Exec("select 1"); err != nil {
		return err
	}
	stmt, err := tx.Prepare("select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	_, err = stmt.Exec()
	return err
}

func (u *Users) okStatementOfTx(tx *sql.Tx, name string) error {
	_, err := tx.Stmt(u.insert).Exec(name)
	return err
}

func okNamedTx(tx *sqlx.Tx, user map[string]any) error {
	if _, err := tx.NamedExec("insert into users values (:name)", user); err != nil {
		return err
	}
	var n int
	return tx.Get(&n, "select 1")
}

// A statement that is kept is prepared once.
func okPrepareAndKeep(db *sql.DB) (*Users, error) {
	u := &Users{db: db}
	var err error
	u.insert, err = db.Prepare("insert into users values ($1)")
	return u, err
}

func okPing(db *sql.DB) error { return db.Ping() }

// go-pg gives up by itself, after 30 seconds if nothing else is set.
func okGoPG(db *pg.DB) (n int, err error) {
	_, err = db.QueryOne(pg.Scan(&n), "select 1")
	return n, err
}

// What changes the schema runs before there is anything to serve.
func okSchema(db *sql.DB) error {
	_, err := db.Exec(`
		create table if not exists users (name text)`)
	return err
}

const schema = `-- the index of names
ALTER TABLE users ADD COLUMN age int`

func (u *Users) okSchemaOfConstant() error {
	_, err := u.db.Exec(schema)
	return err
}

func badTemporaryTable(db *sql.DB) error {
	_, err := db.Exec("create temp table t (n int)") // want `db\.Exec takes no context`
	return err
}

func okConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(context.Background(), "select 1")
	return err
}

func okPools(db *sql.DB) {
	db.SetMaxOpenConns(4)
	_ = db.Stats()
	db.Close()
}

type health struct{ db *sql.DB }

// badPing asks the pool of the requests, for as long as that takes.
func (h *health) badPing() error { return h.db.Ping() } // want `db\.Ping`
