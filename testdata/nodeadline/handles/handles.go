// Package handles: the context is in the handle, or the handle may be a transaction.
package handles

import (
	"context"
	"database/sql"
	"net/http"

	"github.com/jmoiron/sqlx"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

// User is a row.
type User struct{ ID int }

// Repo is on gorm.
type Repo struct {
	db *gorm.DB
}

func (r *Repo) badGorm(id int) (u User, err error) {
	err = r.db.First(&u, id).Error // want `^db\.First has no context: it waits for a connection for ever when the pool is exhausted; call WithContext with a deadline first$`
	return u, err
}

func (r *Repo) badGormChain(req *http.Request, id int) (u User, err error) {
	err = r.db.Where("id = ?", id).Find(&u).Error // want `^Find has no context, and req\.Context\(\) is in scope: .*; call WithContext with req\.Context\(\) first$`
	return u, err
}

func (r *Repo) badGormBackground(id int) (u User, err error) {
	err = r.db.WithContext(context.Background()).First(&u, id).Error // want `^context\.Background\(\) has no deadline: First waits`
	return u, err
}

func (r *Repo) badGormTransaction(id int) error {
	return r.db.Transaction(func(tx *gorm.DB) error { // want `^db\.Transaction has no context`
		return tx.Delete(&User{}, id).Error
	})
}

func (r *Repo) okGorm(ctx context.Context, id int) (u User, err error) {
	err = r.db.WithContext(ctx).Where("id = ?", id).First(&u).Error
	return u, err
}

func (r *Repo) okGormVariable(ctx context.Context, id int) (u User, err error) {
	db := r.db.WithContext(ctx)
	err = db.First(&u, id).Error
	return u, err
}

// It may be a transaction, and it may have a context.
func okGormGiven(db *gorm.DB, id int) (u User, err error) {
	err = db.First(&u, id).Error
	return u, err
}

func (r *Repo) okGormMigrate() error { return r.db.AutoMigrate(&User{}) }

func (r *Repo) okGormSession(ctx context.Context, id int) (u User, err error) {
	err = r.db.Session(&gorm.Session{Context: ctx}).First(&u, id).Error
	return u, err
}

func (r *Repo) conn(ctx context.Context) *gorm.DB { return r.db.WithContext(ctx) }

func (r *Repo) okGormGetter(ctx context.Context, id int) (u User, err error) {
	err = r.conn(ctx).First(&u, id).Error
	return u, err
}

// Scoped has a handle for one request.
type Scoped struct {
	db *gorm.DB
}

func (r *Repo) scoped(ctx context.Context) *Scoped { return &Scoped{db: r.db.WithContext(ctx)} }

func (s *Scoped) okGormScoped(id int) (u User, err error) {
	err = s.db.First(&u, id).Error
	return u, err
}

func badXorm(e *xorm.Engine, id int) (u User, err error) {
	_, err = e.ID(id).Get(&u) // want `^Get has no context: .*; call Context with a deadline first$`
	return u, err
}

func okXorm(ctx context.Context, e *xorm.Engine, id int) (u User, err error) {
	_, err = e.Context(ctx).ID(id).Get(&u)
	return u, err
}

// Execer is a pool or a transaction.
type Execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// Which of the two it is, the caller knows.
func okExecer(e Execer, id int) error {
	_, err := e.Exec("delete from users where id = $1", id)
	return err
}

func okExecerBackground(e sqlx.ExecerContext, id int) error {
	_, err := e.ExecContext(context.Background(), "delete from users where id = $1", id)
	return err
}

func badGivenPool(db *sql.DB, id int) error {
	return okExecer(db, id) // want `^okExecer waits for a connection for ever when the pool is exhausted \(Execer\.Exec at handles\.go:\d+ has no deadline\)`
}

func badGivenPoolBackground(db *sqlx.DB, id int) error {
	return okExecerBackground(db, id) // want `^okExecerBackground waits for a connection for ever when the pool is exhausted \(ExecerContext\.ExecContext at handles\.go:\d+ has no deadline\)`
}

func okGivenTx(tx *sql.Tx, id int) error {
	return okExecer(tx, id)
}

// DB is what the service works on.
type DB interface {
	Exec(query string, args ...any) (sql.Result, error)
	Query(query string, args ...any) (*sql.Rows, error)
	Begin() (*sql.Tx, error)
}

// Service has its database behind an interface.
type Service struct {
	db DB
}

func (s *Service) badInterface(id int) error {
	_, err := s.db.Exec("delete from users where id = $1", id) // want `^db\.Exec takes no context`
	return err
}

// Queries is on a pool or on a transaction.
type Queries struct {
	db Execer
}

func newQueries(db *sql.DB) *Queries { return &Queries{db: db} }

func (q *Queries) withTx(tx *sql.Tx) *Queries { return &Queries{db: tx} }

func (q *Queries) okQueries(id int) error {
	_, err := q.db.Exec("delete from users where id = $1", id)
	return err
}

// UserService has queries on a pool.
type UserService struct {
	q *Queries
}

func (s *UserService) badQueries(id int) error {
	return s.q.okQueries(id) // want `^q\.okQueries waits for a connection for ever when the pool is exhausted \(Execer\.Exec at handles\.go:\d+ has no deadline\)`
}

func (s *UserService) okQueriesInTx(tx *sql.Tx, id int) error {
	return s.q.withTx(tx).okQueries(id)
}

// Tx is a transaction of the program's own.
type Tx struct {
	*sql.Tx
	done bool
}

func okOwnTx(tx *Tx, id int) error {
	return okExecer(tx, id)
}

func okRunInTx(s *UserService, run func(*Tx) error) error {
	return run(&Tx{})
}

func okOwnTxCallback(s *UserService, id int) error {
	return okRunInTx(s, func(tx *Tx) error { return okExecer(tx, id) })
}

func badXormTransaction(ctx context.Context, e *xorm.Engine) error {
	_, err := e.Transaction(func(s *xorm.Session) (any, error) { // want `^e\.Transaction has no context, and ctx is in scope: .*; call NewSession\(\)\.Context with ctx first$`
		_, err := s.Context(ctx).Exec("delete from users")
		return nil, err
	})
	return err
}

// Archive opens its own.
type Archive struct{ db *gorm.DB }

func newArchive(dsn string, d gorm.Dialector) (*Archive, error) {
	var db *gorm.DB
	var err error
	if dsn != "" {
		db, err = gorm.Open(d, &gorm.Config{})
	} else {
		db, err = gorm.Open(d)
	}
	return &Archive{db: db}, err
}

func (a *Archive) badArchive(id int) error {
	return a.db.Delete(&User{}, id).Error // want `^db\.Delete has no context`
}

// Starter begins transactions: no transaction does.
type Starter interface {
	BeginTxx(ctx context.Context, opts *sql.TxOptions) (*sqlx.Tx, error)
}

func badStarter(s Starter) (*sqlx.Tx, error) {
	return s.BeginTxx(context.Background(), nil) // want `^context\.Background\(\) has no deadline: s\.BeginTxx waits`
}

func okStarter(db *sqlx.DB) (*sqlx.Tx, error) {
	return badStarter(db)
}
