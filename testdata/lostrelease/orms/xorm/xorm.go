// Package xorm: a session is the transaction. What the engine returns for one query closes itself.
package xorm

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"xorm.io/xorm"
	"xorm.io/xorm/core"
)

// User is a row.
type User struct {
	ID   int64 `xorm:"pk"`
	Name string
	Team int64
}

var errNoName = errors.New("no name")

// Repo works on the engine.
type Repo struct{ engine *xorm.Engine }

// save works on whatever it is given.
func save(db xorm.Interface, u *User) error {
	_, err := db.Insert(u)
	return err
}

// okQueries hold nothing afterwards: their sessions close themselves.
func (r *Repo) okQueries(ctx context.Context, id int64) (users []User, err error) {
	var u User
	if ok, err := r.engine.ID(id).Get(&u); err != nil || !ok {
		return nil, err
	}
	if err := r.engine.Where("team = ?", u.Team).Asc("id").Limit(10).Find(&users); err != nil {
		return nil, err
	}
	q := r.engine.Context(ctx).Table("users").Cols("name")
	if _, err := q.Where("id = ?", id).Update(&u); err != nil {
		return nil, err
	}
	_, err = r.engine.Exec("delete from sessions")
	return users, err
}

// okSession is the session of xorm's documentation.
func (r *Repo) okSession(u *User) error {
	session := r.engine.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if _, err := session.Insert(u); err != nil {
		return err
	}
	if _, err := session.Where("id = ?", u.ID).Cols("name").Update(u); err != nil {
		return err
	}
	return session.Commit()
}

// okRollsBack rolls back by itself, too.
func (r *Repo) okRollsBack(u *User) error {
	session := r.engine.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := save(session, u); err != nil {
		return errors.Join(err, session.Rollback())
	}
	return session.Commit()
}

// okContextSession continues with what Context returns.
func (r *Repo) okContextSession(ctx context.Context, u *User) error {
	session := r.engine.NewSession().Context(ctx)
	defer session.Close()
	if err := session.BeginTx(&sql.TxOptions{}); err != nil {
		return err
	}
	if err := save(session, u); err != nil {
		return err
	}
	return session.Commit()
}

// okEachPath closes it on each path.
func (r *Repo) okEachPath(u *User) error {
	session := r.engine.NewSession()
	if u.Name == "" {
		session.Close()
		return errNoName
	}
	err := save(session, u)
	return errors.Join(err, session.Close())
}

// okClosure leaves the transaction to xorm.
func (r *Repo) okClosure(u *User) error {
	_, err := r.engine.Transaction(func(session *xorm.Session) (any, error) {
		return session.Insert(u)
	})
	return err
}

// okRows closes them.
func (r *Repo) okRows(ctx context.Context) (users []User, err error) {
	rows, err := r.engine.Context(ctx).Where("team = ?", 1).Rows(new(User))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u User
		if err := rows.Scan(&u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okIterate holds during the callback only.
func (r *Repo) okIterate() (n int, err error) {
	err = r.engine.Iterate(new(User), func(_ int, _ any) error {
		n++
		return nil
	})
	return n, err
}

// open gives the session to its caller.
func (r *Repo) open(ctx context.Context) *xorm.Session { return r.engine.NewSession().Context(ctx) }

// okWrapped closes what a helper has opened.
func (r *Repo) okWrapped(ctx context.Context, u *User) error {
	session := r.open(ctx)
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if err := save(session, u); err != nil {
		return err
	}
	return session.Commit()
}

// okDeferredLiteral closes it in a literal.
func (r *Repo) okDeferredLiteral(u *User) (err error) {
	session := r.engine.NewSession()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("recovered: %v", p)
		}
		session.Close()
	}()
	if err := session.Begin(); err != nil {
		return err
	}
	session.Table("users").Insert(u)
	return session.Commit()
}

