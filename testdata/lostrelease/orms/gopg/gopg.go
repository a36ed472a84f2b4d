// Package gopg: queries are read before they return; transactions, conns, statements and listeners hold a connection.
package gopg

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-pg/pg/v10"
)

// User is a row.
type User struct {
	ID   int64
	Name string
}

var errNoName = errors.New("no name")

// Repo works on the pool.
type Repo struct{ db *pg.DB }

// save works on whatever it is given.
func save(db pg.DBI, u *User) error {
	_, err := db.Model(u).Insert()
	return err
}

// okQueries hold nothing afterwards.
func (r *Repo) okQueries(ctx context.Context, id int64) (users []User, err error) {
	u := &User{ID: id}
	if err := r.db.ModelContext(ctx, u).WherePK().Select(); err != nil {
		return nil, err
	}
	if _, err := r.db.QueryContext(ctx, &users, "select * from users"); err != nil {
		return nil, err
	}
	if _, err := r.db.QueryOne(pg.Scan(&id), "select 1"); err != nil {
		return nil, err
	}
	_, err = r.db.Exec("delete from users where id = ?", id)
	return users, err
}

// okDeferredClose closes it: that rolls back, or does nothing.
func (r *Repo) okDeferredClose(u *User) error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	if err := save(tx, u); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// okContext uses the methods that take a context.
func (r *Repo) okContext(ctx context.Context, u *User) error {
	tx, err := r.db.BeginContext(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := save(tx, u); err != nil {
		return errors.Join(err, tx.RollbackContext(ctx))
	}
	return tx.CommitContext(ctx)
}

// okDeferredRollback ends it with a rollback that comes too late.
func (r *Repo) okDeferredRollback(u *User) error {
	tx, err := r.db.WithContext(context.Background()).Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Model(u).Insert(); err != nil {
		return err
	}
	return tx.Commit()
}

// okClosure leaves the transaction to go-pg.
func (r *Repo) okClosure(ctx context.Context, u *User) error {
	return r.db.RunInTransaction(ctx, func(tx *pg.Tx) error { return save(tx, u) })
}

// okOwnTxRuns ends it by running the rest in it.
func (r *Repo) okOwnTxRuns(ctx context.Context, u *User) error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	return tx.RunInTransaction(ctx, func(tx *pg.Tx) error { return save(tx, u) })
}

// okStmtOfTx is closed with it.
func (r *Repo) okStmtOfTx(ids []int64) error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	stmt, err := tx.Prepare("delete from users where id = $1")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := stmt.Exec(id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// okConn gives it back.
func (r *Repo) okConn(ctx context.Context) error {
	conn := r.db.Conn()
	defer conn.Close()
	_, err := conn.ExecContext(ctx, "set statement_timeout = 0")
	return err
}

// okConnDerived gives it back through another name.
func (r *Repo) okConnDerived(ctx context.Context) error {
	conn := r.db.Conn().WithContext(ctx)
	_, err := conn.Exec("select pg_advisory_lock(1)")
	return errors.Join(err, conn.Close())
}

// okStmt closes it: unlike those of database/sql it holds a connection.
func (r *Repo) okStmt(ids []int64) error {
	stmt, err := r.db.Prepare("delete from users where id = $1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, id := range ids {
		if _, err := stmt.Exec(id); err != nil {
			return err
		}
	}
	return nil
}

// okListener closes it.
func (r *Repo) okListener(ctx context.Context) (string, error) {
	ln := r.db.Listen(ctx, "users")
	defer ln.Close()
	_, payload, err := ln.Receive(ctx)
	return payload, err
}

// begin gives the transaction to its caller.
func (r *Repo) begin() (*pg.Tx, error) { return r.db.Begin() }

// okWrapped ends what a helper has begun.
func (r *Repo) okWrapped(u *User) error {
	tx, err := r.begin()
	if err != nil {
		return err
	}
	defer tx.Close()
	if err := save(tx, u); err != nil {
		return err
	}
	return tx.Commit()
}

// okOpen returns the pool.
func okOpen(url string) (*pg.DB, error) {
	opts, err := pg.ParseURL(url)
	if err != nil {
		return nil, err
	}
	db := pg.Connect(opts)
	return db.WithParam("tenant", 1), nil
}

// okClosed closes it.
func okClosed(ctx context.Context, opts *pg.Options) error {
	db := pg.Connect(opts)
	defer db.Close()
	return db.Ping(ctx)
}

// badErrorPath forgets the rollback.
func (r *Repo) badErrorPath(u *User) error {
	tx, err := r.db.Begin() // want `tx is neither committed nor rolled back when Insert fails: return at L\d+`
	if err != nil {
		return err
	}
	if _, err := tx.Model(u).Insert(); err != nil {
		return err
	}
	return tx.Commit()
}

// badEarlyReturn has nothing to do and forgets that it has begun.
func (r *Repo) badEarlyReturn(ctx context.Context, u *User) error {
	tx, err := r.db.BeginContext(ctx) // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err != nil {
		return err
	}
	if u.Name == "" {
		return errNoName
	}
	if err := save(tx, u); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// badContextFrees nothing here: the library ignores the end of the context.
func (r *Repo) badContextFrees(u *User) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tx, err := r.db.BeginContext(ctx) // want `tx is never committed or rolled back`
	if err != nil {
		return err
	}
	return save(tx, u)
}

// badConn keeps it when the query fails.
func (r *Repo) badConn(ctx context.Context) error {
	conn := r.db.Conn() // want `conn is not closed when ExecContext fails: return at L\d+`
	if _, err := conn.ExecContext(ctx, "set statement_timeout = 0"); err != nil {
		return err
	}
	return conn.Close()
}

// badStmt keeps its connection.
func (r *Repo) badStmt(ids []int64) error {
	stmt, err := r.db.Prepare("delete from users where id = $1") // want `stmt is not closed`
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := stmt.Exec(id); err != nil {
			return err
		}
	}
	return stmt.Close()
}

// badListener forgets it when Receive fails.
func (r *Repo) badListener(ctx context.Context) (string, error) {
	ln := r.db.Listen(ctx, "users") // want `ln is not closed`
	_, payload, err := ln.Receive(ctx)
	if err != nil {
		return "", err
	}
	return payload, ln.Close()
}

// badWrapped forgets what a helper has begun.
func (r *Repo) badWrapped(u *User) error {
	tx, err := r.begin() // want `tx is neither committed nor rolled back when save fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := save(tx, u); err != nil {
		return err
	}
	return tx.Commit()
}

// badInterface forgets the transaction of an interface.
func badInterface(db pg.DBI, u *User) error {
	tx, err := db.Begin() // want `tx is neither committed nor rolled back when save fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := save(tx, u); err != nil {
		return err
	}
	return tx.Commit()
}

// badPool leaves it behind.
func badPool(ctx context.Context, opts *pg.Options) error {
	db := pg.Connect(opts) // want `db is never closed`
	return db.Ping(ctx)
}
