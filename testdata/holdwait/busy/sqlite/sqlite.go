// Package sqlite: with a driver that allows it, statements on a transaction whose rows are open are right.
package sqlite

import (
	"context"
	"database/sql"
)

type Cache struct{ db *sql.DB }

func NewCache(path string) (*Cache, error) {
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &Cache{db}, nil
}

// OkSameTx stays on its transaction.
func (c *Cache) OkSameTx(ctx context.Context) error {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, "select key from cache where expired")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "delete from cache where key = ?", key); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.Commit()
}

// BadSecond deadlocks alone: the pool has one connection.
func (c *Cache) BadSecond(ctx context.Context) error {
	rows, err := c.db.QueryContext(ctx, "select key from cache where expired")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return err
		}
		if _, err := c.db.ExecContext(ctx, "delete from cache where key = ?", key); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}
