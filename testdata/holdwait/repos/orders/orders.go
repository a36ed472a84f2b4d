// Package orders is the service above two repositories. Each has the pool in a field of its own: it is one pool, for all that
// can be seen.
package orders

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/repos/customers"
)

type base struct {
	db *pgxpool.Pool
}

func (b *base) exec(ctx context.Context, query string, args ...any) error {
	_, err := b.db.Exec(ctx, query, args...)
	return err
}

func (b *base) DB() *pgxpool.Pool { return b.db }

// Items embeds what has the pool.
type Items struct {
	base
	table string
}

func (i *Items) Add(ctx context.Context, order int64, sku string) error {
	return i.exec(ctx, "insert into "+i.table+" values ($1, $2)", order, sku)
}

func (i *Items) insertSQL() string { return "insert into " + i.table + " values ($1, $2)" }

type Service struct {
	pool      *pgxpool.Pool
	customers *customers.Repo
	items     *Items
	repos     struct{ archive *Items }
}

func (s *Service) BadRepoInTx(ctx context.Context, customer int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	c, err := s.customers.ByID(ctx, customer) // want `customers\.ByID may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into orders (email) values ($1)", c.Email); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Service) OkRepoInTx(ctx context.Context, customer int64) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	c, err := s.customers.ByIDTx(ctx, tx, customer)
	if err != nil {
		return err
	}
	c = s.customers.Normalize(c)
	if _, err := tx.Exec(ctx, "insert into orders (email) values ($1)", c.Email); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Service) OkRepoBefore(ctx context.Context, customer int64) error {
	c, err := s.customers.ByID(ctx, customer)
	if err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "insert into orders (email) values ($1)", c.Email)
		return err
	})
}

// BadEmbedded: Add, then exec of the embedded struct, then the pool.
func (s *Service) BadEmbedded(ctx context.Context, order int64, skus []string) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, sku := range skus {
			if err := s.items.Add(ctx, order, sku); err != nil { // want `items\.Add may wait for a second connection while \S+ holds one`
				return fmt.Errorf("sku %s: %w", sku, err)
			}
		}
		_, err := tx.Exec(ctx, "update orders set items = $2 where id = $1", order, len(skus))
		return err
	})
}

// OkEmbedded takes only the text of the statement from the repository.
func (s *Service) OkEmbedded(ctx context.Context, order int64, skus []string) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, sku := range skus {
			if _, err := tx.Exec(ctx, s.items.insertSQL(), order, sku); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) BadInnerField(ctx context.Context) error {
	rows, err := s.pool.Query(ctx, "select id, sku from orders")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var sku string
		if err := rows.Scan(&id, &sku); err != nil {
			return err
		}
		if err := s.repos.archive.Add(ctx, id, sku); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// BadGetter asks two getters for what is one pool.
func (s *Service) BadGetter(ctx context.Context) error {
	tx, err := s.customers.Pool().Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := s.items.DB().Exec(ctx, "delete from items where old"); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (s *Service) OkGetter(ctx context.Context) error {
	tx, err := s.customers.Pool().Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if s.items.DB() == s.customers.Pool() {
		if _, err := tx.Exec(ctx, "delete from items where old"); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

// begin returns a transaction that the caller ends.
func (s *Service) begin(ctx context.Context) (pgx.Tx, func(), error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, nil, err
	}
	return tx, func() { _ = tx.Rollback(ctx) }, nil
}

func (s *Service) BadBegunByHelper(ctx context.Context, customer int64) error {
	tx, rollback, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer rollback()
	if _, err := s.customers.ByID(ctx, customer); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func (s *Service) OkBegunByHelper(ctx context.Context, customer int64) error {
	tx, rollback, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer rollback()
	if _, err := s.customers.ByIDTx(ctx, tx, customer); err != nil {
		return err
	}
	return tx.Commit(ctx)
}
