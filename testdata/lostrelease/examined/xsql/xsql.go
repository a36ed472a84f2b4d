// Package xsql: the ways of sqlx.
package xsql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq"
)

type Job struct {
	ID   int    `db:"id"`
	Kind string `db:"kind"`
}

func badX101StructScanErr(ctx context.Context, db *sqlx.DB) ([]Job, error) {
	rows, err := db.QueryxContext(ctx, "select * from jobs") // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	var out []Job
	for rows.Next() {
		var j Job
		if err := rows.StructScan(&j); err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, rows.Err()
}

func okX101StructScanErr(ctx context.Context, db *sqlx.DB) ([]Job, error) {
	rows, err := db.QueryxContext(ctx, "select * from jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Job
	for rows.Next() {
		var j Job
		if err := rows.StructScan(&j); err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, rows.Err()
}

// sqlx.StructScan leaves the rows open on any error.
func badX102PackageStructScan(db *sqlx.DB) (out []Job, err error) {
	rows, err := db.Queryx("select * from jobs") // want "rows is not closed on all paths"
	if err != nil {
		return nil, err
	}
	err = sqlx.StructScan(rows, &out)
	return out, err
}

func okX102PackageStructScan(db *sqlx.DB) (out []Job, err error) {
	rows, err := db.Queryx("select * from jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	err = sqlx.StructScan(rows, &out)
	return out, err
}

// jmoiron/sqlx#641, #846
func badX103RowErrOnly(db *sqlx.DB) error {
	return db.QueryRowx("insert into jobs(kind) values('a') returning id").Err() // want "result of db\\.QueryRowx is never scanned"
}

func okX103RowMapScan(db *sqlx.DB) (map[string]any, error) {
	m := map[string]any{}
	err := db.QueryRowx("select * from jobs limit 1").MapScan(m)
	return m, err
}

func badX104RowColumnsOnly(db *sqlx.DB) ([]string, error) {
	row := db.QueryRowx("select * from jobs limit 1") // want "row is never scanned"
	return row.Columns()
}

func badX105MustExec(db *sqlx.DB) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	tx := db.MustBegin() // want "tx is neither committed nor rolled back"
	tx.MustExec("insert into jobs(kind) values($1)", "a")
	return tx.Commit()
}

func okX105MustExec(db *sqlx.DB) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	tx := db.MustBegin()
	defer tx.Rollback()
	tx.MustExec("insert into jobs(kind) values($1)", "a")
	return tx.Commit()
}

func badX106Beginxx(ctx context.Context, db *sqlx.DB, js []Job) error {
	tx, err := db.BeginTxx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	for _, j := range js {
		if _, err := tx.NamedExecContext(ctx, "insert into jobs values(:id,:kind)", j); err != nil {
			return fmt.Errorf("job %d: %w", j.ID, err)
		}
	}
	return tx.Commit()
}

func okX106Beginxx(ctx context.Context, db *sqlx.DB, js []Job) (err error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	for _, j := range js {
		if _, err := tx.NamedExecContext(ctx, "insert into jobs values(:id,:kind)", j); err != nil {
			return fmt.Errorf("job %d: %w", j.ID, err)
		}
	}
	return tx.Commit()
}

// sqlx.ConnectContext returns an open DB together with a ping error (Connect closes it).
func badX107ConnectContext(ctx context.Context, dsn string) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "postgres", dsn) // want "db is not closed"
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return db, nil
}

func okX107ConnectContext(ctx context.Context, dsn string) (*sqlx.DB, error) {
	db, err := sqlx.ConnectContext(ctx, "postgres", dsn)
	if err != nil {
		if db != nil {
			db.Close()
		}
		return nil, fmt.Errorf("connect: %w", err)
	}
	return db, nil
}

