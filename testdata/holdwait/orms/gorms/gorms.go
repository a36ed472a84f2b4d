// Package gorms: gorm's pool, transaction and query builder are all *gorm.DB.
package gorms

import (
	"context"
	"database/sql"

	"gorm.io/gorm"
)

type Order struct {
	ID     uint
	Amount int64
	Items  []Item
}

type Item struct {
	ID      uint
	OrderID uint
}

// conn is the program's connection, as superplane has it.
var conn *gorm.DB

// Conn gives it out.
func Conn() *gorm.DB { return conn }

type Shop struct{ db *gorm.DB }

func (s *Shop) BadCreate(ctx context.Context, o *Order) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(o).Error; err != nil {
			return err
		}
		return s.db.Model(&Order{}).Where("id = ?", o.ID).Update("amount", o.Amount).Error // want `second connection while \S+ holds one`
	})
}

func (s *Shop) OkCreate(ctx context.Context, o *Order) error {
	return s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(o).Error; err != nil {
			return err
		}
		return tx.Model(&Order{}).Where("id = ?", o.ID).Update("amount", o.Amount).Error
	})
}

// BadGetter: the global getter inside the closure.
func BadGetter(id uint) error {
	return Conn().Transaction(func(tx *gorm.DB) error {
		var o Order
		if err := Conn().First(&o, id).Error; err != nil { // want `second connection while \S+ holds one`
			return err
		}
		return tx.Delete(&o).Error
	})
}

// BadFindHelper: the helper uses the getter.
func BadFindHelper(id uint) error {
	return Conn().Transaction(func(tx *gorm.DB) error {
		o, err := findOrder(id) // want `findOrder may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		return tx.Delete(o).Error
	})
}

func findOrder(id uint) (*Order, error) {
	var o Order
	err := Conn().Preload("Items").First(&o, id).Error
	return &o, err
}

// OkFindHelper takes the handle as a parameter.
func OkFindHelper(id uint) error {
	return Conn().Transaction(func(tx *gorm.DB) error {
		o, err := findOrderIn(tx, id)
		if err != nil {
			return err
		}
		return tx.Delete(o).Error
	})
}

func findOrderIn(db *gorm.DB, id uint) (*Order, error) {
	var o Order
	err := db.First(&o, id).Error
	return &o, err
}

func BadFindInRoot(id uint) error {
	return Conn().Transaction(func(tx *gorm.DB) error {
		o, err := findOrderIn(Conn(), id) // want `findOrderIn may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		return tx.Delete(o).Error
	})
}

// OkShadow: the parameter has the name of the handle outside.
func OkShadow(db *gorm.DB, id uint) error {
	return db.Transaction(func(db *gorm.DB) error {
		return db.Delete(&Order{}, id).Error
	})
}

// OkDerived: what is derived from the transaction is the transaction.
func (s *Shop) OkDerived(ctx context.Context, id uint) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		scoped := tx.Session(&gorm.Session{NewDB: true, SkipHooks: true}).WithContext(ctx)
		items := scoped.Model(&Item{}).Where("order_id = ?", id)
		var n int64
		if err := items.Count(&n).Error; err != nil {
			return err
		}
		return scoped.Debug().Delete(&Order{}, id).Error
	})
}

// BadDerivedRoot derives from the handle outside.
func (s *Shop) BadDerivedRoot(ctx context.Context, id uint) error {
	root := s.db.WithContext(ctx)
	items := root.Model(&Item{}).Where("order_id = ?", id)
	return root.Transaction(func(tx *gorm.DB) error {
		var n int64
		if err := items.Count(&n).Error; err != nil { // want `second connection while \S+ holds one`
			return err
		}
		return tx.Delete(&Order{}, id).Error
	})
}

// OkBuildOnly: building a query needs no connection.
func (s *Shop) OkBuildOnly(id uint) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		sub := s.db.Model(&Item{}).Select("order_id").Where("id > ?", 10)
		return tx.Where("id in (?)", sub).Delete(&Order{}, id).Error
	})
}

// OkNested is a savepoint.
func (s *Shop) OkNested(o *Order) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(o).Error; err != nil {
			return err
		}
		return tx.Transaction(func(sp *gorm.DB) error { return sp.Create(&Item{OrderID: o.ID}).Error })
	})
}

func (s *Shop) BadNested(o *Order) error {
	return s.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(o).Error; err != nil {
			return err
		}
		return s.db.Transaction(func(sp *gorm.DB) error { return sp.Create(&Item{OrderID: o.ID}).Error }) // want `db\.Transaction may wait for a second connection while \S+ holds one`
	})
}

func (s *Shop) BadBegin(o *Order) error {
	tx := s.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer tx.Rollback()
	if err := tx.Create(o).Error; err != nil {
		return err
	}
	if err := s.db.Create(&Item{OrderID: o.ID}).Error; err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit().Error
}

func (s *Shop) OkBegin(o *Order) error {
	tx := s.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Create(o).Error; err != nil {
		tx.Rollback()
		return err
	}
	if err := tx.Commit().Error; err != nil {
		return err
	}
	return s.db.Create(&Item{OrderID: o.ID}).Error
}

// BadRows begins in the loop over the rows.
func (s *Shop) BadRows() error {
	rows, err := s.db.Model(&Order{}).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var o Order
		if err := s.db.ScanRows(rows, &o); err != nil {
			return err
		}
		tx := s.db.Begin() // want `db\.Begin may wait for a second connection while rows holds one`
		if err := tx.Delete(&o).Error; err != nil {
			tx.Rollback()
			return err
		}
		if err := tx.Commit().Error; err != nil {
			return err
		}
	}
	return rows.Err()
}

// OkFind reads into a slice first.
func (s *Shop) OkFind() error {
	var orders []Order
	if err := s.db.Find(&orders).Error; err != nil {
		return err
	}
	for i := range orders {
		if err := s.db.Delete(&orders[i]).Error; err != nil {
			return err
		}
	}
	return nil
}

// OkInBatches: no connection is held while the function runs.
func (s *Shop) OkInBatches() error {
	var batch []Order
	return s.db.FindInBatches(&batch, 100, func(_ *gorm.DB, _ int) error {
		for i := range batch {
			if err := s.db.Delete(&batch[i]).Error; err != nil {
				return err
			}
		}
		return nil
	}).Error
}

// BadRawDB: the sql.DB under the gorm.DB is the same pool.
func (s *Shop) BadRawDB(ctx context.Context) error {
	raw, err := s.db.DB()
	if err != nil {
		return err
	}
	return s.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("lock table orders").Error; err != nil {
			return err
		}
		return vacuum(ctx, raw) // want `vacuum may wait for a second connection while \S+ holds one`
	})
}

func vacuum(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "vacuum orders")
	return err
}

func (s *Shop) BadConnection() error {
	return s.db.Connection(func(c *gorm.DB) error {
		if err := c.Exec("select pg_advisory_lock(1)").Error; err != nil {
			return err
		}
		return s.db.Exec("call nightly()").Error // want `second connection while \S+ holds one`
	})
}

func (s *Shop) OkConnection() error {
	return s.db.Connection(func(c *gorm.DB) error {
		if err := c.Exec("select pg_advisory_lock(1)").Error; err != nil {
			return err
		}
		return c.Exec("call nightly()").Error
	})
}
