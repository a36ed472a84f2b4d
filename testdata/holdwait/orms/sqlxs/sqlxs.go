// Package sqlxs: sqlx.
package sqlxs

import (
	"context"

	"github.com/jmoiron/sqlx"
)

type Ticket struct {
	ID    int64  `db:"id"`
	Title string `db:"title"`
}

type Desk struct{ db *sqlx.DB }

func (d *Desk) BadGet(ctx context.Context, id int64) error {
	tx, err := d.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var t Ticket
	if err := d.db.GetContext(ctx, &t, "select id, title from tickets where id = $1", id); err != nil { // want `db\.GetContext may wait for a second connection while tx holds one`
		return err
	}
	if _, err := tx.NamedExecContext(ctx, "update tickets set title = :title where id = :id", t); err != nil {
		return err
	}
	return tx.Commit()
}

func (d *Desk) OkGet(ctx context.Context, id int64) error {
	tx := d.db.MustBeginTx(ctx, nil)
	defer tx.Rollback()
	var t Ticket
	if err := tx.GetContext(ctx, &t, "select id, title from tickets where id = $1", id); err != nil {
		return err
	}
	tx.MustExec("update tickets set title = $2 where id = $1", t.ID, t.Title)
	return tx.Commit()
}

func (d *Desk) BadQueryx(ctx context.Context) error {
	rows, err := d.db.QueryxContext(ctx, "select id, title from tickets")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t Ticket
		if err := rows.StructScan(&t); err != nil {
			return err
		}
		if _, err := d.db.NamedExecContext(ctx, "insert into archive values (:id, :title)", t); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func (d *Desk) OkSelect(ctx context.Context) error {
	var all []Ticket
	if err := d.db.SelectContext(ctx, &all, "select id, title from tickets"); err != nil {
		return err
	}
	for _, t := range all {
		if _, err := d.db.NamedExecContext(ctx, "insert into archive values (:id, :title)", t); err != nil {
			return err
		}
	}
	return nil
}

// load works with the DB and with a Tx.
func load(ctx context.Context, q sqlx.QueryerContext, id int64) (t Ticket, err error) {
	err = sqlx.GetContext(ctx, q, &t, "select id, title from tickets where id = $1", id)
	return t, err
}

func (d *Desk) OkExt(ctx context.Context, id int64) error {
	tx, err := d.db.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := load(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

func (d *Desk) BadExt(ctx context.Context, id int64) error {
	tx, err := d.db.Beginx()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := load(ctx, d.db, id); err != nil { // want `load may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// transact is the program's own.
func (d *Desk) transact(fn func(tx *sqlx.Tx) error) (err error) {
	tx := d.db.MustBegin()
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	return fn(tx)
}

func (d *Desk) BadTransact() error {
	return d.transact(func(tx *sqlx.Tx) error {
		rows, err := d.db.NamedQuery("select id from tickets where title = :title", Ticket{}) // want `db\.NamedQuery may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		return rows.Close()
	})
}

func (d *Desk) OkTransact() error {
	return d.transact(func(tx *sqlx.Tx) error {
		query, args, err := sqlx.In("delete from tickets where id in (?)", []int{1, 2})
		if err != nil {
			return err
		}
		_, err = tx.Exec(d.db.Rebind(query), args...)
		return err
	})
}
