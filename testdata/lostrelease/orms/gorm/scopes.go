package gorm

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

func ofTeam(db *gorm.DB, team int64) *gorm.DB { return db.Where("team = ?", team) }

// okScoped derives in a helper.
func (r *Repo) okScoped(team int64) error {
	tx := r.db.Begin()
	q := ofTeam(tx, team)
	if err := q.Delete(&User{}).Error; err != nil {
		q.Rollback()
		return err
	}
	return q.Commit().Error
}

// UnitOfWork keeps a transaction.
type UnitOfWork struct {
	db *gorm.DB
	tx *gorm.DB
}

// Begin begins.
func (u *UnitOfWork) Begin() error {
	u.tx = u.db.Begin()
	return u.tx.Error
}

// Complete ends.
func (u *UnitOfWork) Complete(err error) error {
	if err != nil {
		return errors.Join(err, u.tx.Rollback().Error)
	}
	return u.tx.Commit().Error
}

// okUnit begins and completes.
func okUnit(db *gorm.DB, user *User) error {
	u := &UnitOfWork{db: db}
	if err := u.Begin(); err != nil {
		return err
	}
	return u.Complete(newRepo(u.tx).create(user))
}

// okOptional begins only when there is none.
func (r *Repo) okOptional(ctx context.Context, own bool, user *User) error {
	db := r.db.WithContext(ctx)
	if own {
		db = db.Begin()
	}
	err := db.Create(user).Error
	if !own {
		return err
	}
	if err != nil {
		db.Rollback()
		return err
	}
	return db.Commit().Error
}

// okDuplicate treats one error apart.
func (r *Repo) okDuplicate(user *User) error {
	tx := r.db.Begin()
	if err := tx.Create(user).Error; err != nil {
		tx.Rollback()
		if errors.Is(err, gorm.ErrDuplicatedKey) {
			return nil
		}
		return err
	}
	return tx.Commit().Error
}

// okResult keeps the result of a finisher.
func (r *Repo) okResult(user *User) (int64, error) {
	tx := r.db.Begin()
	res := tx.Model(user).Update("name", "x")
	if res.Error != nil || res.RowsAffected == 0 {
		tx.Rollback()
		return 0, res.Error
	}
	return res.RowsAffected, tx.Commit().Error
}

// badResult forgets the rollback when no row was changed.
func (r *Repo) badResult(user *User) (int64, error) {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	res := tx.Model(user).Update("name", "x")
	if res.Error != nil {
		tx.Rollback()
		return 0, res.Error
	}
	if res.RowsAffected == 0 {
		return 0, errEmpty
	}
	return res.RowsAffected, tx.Commit().Error
}

// okStarted gives it to a goroutine that ends it.
func (r *Repo) okStarted(user *User) {
	tx := r.db.Begin()
	go func() {
		defer tx.Rollback()
		if tx.Create(user).Error == nil {
			tx.Commit()
		}
	}()
}

// okExpectOne returns the error of the begin through a variable.
func (r *Repo) okExpectOne(user *User) (err error) {
	tx := r.db.Begin()
	err = tx.Error
	if err != nil {
		return
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		} else {
			err = tx.Commit().Error
		}
	}()
	err = tx.Create(user).Error
	return
}

// badLogged logs the failure and returns.
func (r *Repo) badLogged(user *User) {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back`
	if tx.Error != nil {
		return
	}
	if err := tx.Save(user).Error; err != nil {
		println(err.Error())
		return
	}
	tx.Commit()
}
