// Package store reads and writes the shop's tables.
package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// ErrNotFound is returned when there is no such product or order.
var ErrNotFound = errors.New("not found")

// Store has the pool.
type Store struct{ pool *pgxpool.Pool }

// New returns a store on the pool.
func New(pool *pgxpool.Pool) *Store { return &Store{pool: pool} }

// Product is a product.
type Product struct {
	ID    int64  `json:"id" db:"id"`
	Name  string `json:"name" db:"name"`
	Price int64  `json:"price" db:"price"`
	Stock int    `json:"stock" db:"stock"`
}

const selectProducts = "select id, name, price, stock from products"

// Product returns one product.
func (s *Store) Product(ctx context.Context, id int64) (Product, error) {
	rows, err := s.pool.Query(ctx, selectProducts+" where id = $1", id)
	if err != nil {
		return Product{}, err
	}
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Product])
	if errors.Is(err, pgx.ErrNoRows) {
		return Product{}, fmt.Errorf("product %d: %w", id, ErrNotFound)
	}
	return p, err
}

// Search returns the products whose name contains text, at most limit of them.
func (s *Store) Search(ctx context.Context, text string, limit int) ([]Product, error) {
	rows, err := s.pool.Query(ctx, selectProducts+" where name ilike '%' || $1 || '%' order by name", text)
	if err != nil {
		return nil, fmt.Errorf("search %q: %w", text, err)
	}
	if limit <= 0 {
		return nil, errors.New("search: limit must be positive")
	}
	defer rows.Close()

	var products []Product
	for rows.Next() && len(products) < limit {
		var p Product
		if err := rows.Scan(&p.ID, &p.Name, &p.Price, &p.Stock); err != nil {
			return nil, fmt.Errorf("search %q: %w", text, err)
		}
		products = append(products, p)
	}
	return products, rows.Err()
}

// Prices returns the price of each product.
func (s *Store) Prices(ctx context.Context) (map[int64]int64, error) {
	rows, err := s.pool.Query(ctx, "select id, price from products")
	if err != nil {
		return nil, err
	}
	prices := make(map[int64]int64)
	var id, price int64
	_, err = pgx.ForEachRow(rows, []any{&id, &price}, func() error {
		prices[id] = price
		return nil
	})
	return prices, err
}

// Catalog returns all products as open rows, for callers that stream them. The caller closes the rows.
func (s *Store) Catalog(ctx context.Context) (pgx.Rows, error) {
	rows, err := s.pool.Query(ctx, selectProducts+" order by id")
	if err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	return rows, nil
}

// Viewed counts a view of a product.
func (s *Store) Viewed(ctx context.Context, id int64) error {
	_, err := s.pool.Query(ctx, "update products set views = views + 1 where id = $1", id)
	return err
}