func okX108Connect(dsn string) (*sqlx.DB, error) {
	db, err := sqlx.Connect("postgres", dsn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	db.SetMaxOpenConns(10)
	return db, nil
}

func badX109Connx(ctx context.Context, db *sqlx.DB) (j Job, err error) {
	c, err := db.Connx(ctx) // want "c is not closed"
	if err != nil {
		return j, err
	}
	err = c.GetContext(ctx, &j, "select * from jobs limit 1")
	if errors.Is(err, sql.ErrNoRows) {
		return j, nil
	}
	if err != nil {
		return j, err
	}
	return j, c.Close()
}

func okX109Connx(ctx context.Context, db *sqlx.DB) (j Job, err error) {
	c, err := db.Connx(ctx)
	if err != nil {
		return j, err
	}
	defer c.Close()
	err = c.GetContext(ctx, &j, "select * from jobs limit 1")
	if errors.Is(err, sql.ErrNoRows) {
		return j, nil
	}
	return j, err
}

// RETURNING rows of a named query read with a single Next.
func badX110NamedReturning(ctx context.Context, tx *sqlx.DB, j *Job) error {
	rows, err := tx.NamedQueryContext(ctx, "insert into jobs(kind) values(:kind) returning id", j) // want "rows is not closed"
	if err != nil {
		return err
	}
	if rows.Next() {
		if err := rows.Scan(&j.ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

func okX110NamedReturning(ctx context.Context, tx *sqlx.DB, j *Job) error {
	rows, err := tx.NamedQueryContext(ctx, "insert into jobs(kind) values(:kind) returning id", j)
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&j.ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

// sqlx.Ext as parameter
func badX111Ext(ctx context.Context, e sqlx.ExtContext) (bool, error) {
	rows, err := e.QueryxContext(ctx, "select * from jobs") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

func okX111Ext(ctx context.Context, e sqlx.ExtContext, ids []int) (out []Job, err error) {
	q, args, err := sqlx.In("select * from jobs where id in (?)", ids)
	if err != nil {
		return nil, err
	}
	err = sqlx.SelectContext(ctx, e, &out, e.Rebind(q), args...)
	return out, err
}

func badX112SqlxNamedQueryFn(ctx context.Context, e sqlx.ExtContext) (n int, err error) {
	rows, err := sqlx.NamedQueryContext(ctx, e, "select id from jobs where kind=:k", map[string]any{"k": "a"}) // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		m := map[string]any{}
		if err := rows.MapScan(m); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

func okX113Embedded(ctx context.Context, s *Store) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	rows, err := s.QueryContext(ctx, "select id from jobs")
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&n)
	}
	return n, err
}

type Store struct{ *sqlx.DB }

func badX113Embedded(ctx context.Context, s *Store) (n int, err error) {
	rows, err := s.QueryContext(ctx, "select id from jobs") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&n)
	}
	return n, err
}

// tx-or-db helper of many sqlx services
type queryer interface {
	sqlx.QueryerContext
	sqlx.ExecerContext
}

func (s *Store) okX114InTx(ctx context.Context, fn func(q queryer) error) error {
	tx, err := s.BeginTxx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		if rb := tx.Rollback(); rb != nil {
			return errors.Join(err, rb)
		}
		return err
	}
	return tx.Commit()
}

func (s *Store) badX114UseInTx(ctx context.Context) error {
	var once bool
	tx, err := s.BeginTxx(ctx, &sql.TxOptions{}) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if err := tx.GetContext(ctx, &once, "select true"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if !once {
		return errors.New("not once")
	}
	return tx.Commit()
}

// NamedStmt whose rows are dropped.
func badX115NamedStmt(ctx context.Context, db *sqlx.DB) (bool, error) {
	st, err := db.PrepareNamedContext(ctx, "select * from jobs where kind=:kind")
	if err != nil {
		return false, err
	}
	defer st.Close()
	rows, err := st.QueryxContext(ctx, Job{Kind: "a"}) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

func okX115NamedStmt(ctx context.Context, db *sqlx.DB) (out []Job, err error) {
	st, err := db.PrepareNamedContext(ctx, "select * from jobs where kind=:kind")
	if err != nil {
		return nil, err
	}
	defer st.Close()
	err = st.SelectContext(ctx, &out, Job{Kind: "a"})
	return out, err
}
