// Package shared has handlers that put their transaction into a struct of another package, and give that to a third.
package shared

import (
	"database/sql"

	"example.com/poolvet/testdata/lostrelease/shared/request"
	"example.com/poolvet/testdata/lostrelease/shared/store"
)

func badAfterFunction(db *sql.DB) (err error) {
	var ctx request.Context
	ctx.Tx, err = db.Begin() // want `ctx.Tx is neither committed nor rolled back when Rename fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := store.Rename(&ctx, "a"); err != nil {
		return err
	}
	return ctx.Tx.Commit()
}

func badAfterInterface(db *sql.DB, items store.Items) (err error) {
	var ctx request.Context
	ctx.Tx, err = db.Begin() // want `ctx.Tx is neither committed nor rolled back when Add fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := items.Add(ctx, "a"); err != nil {
		return err
	}
	return ctx.Tx.Commit()
}

func okRollback(db *sql.DB, items store.Items) (err error) {
	var ctx request.Context
	ctx.Tx, err = db.Begin()
	if err != nil {
		return err
	}
	if err := items.Add(ctx, "a"); err != nil {
		_ = ctx.Tx.Rollback()
		return err
	}
	return ctx.Tx.Commit()
}

// okFinish leaves the end to the store.
func okFinish(db *sql.DB) (err error) {
	var ctx request.Context
	ctx.Tx, err = db.Begin()
	if err != nil {
		return err
	}
	if err := store.Rename(&ctx, "a"); err != nil {
		_ = ctx.Tx.Rollback()
		return err
	}
	return store.Finish(ctx)
}
