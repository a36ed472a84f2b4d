package cursor

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Rows handed out on a channel: the receiver closes.
func okR204Channel(ctx context.Context, pool *pgxpool.Pool, out chan<- pgx.Rows) error {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return err
	}
	out <- rows
	return nil
}

// The select may take the other branch: nobody has the rows then.
func badR204SelectSend(ctx context.Context, pool *pgxpool.Pool, out chan<- pgx.Rows) error {
	rows, err := pool.Query(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return err
	}
	select {
	case out <- rows:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func okR205SelectSend(ctx context.Context, pool *pgxpool.Pool, out chan<- pgx.Rows) error {
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		return err
	}
	select {
	case out <- rows:
		return nil
	case <-ctx.Done():
		rows.Close()
		return ctx.Err()
	}
}

// A goroutine reads and closes.
func okR206Producer(ctx context.Context, pool *pgxpool.Pool) (<-chan string, error) {
	rows, err := pool.Query(ctx, "select k from tuples")
	if err != nil {
		return nil, err
	}
	ch := make(chan string)
	go func() {
		defer close(ch)
		defer rows.Close()
		for rows.Next() {
			var s string
			if rows.Scan(&s) != nil {
				return
			}
			select {
			case ch <- s:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch, nil
}

func badR206Producer(ctx context.Context, pool *pgxpool.Pool) (<-chan string, error) {
	rows, err := pool.Query(ctx, "select k from tuples") // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	ch := make(chan string)
	go func() {
		defer close(ch)
		for rows.Next() {
			var s string
			if rows.Scan(&s) != nil {
				return
			}
			select {
			case ch <- s:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ch, nil
}
