// Package svc has service layers two and three steps above the driver.
package svc

import (
	"context"
	"database/sql"
	"errors"
	"os"

	"github.com/jackc/pgx/v5"

	"example.com/poolvet/testdata/straypool/examined/dbx"
)

// ErrNone is returned when nothing is found.
var ErrNone = errors.New("none")

// Orders is a service.
type Orders struct{ store *dbx.Store }

// NewOrders builds the store underneath.
func NewOrders(ctx context.Context) (*Orders, error) {
	s, err := dbx.NewStore(ctx, os.Getenv("ORDERS_DSN"))
	if err != nil {
		return nil, err
	}
	return &Orders{store: s}, nil
}

// OrdersWith takes the store.
func OrdersWith(s *dbx.Store) *Orders { return &Orders{store: s} }

// Total counts the orders.
func (o *Orders) Total(ctx context.Context) (int, error) { return o.store.Count(ctx) }

// Close closes what is below.
func (o *Orders) Close() { o.store.Close() }

// Facade builds Orders when asked.
type Facade struct{ Region string }

func (f Facade) orders(ctx context.Context) (*Orders, error) { return NewOrders(ctx) }

// Summary is four layers above pgxpool.
func (f Facade) Summary(ctx context.Context) (int, error) {
	o, err := f.orders(ctx)
	if err != nil {
		return 0, err
	}
	defer o.Close()
	return o.Total(ctx)
}

// AuditRow writes one audit row on its own connection.
func AuditRow(ctx context.Context, what string) error {
	return dbx.WithConn(ctx, os.Getenv("AUDIT_DSN"), func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, "insert into audit(what) values($1)", what)
		return err
	})
}

// UserName looks a user up with the handle given.
func UserName(ctx context.Context, db *sql.DB, id int) (string, error) {
	var s string
	switch err := db.QueryRowContext(ctx, "select name from users where id=$1", id).Scan(&s); {
	case errors.Is(err, sql.ErrNoRows):
		return "", ErrNone
	case err != nil:
		return "", err
	}
	return s, nil
}

// UserNameFresh opens a handle for each lookup.
func UserNameFresh(ctx context.Context, id int) (string, error) {
	db := dbx.Conn()
	defer db.Close()
	return UserName(ctx, db, id)
}
