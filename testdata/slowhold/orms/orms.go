// Package orms: slow calls in the transactions of gorm, bun, sqlx, xorm and go-pg.
package orms

import (
	"context"
	"net/http"
	"time"

	"github.com/go-pg/pg/v10"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"gorm.io/gorm"
	"xorm.io/xorm"
)

type Car struct {
	ID    int64
	Plate string
}

func fetch(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func badGorm(db *gorm.DB, car *Car, url string) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(car).Error; err != nil {
			return err
		}
		return fetch(url) // want `is held while`
	})
}

func okGorm(db *gorm.DB, car *Car, url string) error {
	if err := db.Transaction(func(tx *gorm.DB) error { return tx.Create(car).Error }); err != nil {
		return err
	}
	return fetch(url)
}

// okGormImplicit: outside a transaction gorm holds nothing between two calls.
func okGormImplicit(db *gorm.DB, car *Car, url string) error {
	if err := db.Create(car).Error; err != nil {
		return err
	}
	if err := fetch(url); err != nil {
		return err
	}
	return db.Save(car).Error
}

func badGormBegin(db *gorm.DB, car *Car) error {
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer tx.Rollback()
	time.Sleep(time.Second) // want `tx is held while`
	if err := tx.Create(car).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

func badBun(ctx context.Context, db *bun.DB, url string) error {
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if err := fetch(url); err != nil { // want `is held while`
			return err
		}
		_, err := tx.NewInsert().Model(&Car{}).Exec(ctx)
		return err
	})
}

func okBun(ctx context.Context, db *bun.DB, url string) error {
	if err := fetch(url); err != nil {
		return err
	}
	return db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&Car{}).Exec(ctx)
		return err
	})
}

func badSqlx(ctx context.Context, db *sqlx.DB, url string) error {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := fetch(url); err != nil { // want `tx is held while`
		return err
	}
	return tx.Commit()
}

// okSqlx: Get and Select hold nothing when they are back.
func okSqlx(ctx context.Context, db *sqlx.DB, url string) error {
	var cars []Car
	if err := db.SelectContext(ctx, &cars, "select id, plate from cars"); err != nil {
		return err
	}
	return fetch(url)
}

// okXormLazy: a session that hasn't begun holds nothing.
func okXormLazy(engine *xorm.Engine, car *Car, url string) error {
	session := engine.NewSession()
	defer session.Close()
	if err := fetch(url); err != nil {
		return err
	}
	_, err := session.Insert(car)
	return err
}

func badGopg(ctx context.Context, db *pg.DB, url string) error {
	return db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		if _, err := tx.Exec("lock table cars"); err != nil {
			return err
		}
		return fetch(url) // want `is held while`
	})
}

func okGopg(ctx context.Context, db *pg.DB, url string) error {
	err := db.RunInTransaction(ctx, func(tx *pg.Tx) error {
		_, err := tx.Exec("delete from cars")
		return err
	})
	if err != nil {
		return err
	}
	return fetch(url)
}

func badXorm(engine *xorm.Engine, car *Car, url string) error {
	session := engine.NewSession()
	defer session.Close()
	if err := session.Begin(); err != nil {
		return err
	}
	if _, err := session.Insert(car); err != nil {
		return err
	}
	if err := fetch(url); err != nil { // want `session is held while`
		return err
	}
	return session.Commit()
}
