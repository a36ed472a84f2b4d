// Package helpers: the slow call is some calls away.
package helpers

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/slowhold/helpers/pay"
)

type Billing struct {
	pool *pgxpool.Pool
	db   *sql.DB
	pay  *pay.Client
	wake chan struct{}
}

func (b *Billing) BadOtherPackage(ctx context.Context, id int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := b.pay.Capture(ctx, "ref"); err != nil { // want `tx is held while`
		return err
	}
	if _, err := tx.Exec(ctx, "update bills set paid = true where id = $1", id); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (b *Billing) OkOtherPackage(ctx context.Context, id int64) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	ref := b.pay.Reference(id)
	if _, err := tx.Exec(ctx, "update bills set ref = $2 where id = $1", id, ref); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	return b.pay.Capture(ctx, ref)
}

func (b *Billing) throttle() { b.pause(time.Second) }

func (b *Billing) pause(d time.Duration) {
	if d > 0 {
		time.Sleep(d)
	}
}

// BadTwoDown sleeps two calls down.
func (b *Billing) BadTwoDown(ctx context.Context) error {
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	for range 10 {
		if _, err := conn.ExecContext(ctx, "call bill_next()"); err != nil {
			return err
		}
		b.throttle() // want `conn is held while`
	}
	return nil
}

func (b *Billing) OkTwoDown(ctx context.Context) error {
	for range 10 {
		if _, err := b.db.ExecContext(ctx, "call bill_next()"); err != nil {
			return err
		}
		b.throttle()
	}
	return nil
}

func (b *Billing) awaken() { b.wake <- struct{}{} }

func (b *Billing) nudge() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *Billing) BadSendBelow(ctx context.Context) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "call bill_next()"); err != nil {
			return err
		}
		b.awaken() // want `is held while`
		return nil
	})
}

// OkNudgeBelow: the helper's send has a default.
func (b *Billing) OkNudgeBelow(ctx context.Context) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "call bill_next()"); err != nil {
			return err
		}
		b.nudge()
		return nil
	})
}

// OkMemory computes for a while, which the rule doesn't count.
func (b *Billing) OkMemory(ctx context.Context, lines []string) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	slog.InfoContext(ctx, "bill", "lines", len(lines))
	if _, err := tx.Exec(ctx, "insert into sums values ($1)", hex.EncodeToString(sum[:])); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// finish ends the transaction and then waits.
func finish(ctx context.Context, tx pgx.Tx) error {
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	time.Sleep(time.Millisecond)
	return nil
}

// OkFinish: when the helper sleeps the transaction is over.
func (b *Billing) OkFinish(ctx context.Context) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "call bill_next()"); err != nil {
		return err
	}
	return finish(ctx, tx)
}

// OkGoHelper starts the slow helper and goes on.
func (b *Billing) OkGoHelper(ctx context.Context) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		go b.throttle()
		_, err := tx.Exec(ctx, "call bill_next()")
		return err
	})
}

// BadDeferred: the deferred pause runs before the deferred Rollback.
func (b *Billing) BadDeferred(ctx context.Context) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	defer b.throttle() // want `tx is held while`
	if _, err := tx.ExecContext(ctx, "call bill_next()"); err != nil {
		return err
	}
	return tx.Commit()
}

// OkDeferred: this one runs after it.
func (b *Billing) OkDeferred(ctx context.Context) error {
	defer b.throttle()
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "call bill_next()"); err != nil {
		return err
	}
	return tx.Commit()
}
