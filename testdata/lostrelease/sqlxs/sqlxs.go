// Package sqlxs: sqlx. Its rows are those of database/sql; StructScan over rows closes them on success only.
package sqlxs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

const (
	listUsers = "select id, name from users"
	byTeam    = "select id, name from users where team = :team"
)

// User is a row.
type User struct {
	ID   int64  `db:"id"`
	Name string `db:"name"`
}

// Repo reads users.
type Repo struct{ db *sqlx.DB }

// okQueryx closes.
func (r *Repo) okQueryx(ctx context.Context) (users []User, err error) {
	rows, err := r.db.QueryxContext(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u User
		if err := rows.StructScan(&u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okNamedQuery closes and joins the error.
func (r *Repo) okNamedQuery(team int64) (n int, err error) {
	rows, err := r.db.NamedQuery(byTeam, map[string]any{"team": team})
	if err != nil {
		return 0, fmt.Errorf("team %d: %w", team, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okSelectAndGet hold nothing afterwards.
func (r *Repo) okSelectAndGet(ctx context.Context, id int64) (users []User, err error) {
	if err := r.db.SelectContext(ctx, &users, listUsers); err != nil {
		return nil, err
	}
	var u User
	if err := r.db.GetContext(ctx, &u, listUsers+" where id = $1", id); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return append(users, u), nil
}

// okQueryRowx scans in one of sqlx's ways.
func (r *Repo) okQueryRowx(ctx context.Context, id int64) (u User, m map[string]any, err error) {
	if err := r.db.QueryRowxContext(ctx, listUsers+" where id = $1", id).StructScan(&u); err != nil {
		return u, nil, err
	}
	m = make(map[string]any)
	err = r.db.QueryRowx(listUsers + " limit 1").MapScan(m)
	return u, m, err
}

// okStructScanAndClose closes also when StructScan fails.
func (r *Repo) okStructScanAndClose(ctx context.Context) (users []User, err error) {
	rows, err := r.db.QueryxContext(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	err = sqlx.StructScan(rows, &users)
	return users, err
}

// okPromoted calls the method of *sql.DB that sqlx promotes.
func (r *Repo) okPromoted(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listUsers)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// okBeginx rolls back.
func (r *Repo) okBeginx(ctx context.Context) error {
	tx, err := r.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.NamedExecContext(ctx, "insert into users (name) values (:name)", User{Name: "a"}); err != nil {
		return err
	}
	return tx.Commit()
}

// okMust is written for a program that may panic.
func (r *Repo) okMust() {
	tx := r.db.MustBegin()
	tx.MustExec("delete from sessions")
	if err := tx.Commit(); err != nil {
		panic(err)
	}
}

// okMustDeferred survives a recover above.
func (r *Repo) okMustDeferred() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("recovered: %v", p)
		}
	}()
	tx := r.db.MustBegin()
	defer tx.Rollback()
	tx.MustExec("delete from sessions")
	return tx.Commit()
}

// okRowsOfTx end with it.
func (r *Repo) okRowsOfTx(ctx context.Context) (u User, err error) {
	tx, err := r.db.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return u, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryxContext(ctx, listUsers)
	if err != nil {
		return u, err
	}
	if rows.Next() {
		err = rows.StructScan(&u)
	}
	return u, err
}

// okPreparedNamed closes the statement.
func (r *Repo) okPreparedNamed(ctx context.Context, team int64) (users []User, err error) {
	stmt, err := r.db.PrepareNamedContext(ctx, byTeam)
	if err != nil {
		return nil, err
	}
	defer stmt.Close()
	err = stmt.SelectContext(ctx, &users, map[string]any{"team": team})
	return users, err
}

// okConnx gives the connection back.
func (r *Repo) okConnx(ctx context.Context) error {
	conn, err := r.db.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var n int
	return conn.GetContext(ctx, &n, "select 1")
}

// Ext is what helpers of sqlx take: a DB or a Tx.
func okExt(ctx context.Context, ext sqlx.ExtContext) (n int, err error) {
	rows, err := sqlx.NamedQueryContext(ctx, ext, byTeam, map[string]any{"team": 1})
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badQueryx reads one.
func (r *Repo) badQueryx(ctx context.Context) (u User, err error) {
	rows, err := r.db.QueryxContext(ctx, listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return u, err
	}
	if rows.Next() {
		err = rows.StructScan(&u)
	}
	return u, err
}

// badStructScanError returns out of the loop with them open.
func (r *Repo) badStructScanError(ctx context.Context) (users []User, err error) {
	rows, err := r.db.NamedQueryContext(ctx, byTeam, map[string]any{"team": 1}) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var u User
		if err := rows.StructScan(&u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// badStructScanIsNoCloser: the function StructScan leaves rows open on any error.
func (r *Repo) badStructScanIsNoCloser(ctx context.Context) (users []User, err error) {
	rows, err := r.db.QueryxContext(ctx, listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	err = sqlx.StructScan(rows, &users)
	return users, err
}

// badMapScan: nor does MapScan of one row close.
func (r *Repo) badMapScan() (map[string]any, error) {
	rows, err := r.db.Queryx(listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	m := make(map[string]any)
	if !rows.Next() {
		return nil, sql.ErrNoRows
	}
	return m, rows.MapScan(m)
}

// badPromoted calls the promoted method and forgets.
func (r *Repo) badPromoted() (bool, error) {
	rows, err := r.db.Query(listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badRowx asks for the error only.
func (r *Repo) badRowx(id int64) error {
	row := r.db.QueryRowx("update users set seen = now() where id = $1 returning id", id) // want "row is never scanned"
	return row.Err()
}

// badRowColumns asks for the columns only.
func (r *Repo) badRowColumns() ([]string, error) {
	row := r.db.QueryRowx(listUsers) // want "row is never scanned"
	return row.Columns()
}

// badBeginx commits on success only.
func (r *Repo) badBeginx() error {
	tx, err := r.db.Beginx() // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	if _, err := tx.Exec("delete from sessions"); err != nil {
		return err
	}
	return tx.Commit()
}

// badMustRecovered: MustExec panics, somebody recovers, and nobody rolls back.
func (r *Repo) badMustRecovered() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("recovered: %v", p)
		}
	}()
	tx := r.db.MustBegin() // want "tx is n(either|ever|ot)"
	tx.MustExec("delete from sessions")
	return tx.Commit()
}

// badPreparedNamed forgets the statement.
func (r *Repo) badPreparedNamed(ctx context.Context, team int64) error {
	stmt, err := r.db.PrepareNamedContext(ctx, byTeam) // want "stmt is n(ot|ever) closed"
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, map[string]any{"team": team})
	return err
}

// badStmtRows closes the statement and not its rows.
func (r *Repo) badStmtRows(ctx context.Context) (bool, error) {
	stmt, err := r.db.PreparexContext(ctx, listUsers)
	if err != nil {
		return false, err
	}
	defer stmt.Close()
	rows, err := stmt.QueryxContext(ctx) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badConnx keeps the connection.
func (r *Repo) badConnx(ctx context.Context) (n int, err error) {
	conn, err := r.db.Connx(ctx) // want "conn is never (closed|released)"
	if err != nil {
		return 0, err
	}
	err = conn.GetContext(ctx, &n, "select 1")
	return n, err
}

// badExt reads one through the package function.
func badExt(ctx context.Context, ext sqlx.ExtContext) (bool, error) {
	rows, err := sqlx.NamedQueryContext(ctx, ext, byTeam, map[string]any{"team": 1}) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okConnect: sqlx.Connect closes the handle itself when the ping fails.
func okConnect(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("pgx", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

// badOpenPing loses the handle when the ping is one's own.
func badOpenPing(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Open("pgx", dsn) // want "db is not closed"
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		return nil, err
	}
	return db, nil
}