// okOpen returns the engine.
func okOpen(dsn string) (*xorm.Engine, error) {
	engine, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return nil, err
	}
	engine.SetMaxOpenConns(10)
	return engine, nil
}

// okClosed closes it.
func okClosed(dsn string) error {
	engine, err := xorm.NewEngine("postgres", dsn)
	if err != nil {
		return err
	}
	defer engine.Close()
	return engine.Sync(new(User))
}

// okWraps gives the engine a pool that is there.
func okWraps(pool *sql.DB) (*xorm.Engine, error) {
	return xorm.NewEngineWithDB("postgres", "", core.FromDB(pool))
}

// okGroup closes the group.
func okGroup(dsns []string) error {
	group, err := xorm.NewEngineGroup("postgres", dsns)
	if err != nil {
		return err
	}
	defer group.Close()
	group.SetMaxOpenConns(5)
	return group.Ping()
}

// okCore reads rows of the layer below.
func (r *Repo) okCore() (n int, err error) {
	rows, err := r.engine.DB().Query("select 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// badErrorPath closes only when all went well.
func (r *Repo) badErrorPath(u *User) error {
	session := r.engine.NewSession() // want `session is not closed when .*: return at L\d+`
	if err := session.Begin(); err != nil {
		session.Close()
		return err
	}
	if _, err := session.Insert(u); err != nil {
		return err
	}
	return session.Commit()
}

// badEarlyReturn forgets it.
func (r *Repo) badEarlyReturn(ctx context.Context, u *User) error {
	session := r.engine.NewSession().Context(ctx) // want `is not closed on all paths: return at L\d+`
	if err := session.Begin(); err != nil {
		session.Close()
		return err
	}
	if u.Name == "" {
		return errNoName
	}
	defer session.Close()
	if err := save(session, u); err != nil {
		return err
	}
	return session.Commit()
}

// badRows leaves them open when Scan fails.
func (r *Repo) badRows() (users []User, err error) {
	rows, err := r.engine.Rows(new(User)) // want `rows is not closed when Scan fails: return at L\d+`
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var u User
		if err := rows.Scan(&u); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, nil
}

// badRowsOfSession stay open when the session is closed.
func (r *Repo) badRowsOfSession() (bool, error) {
	session := r.engine.NewSession()
	defer session.Close()
	rows, err := session.Rows(new(User)) // want `rows is not closed`
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// badRowsFirst reads one.
func (r *Repo) badRowsFirst(team int64) (u User, err error) {
	rows, err := r.engine.Where("team = ?", team).Rows(new(User)) // want `rows is not closed`
	if err != nil {
		return u, err
	}
	if rows.Next() {
		err = rows.Scan(&u)
	}
	return u, err
}

// badWrapped forgets what a helper has opened.
func (r *Repo) badWrapped(ctx context.Context, u *User) error {
	session := r.open(ctx) // want `session is not closed`
	if err := session.Begin(); err != nil {
		session.Close()
		return err
	}
	if err := save(session, u); err != nil {
		return err
	}
	return session.Commit()
}

// badCore leaves rows of the layer below open.
func (r *Repo) badCore() (bool, error) {
	rows, err := r.engine.DB().Query("select 1") // want `rows is not closed`
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// badInterface leaves rows of an interface open.
func badInterface(db xorm.Interface) (bool, error) {
	rows, err := db.Rows(new(User)) // want `rows is not closed`
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// badDeferInLoop keeps all of them until it returns.
func (r *Repo) badDeferInLoop(users []User) error {
	for i := range users {
		session := r.engine.NewSession() // want `deferred`
		defer session.Close()
		if err := session.Begin(); err != nil {
			return err
		}
		if err := save(session, &users[i]); err != nil {
			return err
		}
	}
	return nil
}

// badEngine leaves it behind.
func badEngine(dsn string) error {
	engine, err := xorm.NewEngine("postgres", dsn) // want `engine is never closed`
	if err != nil {
		return err
	}
	return engine.Sync(new(User))
}
