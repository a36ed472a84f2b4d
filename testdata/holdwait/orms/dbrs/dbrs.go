// Package dbrs: statements of dbr run on the session or on the transaction that began them.
package dbrs

import (
	"context"

	"github.com/gocraft/dbr/v2"
)

func badInTx(ctx context.Context, sess *dbr.Session, id int64) error {
	tx, err := sess.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.RollbackUnlessCommitted()
	name, err := sess.Select("name").From("nuts").Where("id = ?", id).ReturnStringContext(ctx) // want `second connection while tx holds one`
	if err != nil {
		return err
	}
	if _, err := tx.DeleteFrom("nuts").Where("name = ?", name).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

func okInTx(ctx context.Context, sess *dbr.Session, id int64) error {
	tx, err := sess.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.RollbackUnlessCommitted()
	name, err := tx.Select("name").From("nuts").Where("id = ?", id).ReturnStringContext(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.DeleteFrom("nuts").Where("name = ?", name).ExecContext(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// badPromoted mixes dbr's methods with those that it embeds: they are of one pool.
func badPromoted(ctx context.Context, conn *dbr.Connection) error {
	it, err := conn.NewSession(nil).Select("id").From("nuts").IterateContext(ctx)
	if err != nil {
		return err
	}
	defer it.Close()
	for it.Next() {
		var id int64
		if err := it.Scan(&id); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "update nuts set seen = true where id = $1", id); err != nil { // want `second connection while it holds one`
			return err
		}
	}
	return it.Err()
}
