// Package batch: the results of a batch are open until Close.
package batch

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type meter struct {
	id    int64
	value float64
}

type readings struct {
	pool *pgxpool.Pool
}

func (r *readings) queue(ms []meter) *pgx.Batch {
	b := &pgx.Batch{}
	for _, m := range ms {
		b.Queue("insert into readings values ($1, $2)", m.id, m.value)
	}
	return b
}

func (r *readings) BadWhileOpen(ctx context.Context, ms []meter) error {
	br := r.pool.SendBatch(ctx, r.queue(ms))
	defer br.Close()
	for range ms {
		if _, err := br.Exec(); err != nil {
			_, _ = r.pool.Exec(ctx, "insert into failures values ($1)", err.Error()) // want `second connection while br holds one`
			return err
		}
	}
	return nil
}

// BadAllRead: all results are read, the connection is back after Close only.
func (r *readings) BadAllRead(ctx context.Context, ms []meter) error {
	results := r.pool.SendBatch(ctx, r.queue(ms))
	for range ms {
		if _, err := results.Exec(); err != nil {
			return errors.Join(err, results.Close())
		}
	}
	if err := r.refresh(ctx); err != nil { // want `r\.refresh may wait for a second connection while results holds one`
		return errors.Join(err, results.Close())
	}
	return results.Close()
}

func (r *readings) refresh(ctx context.Context) error {
	_, err := r.pool.Exec(ctx, "refresh materialized view hourly")
	return err
}

// BadRowsOfBatch: closing the rows read from a batch doesn't free it.
func (r *readings) BadRowsOfBatch(ctx context.Context, b *pgx.Batch) error {
	br := r.pool.SendBatch(ctx, b)
	defer br.Close()
	rows, err := br.Query()
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	_, err = r.pool.Exec(ctx, "delete from meters where id = any($1)", ids) // want `second connection while br holds one`
	return err
}

func (r *readings) OkCloseFirst(ctx context.Context, ms []meter) error {
	br := r.pool.SendBatch(ctx, r.queue(ms))
	if err := br.Close(); err != nil {
		return err
	}
	return r.refresh(ctx)
}

func (r *readings) OkChainedClose(ctx context.Context, ms []meter) error {
	if err := r.pool.SendBatch(ctx, r.queue(ms)).Close(); err != nil {
		_, _ = r.pool.Exec(ctx, "insert into failures values ($1)", err.Error())
		return err
	}
	return r.refresh(ctx)
}

// OkCollected keeps the errors until the batch is closed.
func (r *readings) OkCollected(ctx context.Context, ms []meter) error {
	br := r.pool.SendBatch(ctx, r.queue(ms))
	var failed []int64
	for _, m := range ms {
		if _, err := br.Exec(); err != nil {
			failed = append(failed, m.id)
		}
	}
	if err := br.Close(); err != nil {
		return err
	}
	_, err := r.pool.Exec(ctx, "update meters set broken = true where id = any($1)", failed)
	return err
}

// BadCallback: the callbacks of the queued queries run in Close, which holds the connection.
func (r *readings) BadCallback(ctx context.Context, ms []meter) error {
	b := &pgx.Batch{}
	for _, m := range ms {
		b.Queue("update meters set last = $2 where id = $1", m.id, m.value).Exec(func(tag pgconn.CommandTag) error {
			if tag.RowsAffected() > 0 {
				return nil
			}
			_, err := r.pool.Exec(ctx, "insert into meters values ($1, $2)", m.id, m.value) // want `second connection`
			return err
		})
	}
	return r.pool.SendBatch(ctx, b).Close()
}

func (r *readings) BadRowCallback(ctx context.Context, ids []int64) (names []string, err error) {
	b := new(pgx.Batch)
	for _, id := range ids {
		b.Queue("select site from meters where id = $1", id).QueryRow(func(row pgx.Row) error {
			var site int64
			if err := row.Scan(&site); err != nil {
				return err
			}
			name, err := r.siteName(ctx, site) // want `r\.siteName may wait for a second connection`
			names = append(names, name)
			return err
		})
	}
	err = r.pool.SendBatch(ctx, b).Close()
	return names, err
}

func (r *readings) siteName(ctx context.Context, id int64) (name string, err error) {
	err = r.pool.QueryRow(ctx, "select name from sites where id = $1", id).Scan(&name)
	return name, err
}

// OkCallback only takes notes in its callbacks.
func (r *readings) OkCallback(ctx context.Context, ids []int64) (names []string, err error) {
	var sites []int64
	b := new(pgx.Batch)
	for _, id := range ids {
		b.Queue("select site from meters where id = $1", id).QueryRow(func(row pgx.Row) error {
			var site int64
			err := row.Scan(&site)
			sites = append(sites, site)
			return err
		})
	}
	if err := r.pool.SendBatch(ctx, b).Close(); err != nil {
		return nil, err
	}
	for _, site := range sites {
		name, err := r.siteName(ctx, site)
		if err != nil {
			return nil, fmt.Errorf("site %d: %w", site, err)
		}
		names = append(names, name)
	}
	return names, nil
}

// OkBatchOnTx: batch and transaction are on one connection.
func (r *readings) OkBatchOnTx(ctx context.Context, ms []meter) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := tx.SendBatch(ctx, r.queue(ms)).Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (r *readings) BadBatchBesideTx(ctx context.Context, ms []meter) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := r.pool.SendBatch(ctx, r.queue(ms)).Close(); err != nil { // want `pool\.SendBatch may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}
