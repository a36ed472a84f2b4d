// Package cycle: two pools, held in both orders. Each order alone would be right.
package cycle

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Bank struct {
	accounts *pgxpool.Pool
	journal  *pgxpool.Pool
	archive  *pgxpool.Pool
}

func (b *Bank) BadAccountsThenJournal(ctx context.Context, id int64) error {
	return pgx.BeginFunc(ctx, b.accounts, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "update accounts set n = n + 1 where id = $1", id); err != nil {
			return err
		}
		_, err := b.journal.Exec(ctx, "insert into journal values ($1)", id) // want `in both orders`
		return err
	})
}

func (b *Bank) BadJournalThenAccounts(ctx context.Context) error {
	rows, err := b.journal.Query(ctx, "select account from journal where not done")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := b.accounts.Exec(ctx, "update accounts set n = n + 1 where id = $1", id); err != nil { // want `in both orders`
			return err
		}
	}
	return rows.Err()
}

// OkArchive: the archive is only ever asked last.
func (b *Bank) OkArchive(ctx context.Context, id int64) error {
	tx, err := b.accounts.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := b.archive.Exec(ctx, "insert into archive values ($1)", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// OkArchiveAlone holds the archive's only.
func (b *Bank) OkArchiveAlone(ctx context.Context) (n int, err error) {
	rows, err := b.archive.Query(ctx, "select id from archive")
	if err != nil {
		return 0, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return 0, err
	}
	_, err = b.accounts.Exec(ctx, "delete from accounts where id = any($1)", ids)
	return len(ids), err
}
