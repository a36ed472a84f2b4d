package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ErrOutOfStock is returned when an order wants more than there is.
var ErrOutOfStock = errors.New("out of stock")

// Line is one line of an order.
type Line struct {
	Product int64 `json:"product"`
	Count   int   `json:"count"`
}

// PlaceOrder takes the lines from the stock and returns the number of the order.
func (s *Store) PlaceOrder(ctx context.Context, customer int64, lines []Line) (id int64, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("place order: %w", err)
	}
	if err := tx.QueryRow(ctx, "insert into orders (customer) values ($1) returning id", customer).Scan(&id); err != nil {
		_ = tx.Rollback(ctx)
		return 0, fmt.Errorf("place order: %w", err)
	}
	for _, line := range lines {
		tag, err := tx.Exec(ctx, "update products set stock = stock - $2 where id = $1 and stock >= $2", line.Product, line.Count)
		if err != nil {
			_ = tx.Rollback(ctx)
			return 0, fmt.Errorf("product %d: %w", line.Product, err)
		}
		if tag.RowsAffected() == 0 {
			return 0, fmt.Errorf("product %d: %w", line.Product, ErrOutOfStock)
		}
	}
	if err := s.addLines(ctx, tx, id, lines); err != nil {
		_ = tx.Rollback(ctx)
		return 0, err
	}
	return id, tx.Commit(ctx)
}

// addLines writes the lines of an order in one round trip.
func (s *Store) addLines(ctx context.Context, tx pgx.Tx, order int64, lines []Line) error {
	batch := &pgx.Batch{}
	for _, line := range lines {
		batch.Queue("insert into lines (order_id, product, count) values ($1, $2, $3)", order, line.Product, line.Count)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("lines of order %d: %w", order, err)
	}
	return nil
}

// CancelOrder puts the lines of an order back into the stock.
func (s *Store) CancelOrder(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "update orders set cancelled = now() where id = $1 and cancelled is null", id)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("order %d: %w", id, ErrNotFound)
		}
		_, err = tx.Exec(ctx, `update products p set stock = stock + l.count
			from lines l where l.order_id = $1 and l.product = p.id`, id)
		return err
	})
}

// Unpaid returns the numbers of the orders that nobody has paid for a day.
func (s *Store) Unpaid(ctx context.Context) ([]int64, error) {
	rows, err := s.pool.Query(ctx, "select id from orders where paid is null and created < now() - interval '1 day'")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
