// Package fields: two pools in one struct, or two parameters, are two pools.
package fields

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Catalog struct {
	primary *pgxpool.Pool
	replica *pgxpool.Pool
}

// OkReplicaInTx asks the replica while it holds one of the primary, always in this order.
func (c *Catalog) OkReplicaInTx(ctx context.Context, sku string) error {
	tx, err := c.primary.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var price int
	if err := c.replica.QueryRow(ctx, "select price from prices where sku = $1", sku).Scan(&price); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, price); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (c *Catalog) OkReplicaInFunc(ctx context.Context, sku string) error {
	return pgx.BeginFunc(ctx, c.primary, func(tx pgx.Tx) error {
		price, err := c.price(ctx, sku)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "update items set price = $2 where sku = $1", sku, price)
		return err
	})
}

func (c *Catalog) price(ctx context.Context, sku string) (price int, err error) {
	err = c.replica.QueryRow(ctx, "select price from prices where sku = $1", sku).Scan(&price)
	return price, err
}

// BadPrimaryTwice: beside the replica it asks the primary once more.
func (c *Catalog) BadPrimaryTwice(ctx context.Context, sku string) error {
	return pgx.BeginFunc(ctx, c.primary, func(tx pgx.Tx) error {
		price, err := c.price(ctx, sku)
		if err != nil {
			return err
		}
		_, err = c.primary.Exec(ctx, "update items set price = $2 where sku = $1", sku, price) // want `second connection while \S+ holds one`
		return err
	})
}

// BadReplicaTwice walks the replica and asks it for each.
func (c *Catalog) BadReplicaTwice(ctx context.Context) (sum int, err error) {
	rows, err := c.replica.Query(ctx, "select sku from items")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var sku string
		if err := rows.Scan(&sku); err != nil {
			return 0, err
		}
		p, err := c.price(ctx, sku) // want `c\.price may wait for a second connection while rows holds one`
		if err != nil {
			return 0, err
		}
		sum += p
	}
	return sum, rows.Err()
}

// okCopy reads here and writes there.
func okCopy(ctx context.Context, src, dst *sql.DB) error {
	rows, err := src.QueryContext(ctx, "select sku, price from prices")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var sku string
		var price int
		if err := rows.Scan(&sku, &price); err != nil {
			return err
		}
		if _, err := dst.ExecContext(ctx, "insert into prices values ($1, $2)", sku, price); err != nil {
			return err
		}
	}
	return rows.Err()
}

func okCopyFrom(ctx context.Context, old, new *pgxpool.Pool) error {
	rows, err := old.Query(ctx, "select sku, price from prices")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = new.CopyFrom(ctx, pgx.Identifier{"prices"}, []string{"sku", "price"}, rows)
	return err
}

// Registry has a reader and a writer, of database/sql.
type Registry struct {
	ro, rw *sql.DB
}

func (r *Registry) OkReader(ctx context.Context, id int64) error {
	tx, err := r.rw.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var state string
	if err := r.ro.QueryRowContext(ctx, "select state from states where id = $1", id).Scan(&state); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "update things set state = $2 where id = $1", id, state); err != nil {
		return err
	}
	return tx.Commit()
}

func (r *Registry) BadWriter(ctx context.Context, id int64) error {
	tx, err := r.rw.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := r.rw.ExecContext(ctx, "insert into log values ($1)", id); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// Mixed has a pool of each kind; they are built apart.
type Mixed struct {
	pool *pgxpool.Pool
	old  *sql.DB
}

func (m *Mixed) OkOtherKind(ctx context.Context) error {
	return pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		var n int
		if err := m.old.QueryRowContext(ctx, "select count(*) from legacy").Scan(&n); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "insert into counts values ($1)", n)
		return err
	})
}

// Roles are in the names of two services' fields.
type reports struct{ readPool *pgxpool.Pool }

type ledger struct {
	writePool *pgxpool.Pool
	reports   *reports
}

func (r *reports) total(ctx context.Context) (n int, err error) {
	err = r.readPool.QueryRow(ctx, "select sum(amount) from entries").Scan(&n)
	return n, err
}

func (l *ledger) OkRoles(ctx context.Context) error {
	tx, err := l.writePool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	n, err := l.reports.total(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into totals values ($1)", n); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
