// Package ents: the driver of ent.
package ents

import (
	"context"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

type Client struct{ drv *entsql.Driver }

func (c *Client) BadTx(ctx context.Context) error {
	tx, err := c.drv.Tx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.Exec(ctx, "delete from pets", []any{}, nil); err != nil {
		return err
	}
	if err := c.drv.Exec(ctx, "delete from owners", []any{}, nil); err != nil { // want `drv\.Exec may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

func (c *Client) OkTx(ctx context.Context) error {
	tx, err := c.drv.Tx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := wipe(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

func wipe(ctx context.Context, d dialect.ExecQuerier) error {
	if err := d.Exec(ctx, "delete from pets", []any{}, nil); err != nil {
		return err
	}
	return d.Exec(ctx, "delete from owners", []any{}, nil)
}

func (c *Client) BadWipe(ctx context.Context) error {
	tx, err := c.drv.Tx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := wipe(ctx, c.drv); err != nil { // want `wipe may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

func (c *Client) OkRows(ctx context.Context) error {
	var rows entsql.Rows
	if err := c.drv.Query(ctx, "select id from pets", []any{}, &rows); err != nil {
		return err
	}
	var ids []int
	err := entsql.ScanSlice(&rows, &ids)
	_ = rows.Close()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := c.drv.Exec(ctx, "update pets set age = age + 1 where id = $1", []any{id}, nil); err != nil {
			return err
		}
	}
	return nil
}
