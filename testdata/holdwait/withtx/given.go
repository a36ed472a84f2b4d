package withtx

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Cellar struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// BadGivenTx is called in a transaction, as its parameter says.
func (c *Cellar) BadGivenTx(ctx context.Context, tx pgx.Tx, bottle int64) error {
	if _, err := tx.Exec(ctx, "update bottles set opened = now() where id = $1", bottle); err != nil {
		return err
	}
	_, err := c.pool.Exec(ctx, "insert into openings values ($1)", bottle) // want `second connection while tx holds one`
	return err
}

func (c *Cellar) BadGivenSQLTx(ctx context.Context, tx *sql.Tx, bottle int64) (year int, err error) {
	if _, err = tx.ExecContext(ctx, "update bottles set opened = now() where id = $1", bottle); err != nil {
		return 0, err
	}
	err = c.db.QueryRowContext(ctx, "select year from bottles where id = $1", bottle).Scan(&year) // want `second connection while tx holds one`
	return year, err
}

// OkGivenTx uses what it is given.
func (c *Cellar) OkGivenTx(ctx context.Context, tx pgx.Tx, bottle int64) error {
	_, err := tx.Exec(ctx, "insert into openings values ($1)", bottle)
	return err
}

// OkGivenEnded ends the transaction that it is given.
func (c *Cellar) OkGivenEnded(ctx context.Context, tx pgx.Tx, bottle int64) error {
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	_, err := c.pool.Exec(ctx, "insert into openings values ($1)", bottle)
	return err
}
