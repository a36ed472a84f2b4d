package probe

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Rollback helper that ignores ErrTxClosed, deferred with fresh ctx
func RollbackOrLog(ctx context.Context, tx interface{ Rollback(context.Context) error }) {
	if err := tx.Rollback(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		log.Print(err)
	}
}

func okT78(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer RollbackOrLog(ctx, tx)
	return tx.Commit(ctx)
}

// generics InTx2 with returning tuple through WithTxV
type ExecTx[T any] interface {
	Begin(context.Context) (T, error)
}

func WithTxG[T interface {
	Commit(context.Context) error
	Rollback(context.Context) error
}](ctx context.Context, b ExecTx[T], fn func(T) error) error {
	tx, err := b.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okT79(ctx context.Context, p *pgxpool.Pool) error {
	return WithTxG(ctx, ExecTx[pgx.Tx](p), func(tx pgx.Tx) error { _, err := tx.Exec(ctx, "x"); return err })
}

// temporal: stmts closed with defer in loops; ticker worker w/ conn for life
func okA80(ctx context.Context, p *pgxpool.Pool) error {
	for ctx.Err() == nil {
		c, err := p.Acquire(ctx)
		if err != nil {
			time.Sleep(time.Second)
			continue
		}
		err = func() error {
			defer c.Release()
			return c.Ping(ctx)
		}()
		if err != nil {
			log.Print(err)
		}
	}
	return ctx.Err()
}

// leader election keeps conn until lost
func badA81(ctx context.Context, p *pgxpool.Pool) error {
	for {
		c, err := p.Acquire(ctx) // want "c is not released"
		if err != nil {
			return err
		}
		var leader bool
		if err := c.QueryRow(ctx, "select pg_try_advisory_lock(1)").Scan(&leader); err != nil {
			c.Release()
			return err
		}
		if !leader {
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
				c.Release()
				return ctx.Err()
			}
		}
		<-ctx.Done()
		c.Release()
		return nil
	}
}

func okA81x(ctx context.Context, p *pgxpool.Pool) error {
	for {
		c, err := p.Acquire(ctx)
		if err != nil {
			return err
		}
		var leader bool
		if err := c.QueryRow(ctx, "select pg_try_advisory_lock(1)").Scan(&leader); err != nil {
			c.Release()
			return err
		}
		if !leader {
			c.Release()
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		<-ctx.Done()
		c.Release()
		return nil
	}
}

// multi result: rows and count
func page(ctx context.Context, p *pgxpool.Pool) (pgx.Rows, int, error) {
	var n int
	if err := p.QueryRow(ctx, "select count(*)").Scan(&n); err != nil {
		return nil, 0, err
	}
	rows, err := p.Query(ctx, "x")
	return rows, n, err
}

func okR82(ctx context.Context, p *pgxpool.Pool) ([]int, int, error) {
	rows, n, err := page(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return out, n, err
}

func badR82(ctx context.Context, p *pgxpool.Pool) ([]int, int, error) {
	rows, n, err := page(ctx, p) // want "rows is not closed"
	if err != nil {
		return nil, 0, err
	}
	if n == 0 {
		return nil, 0, nil
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return out, n, err
}

// the caller of a func that may give nil rows without an error
func maybe(ctx context.Context, db *sql.DB, skip bool) (*sql.Rows, error) {
	if skip {
		return nil, nil
	}
	return db.QueryContext(ctx, "x")
}

func okS83x(ctx context.Context, db *sql.DB, skip bool) (bool, error) {
	rows, err := maybe(ctx, db, skip)
	if err != nil || rows == nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

func badS83x(ctx context.Context, db *sql.DB, skip bool) (bool, error) {
	rows, err := maybe(ctx, db, skip) // want "rows is not closed"
	if err != nil || rows == nil {
		return false, err
	}
	if !rows.Next() {
		return false, rows.Err()
	}
	return true, nil
}

// wrapper owning both pool & conn returned as interface; New...; Close closes one only
type Half struct {
	a, b *pgxpool.Conn
}

func (h *Half) Close() { h.a.Release() }

func badA84(ctx context.Context, p *pgxpool.Pool) error {
	a, err := p.Acquire(ctx)
	if err != nil {
		return err
	}
	b, err := p.Acquire(ctx) // want "b is never released"
	if err != nil {
		a.Release()
		return err
	}
	h := &Half{a, b}
	defer h.Close()
	return b.Ping(ctx)
}

// LargeObjects / nested batch in tx
func badB85(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	b := &pgx.Batch{}
	b.Queue("x")
	br := tx.SendBatch(ctx, b) // want "br is not closed"
	if _, err := br.Exec(); err != nil {
		return err
	}
	return tx.Commit(ctx) // conn busy
}

func okB85(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	b := &pgx.Batch{}
	b.Queue("x")
	br := tx.SendBatch(ctx, b)
	_, err = br.Exec()
	if err := errors.Join(err, br.Close()); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// rows open on the error path of a tx that is rolled back: no leak
func okR86(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "x")
	if err != nil {
		return err
	}
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			return err
		}
		if len(v) != 1 {
			rows.Close()
			return errors.New("shape")
		}
	}
	return tx.Commit(ctx)
}

func badR87(ctx context.Context, p *pgxpool.Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	row := tx.QueryRow(ctx, "select nextval('x')") // want "result of tx\\.QueryRow is never scanned"
	_ = row
	return tx.Commit(ctx)
}
