// Package gorm: one type for the pool, the transaction and the query. Whatever is derived from a transaction is the transaction.
package gorm

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// User is a row.
type User struct {
	ID   int64
	Name string
	Team int64
}

// Account is a row.
type Account struct {
	ID      int64
	Balance int64
}

var errEmpty = errors.New("no users")

// Repo works on whatever it is given: the pool or a transaction.
type Repo struct{ db *gorm.DB }

func newRepo(db *gorm.DB) *Repo { return &Repo{db: db} }

func (r *Repo) create(u *User) error { return r.db.Create(u).Error }

func (r *Repo) withTx(tx *gorm.DB) *Repo { return &Repo{db: tx} }

// okManual is the manual transaction of gorm's documentation.
func (r *Repo) okManual(u *User) error {
	tx := r.db.Begin()
	defer func() {
		if p := recover(); p != nil {
			tx.Rollback()
		}
	}()
	if err := tx.Error; err != nil {
		return err
	}
	if err := tx.Create(u).Error; err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Create(&Account{ID: u.ID}).Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// okBeginError returns the error of the begin: nothing is held then.
func (r *Repo) okBeginError(ctx context.Context, u *User) error {
	tx := r.db.WithContext(ctx).Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer tx.Rollback()
	if err := tx.Create(u).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// okClosure leaves the transaction to gorm.
func (r *Repo) okClosure(u *User) error {
	return r.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(u).Error; err != nil {
			return err
		}
		return tx.Model(&Account{}).Where("id = ?", u.ID).Update("balance", 0).Error
	})
}

// okNestedClosure nests a savepoint.
func (r *Repo) okNestedClosure(ctx context.Context, u *User) error {
	return r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(u).Error; err != nil {
			return err
		}
		return tx.Transaction(func(inner *gorm.DB) error { return inner.Save(&Account{ID: u.ID}).Error })
	})
}

// okDerivedCommits ends it through what is derived from it.
func (r *Repo) okDerivedCommits(ctx context.Context, u *User) error {
	tx := r.db.Begin().WithContext(ctx).Session(&gorm.Session{SkipHooks: true})
	if err := tx.Create(u).Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// okDebugged begins and derives in one.
func (r *Repo) okDebugged(u *User) {
	tx := r.db.Begin()
	scoped := tx.Debug().Model(&User{}).Where("team = ?", u.Team)
	scoped.Update("name", u.Name)
	scoped.Commit()
}

// okReassigned continues in the same variable.
func (r *Repo) okReassigned(users []User) error {
	tx := r.db.Begin()
	for i := range users {
		tx = tx.Create(&users[i])
	}
	if tx.Error != nil {
		tx.Rollback()
		return tx.Error
	}
	return tx.Commit().Error
}

// okRepos gives the transaction to repositories and ends it itself.
func (r *Repo) okRepos(u *User) error {
	tx := r.db.Begin()
	defer tx.Rollback()
	users := newRepo(tx)
	if err := users.create(u); err != nil {
		return err
	}
	if err := r.withTx(tx).create(u); err != nil {
		return err
	}
	return tx.Commit().Error
}

func finish(tx *gorm.DB, err *error) {
	if *err != nil {
		tx.Rollback()
		return
	}
	*err = tx.Commit().Error
}

// okHelper leaves the end to a helper.
func (r *Repo) okHelper(u *User) (err error) {
	tx := r.db.Begin()
	defer finish(tx, &err)
	return tx.Create(u).Error
}

// okDeferredDecision decides in a deferred literal.
func (r *Repo) okDeferredDecision(u *User) (err error) {
	tx := r.db.Begin()
	defer func() {
		if p := recover(); p != nil {
			tx.Rollback()
			panic(p)
		} else if err != nil {
			tx.Rollback()
		} else {
			err = tx.Commit().Error
		}
	}()
	if err = tx.Create(u).Error; err != nil {
		return err
	}
	return tx.Save(&Account{ID: u.ID}).Error
}

// begin gives the transaction to its caller.
func (r *Repo) begin(ctx context.Context) *gorm.DB { return r.db.WithContext(ctx).Begin() }

// okWrapped ends what a helper has begun.
func (r *Repo) okWrapped(ctx context.Context, u *User) error {
	tx := r.begin(ctx)
	defer tx.Rollback()
	if err := tx.Create(u).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// okPerItem ends one for each item.
func (r *Repo) okPerItem(users []User) error {
	for i := range users {
		tx := r.db.Begin()
		if err := tx.Create(&users[i]).Error; err != nil {
			tx.Rollback()
			return err
		}
		if err := tx.Commit().Error; err != nil {
			return err
		}
	}
	return nil
}

// okSavePoint rolls back to it and commits.
func (r *Repo) okSavePoint(u *User) error {
	tx := r.db.Begin()
	defer tx.Rollback()
	tx.SavePoint("before")
	if err := tx.Create(u).Error; err != nil {
		tx.RollbackTo("before")
	}
	return tx.Commit().Error
}

// badErrorPath forgets the rollback.
func (r *Repo) badErrorPath(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err := tx.Create(u).Error; err != nil {
		return fmt.Errorf("create: %w", err)
	}
	return tx.Commit().Error
}

// badEarlyReturn has nothing to do and forgets that it has begun.
func (r *Repo) badEarlyReturn(ctx context.Context, users []User) error {
	tx := r.db.WithContext(ctx).Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if len(users) == 0 {
		return nil
	}
	if err := tx.Create(&users).Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// badDerivedOnly only works in it.
func (r *Repo) badDerivedOnly(u *User) {
	tx := r.db.Begin() // want `tx is never committed or rolled back`
	tx.Model(&User{}).Where("id = ?", u.ID).Update("name", u.Name)
}

// badRollbackOnPanicOnly rolls back when it panics, not when it fails.
func (r *Repo) badRollbackOnPanicOnly(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	defer func() {
		if p := recover(); p != nil {
			tx.Rollback()
		}
	}()
	if err := tx.Create(u).Error; err != nil {
		return fmt.Errorf("create: %w", err)
	}
	return tx.Commit().Error
}

// badLoop leaves with one of them open.
func (r *Repo) badLoop(users []User) error {
	for i := range users {
		tx := r.db.Begin() // want `tx is neither committed nor rolled back before the next iteration takes another one`
		if users[i].Name == "" {
			continue
		}
		tx.Create(&users[i])
		tx.Commit()
	}
	return nil
}

// badSavePointIsNoEnd rolls back to a savepoint only.
func (r *Repo) badSavePointIsNoEnd(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	tx.SavePoint("before")
	if err := tx.Create(u).Error; err != nil {
		tx.RollbackTo("before")
		return errEmpty
	}
	return tx.Commit().Error
}

// badWrapped forgets what a helper has begun.
func (r *Repo) badWrapped(ctx context.Context, u *User) error {
	tx := r.begin(ctx) // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err := tx.Create(u).Error; err != nil {
		return fmt.Errorf("create: %w", err)
	}
	return tx.Commit().Error
}

// badDeferInLoop keeps all of them until it returns.
func (r *Repo) badDeferInLoop(users []User) {
	for i := range users {
		tx := r.db.Begin() // want `deferred`
		defer tx.Rollback()
		tx.Create(&users[i])
	}
}
