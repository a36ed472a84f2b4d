// Package app uses the pool of package database through its variable and its getters.
package app

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/repos/customers"
	"example.com/poolvet/testdata/holdwait/repos/database"
)

func badGlobal(ctx context.Context, id int64) error {
	tx, err := database.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := customers.Touch(ctx, id); err != nil { // want `customers\.Touch may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

func okGlobal(ctx context.Context, id int64) error {
	tx, err := database.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := customers.TouchTx(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// badGetter: the getter gives the variable.
func badGetter(ctx context.Context, id int64) error {
	tx, err := database.Conn().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := database.Conn().ExecContext(ctx, "update customers set seen = now() where id = $1", id); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// badSingleton: each call of Pool gives the same.
func badSingleton(ctx context.Context, id int64) error {
	pool, err := database.Pool(ctx)
	if err != nil {
		return err
	}
	rows, err := pool.Query(ctx, "select id from orders where customer = $1", id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var order int64
		if err := rows.Scan(&order); err != nil {
			return err
		}
		if err := closeOrder(ctx, order); err != nil { // want `closeOrder may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func closeOrder(ctx context.Context, id int64) error {
	pool, err := database.Pool(ctx)
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "update orders set open = false where id = $1", id)
	return err
}

func okSingleton(ctx context.Context, id int64) error {
	pool, err := database.Pool(ctx)
	if err != nil {
		return err
	}
	rows, err := pool.Query(ctx, "select id from orders where customer = $1", id)
	if err != nil {
		return err
	}
	orders, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, order := range orders {
		if err := closeOrder(ctx, order); err != nil {
			return err
		}
	}
	return nil
}

// okOtherKind holds a connection of the pgxpool and asks the sql.DB, which is opened apart.
func okOtherKind(ctx context.Context, id int64) error {
	pool, err := database.Pool(ctx)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "delete from carts where customer = $1", id); err != nil {
			return err
		}
		return customers.Touch(ctx, id)
	})
}

// deep chains: one, two, three, then the pool.
type engine struct{ store *layer1 }
type layer1 struct{ next *layer2 }
type layer2 struct{ pool *pgxpool.Pool }

func (l *layer1) total(ctx context.Context) (int, error) { return l.next.sum(ctx, "orders") }

func (l *layer2) sum(ctx context.Context, table string) (n int, err error) {
	err = l.pool.QueryRow(ctx, "select count(*) from "+pgx.Identifier{table}.Sanitize()).Scan(&n)
	return n, err
}

func (e *engine) report(ctx context.Context) (int, error) { return e.store.total(ctx) }

func badDeep(ctx context.Context, e *engine) (n int, err error) {
	err = e.store.next.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "set statement_timeout = '1s'"); err != nil {
			return err
		}
		n, err = e.report(ctx) // want `e\.report may wait for a second connection while \S+ holds one`
		return err
	})
	return n, err
}

func okDeep(ctx context.Context, e *engine) (n int, err error) {
	if n, err = e.report(ctx); err != nil {
		return 0, err
	}
	_, err = e.store.next.pool.Exec(ctx, "insert into reports values ($1)", n)
	return n, err
}

// badRecursive: each level holds the rows of its node.
func badRecursive(ctx context.Context, db *sql.DB, parent int64, visit func(int64)) error {
	rows, err := db.QueryContext(ctx, "select id from nodes where parent = $1", parent)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		visit(id)
		if err := badRecursive(ctx, db, id, visit); err != nil { // want `badRecursive may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// okRecursive closes before it goes down.
func okRecursive(ctx context.Context, pool *pgxpool.Pool, parent int64) (n int, err error) {
	rows, err := pool.Query(ctx, "select id from nodes where parent = $1", parent)
	if err != nil {
		return 0, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		below, err := okRecursive(ctx, pool, id)
		if err != nil {
			return 0, err
		}
		n += 1 + below
	}
	return n, nil
}
