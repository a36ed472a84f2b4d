// Package bun: Tx, Conn and Stmt are values that embed those of database/sql.
package bun

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/driver/pgdriver"
)

// User is a row.
type User struct {
	ID   int64 `bun:",pk"`
	Name string
}

var errNoUsers = errors.New("no users")

// Repo works on the pool.
type Repo struct{ db *bun.DB }

// save works on whatever it is given.
func save(ctx context.Context, db bun.IDB, u *User) error {
	_, err := db.NewInsert().Model(u).Exec(ctx)
	return err
}

// okQueries hold nothing afterwards.
func (r *Repo) okQueries(ctx context.Context, id int64) (users []User, err error) {
	var u User
	if err := r.db.NewSelect().Model(&u).Where("id = ?", id).Scan(ctx); err != nil {
		return nil, err
	}
	n, err := r.db.NewSelect().Model(&users).Limit(10).ScanAndCount(ctx)
	if err != nil || n == 0 {
		return nil, errNoUsers
	}
	if _, err := r.db.NewUpdate().Model(&u).WherePK().Exec(ctx); err != nil {
		return nil, err
	}
	return users, r.db.NewRaw("select * from users").Scan(ctx, &users)
}

// okDeferred rolls back.
func (r *Repo) okDeferred(ctx context.Context, u *User) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.NewInsert().Model(u).Exec(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// okEachPath ends it on each path.
func (r *Repo) okEachPath(ctx context.Context, u *User) error {
	tx, err := r.db.Begin()
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := save(ctx, tx, u); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// okClosure leaves the transaction to bun.
func (r *Repo) okClosure(ctx context.Context, u *User) error {
	return r.db.RunInTx(ctx, &sql.TxOptions{}, func(ctx context.Context, tx bun.Tx) error {
		return save(ctx, tx, u)
	})
}

// okPointer keeps it behind a pointer.
func (r *Repo) okPointer(ctx context.Context, u *User) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	p := &tx
	defer p.Rollback()
	if err := save(ctx, p, u); err != nil {
		return err
	}
	return p.Commit()
}

// okSavepoint ends both.
func (r *Repo) okSavepoint(ctx context.Context, u *User) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inner, err := tx.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer inner.Rollback()
	if err := save(ctx, inner, u); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		return err
	}
	return tx.Commit()
}

// okConn gives it back.
func (r *Repo) okConn(ctx context.Context) error {
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.ExecContext(ctx, "set local work_mem = '64MB'")
	return err
}

// okRows closes them.
func (r *Repo) okRows(ctx context.Context) (n int, err error) {
	rows, err := r.db.NewSelect().Model((*User)(nil)).Rows(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var u User
		if err := r.db.ScanRow(ctx, rows, &u); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

// okScanRows leaves the closing to ScanRows.
func (r *Repo) okScanRows(ctx context.Context) (users []User, err error) {
	rows, err := r.db.QueryContext(ctx, "select * from users")
	if err != nil {
		return nil, err
	}
	err = r.db.ScanRows(ctx, rows, &users)
	return users, err
}

// okRow scans it.
func (r *Repo) okRow(ctx context.Context, id int64) (name string, err error) {
	err = r.db.QueryRowContext(ctx, "select name from users where id = ?", id).Scan(&name)
	return name, err
}

// okRowsOfTx end with it.
func (r *Repo) okRowsOfTx(ctx context.Context) (bool, error) {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// begin gives the transaction to its caller.
func (r *Repo) begin(ctx context.Context) (bun.Tx, error) { return r.db.BeginTx(ctx, nil) }

// okWrapped ends what a helper has begun.
func (r *Repo) okWrapped(ctx context.Context, u *User) error {
	tx, err := r.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := save(ctx, tx, u); err != nil {
		return err
	}
	return tx.Commit()
}

// okOpen gives bun the pool; bun closes it.
func okOpen(dsn string) *bun.DB {
	pool := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn)))
	pool.SetMaxOpenConns(10)
	return bun.NewDB(pool, pgdialect.New())
}

// okClosed closes the pool by bun's name for it.
func okClosed(ctx context.Context, dsn string) error {
	db := bun.NewDB(sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))), pgdialect.New())
	defer db.Close()
	return db.PingContext(ctx)
}

// okListener closes it.
func (r *Repo) okListener(ctx context.Context) error {
	ln := pgdriver.NewListener(r.db)
	defer ln.Close()
	if err := ln.Listen(ctx, "users"); err != nil {
		return err
	}
	_, _, err := ln.Receive(ctx)
	return err
}

// okStmt closes it.
func (r *Repo) okStmt(ctx context.Context, ids []int64) error {
	stmt, err := r.db.PrepareContext(ctx, "delete from users where id = $1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, id := range ids {
		if _, err := stmt.ExecContext(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// badErrorPath forgets the rollback.
func (r *Repo) badErrorPath(ctx context.Context, u *User) error {
	tx, err := r.db.BeginTx(ctx, nil) // want `tx is neither committed nor rolled back when .*: return at L\d+`
	if err != nil {
		return err
	}
	if _, err := tx.NewInsert().Model(u).Exec(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// badGivenAway gives it to a helper that only uses it.
func (r *Repo) badGivenAway(ctx context.Context, u *User) error {
	tx, err := r.db.Begin() // want `tx is neither committed nor rolled back when save fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := save(ctx, tx, u); err != nil {
		return err
	}
	return tx.Commit()
}

// badWrapped forgets what a helper has begun.
func (r *Repo) badWrapped(ctx context.Context, u *User) error {
	tx, err := r.begin(ctx) // want `tx is neither committed nor rolled back`
	if err != nil {
		return err
	}
	if u.Name == "" {
		return errNoUsers
	}
	return tx.Commit()
}

// badConn keeps it when the query fails.
func (r *Repo) badConn(ctx context.Context) error {
	conn, err := r.db.Conn(ctx) // want `conn is not closed when ExecContext fails: return at L\d+`
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "set statement_timeout = 0"); err != nil {
		return err
	}
	return conn.Close()
}

// badRows leaves them open when ScanRow fails.
func (r *Repo) badRows(ctx context.Context) (n int, err error) {
	rows, err := r.db.NewSelect().Model((*User)(nil)).Where("id > 0").Rows(ctx) // want `rows is not closed when ScanRow fails: return at L\d+`
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		var u User
		if err := r.db.ScanRow(ctx, rows, &u); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

// badFirst reads one.
func (r *Repo) badFirst(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, "select 1") // want `rows is not closed`
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// badRow is never scanned.
func (r *Repo) badRow(ctx context.Context) {
	_ = r.db.QueryRowContext(ctx, "select pg_advisory_lock(1)") // want `never scanned`
}

// badInterface forgets the transaction of an interface.
func badInterface(ctx context.Context, db bun.IDB, u *User) error {
	tx, err := db.BeginTx(ctx, nil) // want `tx is never committed or rolled back`
	if err != nil {
		return err
	}
	return save(ctx, tx, u)
}

// badListener forgets it when Listen fails.
func (r *Repo) badListener(ctx context.Context) error {
	ln := pgdriver.NewListener(r.db) // want `ln is never closed`
	if err := ln.Listen(ctx, "users"); err != nil {
		return err
	}
	_, _, err := ln.Receive(ctx)
	return err
}

// badPool leaves it behind.
func badPool(ctx context.Context, dsn string) error {
	pool := sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))) // want `pool is never closed`
	db := bun.NewDB(pool, pgdialect.New())
	_, err := db.NewRaw("vacuum").Exec(ctx)
	return err
}
