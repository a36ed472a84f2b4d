// Package withtx: transaction helpers of the program itself. What they are given runs while they hold a connection.
package withtx

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/holdwait/withtx/txutil"
)

type Booking struct {
	ID, Room int64
	Guest    string
}

type Desk struct {
	pool *pgxpool.Pool
}

func (d *Desk) inTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (d *Desk) BadBook(ctx context.Context, b Booking) error {
	return d.inTx(ctx, func(tx pgx.Tx) error {
		var free bool
		err := d.pool.QueryRow(ctx, "select free from rooms where id = $1", b.Room).Scan(&free) // want `second connection while \S+ holds one`
		if err != nil || !free {
			return errors.Join(err, errors.ErrUnsupported)
		}
		_, err = tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

func (d *Desk) OkBook(ctx context.Context, b Booking) error {
	return d.inTx(ctx, func(tx pgx.Tx) error {
		if free, err := isFree(ctx, tx, b.Room); err != nil || !free {
			return errors.Join(err, errors.ErrUnsupported)
		}
		_, err := tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func isFree(ctx context.Context, q querier, room int64) (free bool, err error) {
	err = q.QueryRow(ctx, "select free from rooms where id = $1", room).Scan(&free)
	return free, err
}

// BadQuerier: the same helper is given the pool where the transaction was meant.
func (d *Desk) BadQuerier(ctx context.Context, b Booking) error {
	return d.inTx(ctx, func(tx pgx.Tx) error {
		if free, err := isFree(ctx, d.pool, b.Room); err != nil || !free { // want `isFree may wait for a second connection while \S+ holds one`
			return errors.Join(err, errors.ErrUnsupported)
		}
		_, err := tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

// OkQuerier asks before the transaction.
func (d *Desk) OkQuerier(ctx context.Context, b Booking) error {
	if free, err := isFree(ctx, d.pool, b.Room); err != nil || !free {
		return err
	}
	return d.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

func (d *Desk) cancel(ctx context.Context, id int64) error {
	return d.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "delete from bookings where id = $1", id)
		return err
	})
}

// H5: a transaction in the transaction, each with a connection.
func (d *Desk) BadRebook(ctx context.Context, old int64, b Booking) error {
	return d.inTx(ctx, func(tx pgx.Tx) error {
		if err := d.cancel(ctx, old); err != nil { // want `d\.cancel may wait for a second connection while \S+ holds one`
			return err
		}
		_, err := tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

func (d *Desk) BadNested(ctx context.Context, ids []int64) error {
	return d.inTx(ctx, func(outer pgx.Tx) error {
		for _, id := range ids {
			err := d.inTx(ctx, func(inner pgx.Tx) error { // want `d\.inTx may wait for a second connection while \S+ holds one`
				_, err := inner.Exec(ctx, "delete from bookings where id = $1", id)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// OkInSequence has one transaction after the other.
func (d *Desk) OkInSequence(ctx context.Context, old int64, b Booking) error {
	if err := d.cancel(ctx, old); err != nil {
		return err
	}
	return d.OkBook(ctx, b)
}

// BadShared calls the helper of another package.
func (d *Desk) BadShared(ctx context.Context, b Booking) error {
	return txutil.Run(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := d.pool.Exec(ctx, "insert into guests values ($1)", b.Guest); err != nil { // want `second connection while \S+ holds one`
			return err
		}
		_, err := tx.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
}

func (d *Desk) OkShared(ctx context.Context, b Booking) error {
	return txutil.Run(ctx, d.pool, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into guests values ($1)", b.Guest); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, tx, func(sp pgx.Tx) error {
			_, err := sp.Exec(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
			return err
		})
	})
}

func (d *Desk) BadGeneric(ctx context.Context, guest string) (int64, error) {
	return txutil.Get(ctx, d.pool, func(tx pgx.Tx) (id int64, err error) {
		if err := d.pool.QueryRow(ctx, "select id from guests where name = $1", guest).Scan(&id); err == nil { // want `second connection while \S+ holds one`
			return id, nil
		}
		err = tx.QueryRow(ctx, "insert into guests (name) values ($1) returning id", guest).Scan(&id)
		return id, err
	})
}

func (d *Desk) OkGeneric(ctx context.Context, guest string) (int64, error) {
	return txutil.Get(ctx, d.pool, func(tx pgx.Tx) (id int64, err error) {
		err = tx.QueryRow(ctx, "insert into guests (name) values ($1) returning id", guest).Scan(&id)
		return id, err
	})
}

// badRetried: the helper begins again and again, and always holds one when it runs this.
func badRetried(ctx context.Context, db *sql.DB, b Booking) error {
	return txutil.Retry(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest); err != nil {
			return err
		}
		return notify(ctx, db, b) // want `notify may wait for a second connection while \S+ holds one`
	})
}

func notify(ctx context.Context, db *sql.DB, b Booking) error {
	_, err := db.ExecContext(ctx, "select pg_notify('bookings', $1)", b.Guest)
	return err
}

func okRetried(ctx context.Context, db *sql.DB, b Booking) error {
	err := txutil.Retry(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	})
	if err != nil {
		return err
	}
	return notify(ctx, db, b)
}

// okAfter: the second function runs when the transaction is over.
func okAfter(ctx context.Context, db *sql.DB, b Booking) error {
	return txutil.After(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	}, func() error {
		return notify(ctx, db, b)
	})
}

func badBefore(ctx context.Context, db *sql.DB, b Booking) error {
	return txutil.After(ctx, db, func(tx *sql.Tx) error {
		if err := notify(ctx, db, b); err != nil { // want `second connection while \S+ holds one`
			return err
		}
		_, err := tx.ExecContext(ctx, "insert into bookings values ($1, $2, $3)", b.ID, b.Room, b.Guest)
		return err
	}, func() error { return nil })
}
