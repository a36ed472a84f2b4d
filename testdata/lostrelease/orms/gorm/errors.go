// Cases that need summary to know where gorm keeps its error.
package gorm

import (
	"context"
	"fmt"
	"log"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// okBeginErrorWrapped wraps it.
func (r *Repo) okBeginErrorWrapped(ctx context.Context, u *User) error {
	tx := r.db.WithContext(ctx).Begin()
	if tx.Error != nil {
		return fmt.Errorf("begin: %w", tx.Error)
	}
	defer tx.Rollback()
	if err := tx.Create(u).Error; err != nil {
		return fmt.Errorf("create: %w", err)
	}
	return tx.Commit().Error
}

// okBeginErrorVariable keeps it in a variable.
func (r *Repo) okBeginErrorVariable(u *User) error {
	tx := r.db.Begin()
	if err := tx.Error; err != nil {
		log.Printf("begin: %v", err)
		return errEmpty
	}
	if err := tx.Create(u).Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// okCallsManual calls a function that returns tx.Error.
func (r *Repo) okCallsManual(ctx context.Context, u *User) error {
	err := r.okBeginError(ctx, u)
	if err != nil {
		return err
	}
	if err := r.okManual(u); err != nil {
		log.Print(err)
	}
	return nil
}

// badSecondErrorPath forgets it the second time.
func (r *Repo) badSecondErrorPath(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err := tx.Create(u).Error; err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Create(&Account{ID: u.ID}).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// badErrorPathUnwrapped forgets the rollback.
func (r *Repo) badErrorPathUnwrapped(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err := tx.Create(u).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// badSavePointUnwrapped rolls back to a savepoint only.
func (r *Repo) badSavePointUnwrapped(u *User) error {
	tx := r.db.Begin() // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	tx.SavePoint("before")
	if err := tx.Create(u).Error; err != nil {
		tx.RollbackTo("before")
		return err
	}
	return tx.Commit().Error
}

// badWrappedUnwrapped forgets what a helper has begun.
func (r *Repo) badWrappedUnwrapped(ctx context.Context, u *User) error {
	tx := r.begin(ctx) // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err := tx.Create(u).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// badPoolForOneStatement returns the statement's error and leaves the pool.
func badPoolForOneStatement(dsn string) error {
	db, err := gorm.Open(postgres.Open(dsn)) // want `db is not closed|db is never closed`
	if err != nil {
		return err
	}
	return db.Exec("vacuum").Error
}
