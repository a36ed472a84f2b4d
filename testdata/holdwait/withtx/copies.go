package withtx

import (
	"context"
	"database/sql"
	"fmt"
)

type dbtx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Menu is a store that is copied for the transaction.
type Menu struct {
	root *sql.DB
	db   dbtx
}

func NewMenu(db *sql.DB) *Menu { return &Menu{root: db, db: db} }

func (m *Menu) InTx(ctx context.Context, fn func(*Menu) error) error {
	if _, ok := m.db.(*sql.Tx); ok {
		return fn(m)
	}
	tx, err := m.root.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(&Menu{root: m.root, db: tx}); err != nil {
		if rb := tx.Rollback(); rb != nil {
			return fmt.Errorf("%w (rollback: %v)", err, rb)
		}
		return err
	}
	return tx.Commit()
}

func (m *Menu) SetPrice(ctx context.Context, dish string, cents int) error {
	_, err := m.db.ExecContext(ctx, "update dishes set cents = $2 where name = $1", dish, cents)
	return err
}

func (m *Menu) Price(ctx context.Context, dish string) (cents int, err error) {
	err = m.db.QueryRowContext(ctx, "select cents from dishes where name = $1", dish).Scan(&cents)
	return cents, err
}

type Kitchen struct {
	menu *Menu
}

// OkRaise uses the copy.
func (k *Kitchen) OkRaise(ctx context.Context, dish string) error {
	return k.menu.InTx(ctx, func(m *Menu) error {
		cents, err := m.Price(ctx, dish)
		if err != nil {
			return err
		}
		return m.SetPrice(ctx, dish, cents+50)
	})
}

// BadRaise reads the price from the store outside.
func (k *Kitchen) BadRaise(ctx context.Context, dish string) error {
	return k.menu.InTx(ctx, func(m *Menu) error {
		cents, err := k.menu.Price(ctx, dish) // want `menu\.Price may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		return m.SetPrice(ctx, dish, cents+50)
	})
}

// OkShadowedStore: the parameter has the name of the store outside.
func (k *Kitchen) OkShadowedStore(ctx context.Context, dish string) error {
	menu := k.menu
	return menu.InTx(ctx, func(menu *Menu) error {
		cents, err := menu.Price(ctx, dish)
		if err != nil {
			return err
		}
		return menu.SetPrice(ctx, dish, cents-50)
	})
}

func (k *Kitchen) discount(ctx context.Context, dish string) error {
	cents, err := k.menu.Price(ctx, dish)
	if err != nil {
		return err
	}
	return k.menu.SetPrice(ctx, dish, cents*9/10)
}

// BadOwnMethod: the method of the receiver uses the store of the receiver.
func (k *Kitchen) BadOwnMethod(ctx context.Context, dishes []string) error {
	return k.menu.InTx(ctx, func(*Menu) error {
		for _, dish := range dishes {
			if err := k.discount(ctx, dish); err != nil { // want `k\.discount may wait for a second connection while \S+ holds one`
				return err
			}
		}
		return nil
	})
}

// OkKitchenCopy makes a kitchen around the copy.
func (k *Kitchen) OkKitchenCopy(ctx context.Context, dishes []string) error {
	return k.menu.InTx(ctx, func(m *Menu) error {
		inner := &Kitchen{menu: m}
		for _, dish := range dishes {
			if err := inner.discount(ctx, dish); err != nil {
				return err
			}
		}
		return nil
	})
}

// OkCopyByHand begins and copies itself.
func (m *Menu) OkCopyByHand(ctx context.Context, dish string) error {
	tx, err := m.root.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inner := *m
	inner.db = tx
	if err := inner.SetPrice(ctx, dish, 100); err != nil {
		return err
	}
	return tx.Commit()
}

// BadCopyByHand forgets to use the copy.
func (m *Menu) BadCopyByHand(ctx context.Context, dish string) error {
	tx, err := m.root.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	inner := &Menu{root: m.root, db: tx}
	if err := inner.SetPrice(ctx, dish, 100); err != nil {
		return err
	}
	if _, err := NewMenu(m.root).Price(ctx, dish); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}
