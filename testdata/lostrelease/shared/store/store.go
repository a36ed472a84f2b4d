// Package store works on the transaction of a request.
package store

import "example.com/poolvet/testdata/lostrelease/shared/request"

// Items is what handlers see of the store.
type Items interface {
	Add(ctx request.Context, name string) error
}

type items struct{}

// New returns the one store that there is.
func New() Items { return items{} }

// Add uses the transaction.
func (items) Add(ctx request.Context, name string) error {
	_, err := ctx.Tx.Exec("insert into items values ($1)", name)
	return err
}

// Rename uses it too.
func Rename(ctx *request.Context, name string) error {
	_, err := ctx.Tx.Exec("update items set name = $1", name)
	return err
}

// Finish ends it.
func Finish(ctx request.Context) error { return ctx.Tx.Commit() }
