// Package buns: bun.
package buns

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
)

type Plant struct {
	ID   int64
	Name string
}

type Garden struct{ db *bun.DB }

func (g *Garden) BadRunInTx(ctx context.Context, p *Plant) error {
	return g.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		exists, err := g.db.NewSelect().Model(p).WherePK().Exists(ctx) // want `second connection while \S+ holds one`
		if err != nil || exists {
			return err
		}
		_, err = tx.NewInsert().Model(p).Exec(ctx)
		return err
	})
}

func (g *Garden) OkRunInTx(ctx context.Context, p *Plant) error {
	return g.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		exists, err := tx.NewSelect().Model(p).WherePK().Exists(ctx)
		if err != nil || exists {
			return err
		}
		_, err = tx.NewInsert().Model(p).Exec(ctx)
		return err
	})
}

// OkConn: the query of the DB is told to run on the transaction.
func (g *Garden) OkConn(ctx context.Context, p *Plant) error {
	return g.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		_, err := g.db.NewInsert().Model(p).Conn(tx).Exec(ctx)
		return err
	})
}

// OkSavepoint: RunInTx of a Tx is a savepoint.
func (g *Garden) OkSavepoint(ctx context.Context, p *Plant) error {
	return g.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return tx.RunInTx(ctx, nil, func(ctx context.Context, sp bun.Tx) error {
			_, err := sp.NewInsert().Model(p).Exec(ctx)
			return err
		})
	})
}

func save(ctx context.Context, db bun.IDB, p *Plant) error {
	_, err := db.NewInsert().Model(p).On("conflict (id) do update").Exec(ctx)
	return err
}

func (g *Garden) OkIDB(ctx context.Context, p *Plant) error {
	tx, err := g.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := save(ctx, tx, p); err != nil {
		return err
	}
	return tx.Commit()
}

func (g *Garden) BadIDB(ctx context.Context, p *Plant) error {
	tx, err := g.db.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := save(ctx, g.db, p); err != nil { // want `save may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

func (g *Garden) BadRows(ctx context.Context) error {
	rows, err := g.db.NewSelect().Model((*Plant)(nil)).Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var p Plant
		if err := g.db.ScanRow(ctx, rows, &p); err != nil {
			return err
		}
		if _, err := g.db.NewDelete().Model(&p).WherePK().Exec(ctx); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// OkScanRows reads all rows and closes them.
func (g *Garden) OkScanRows(ctx context.Context) error {
	rows, err := g.db.QueryContext(ctx, "select id, name from plants")
	if err != nil {
		return err
	}
	var plants []Plant
	if err := g.db.ScanRows(ctx, rows, &plants); err != nil {
		return err
	}
	_, err = g.db.NewUpdate().Model(&plants).Bulk().Exec(ctx)
	return err
}
