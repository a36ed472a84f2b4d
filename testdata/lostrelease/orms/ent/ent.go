// Package ent: the driver below the generated clients.
package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

var errNoRows = errors.New("no rows")

// Repo works on the driver.
type Repo struct {
	drv *entsql.Driver
	any dialect.Driver
}

// touch works on whatever it is given.
func touch(ctx context.Context, db dialect.ExecQuerier, id int64) error {
	return db.Exec(ctx, "update users set seen = now() where id = $1", []any{id}, nil)
}

// okExec holds nothing afterwards.
func (r *Repo) okExec(ctx context.Context, id int64) error {
	if err := touch(ctx, r.drv, id); err != nil {
		return err
	}
	return r.any.Exec(ctx, "delete from sessions", []any{}, nil)
}

// okDeferred rolls back.
func (r *Repo) okDeferred(ctx context.Context, id int64) error {
	tx, err := r.drv.Tx(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// okEachPath ends it on each path, as generated code does.
func (r *Repo) okEachPath(ctx context.Context, id int64) error {
	tx, err := r.any.Tx(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := touch(ctx, tx, id); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			err = fmt.Errorf("%w: rolling back: %v", err, rerr)
		}
		return err
	}
	return tx.Commit()
}

// okRecover rolls back on a panic, too: the WithTx of ent's documentation.
func (r *Repo) okRecover(ctx context.Context, fn func(tx dialect.Tx) error) error {
	tx, err := r.drv.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if v := recover(); v != nil {
			tx.Rollback()
			panic(v)
		}
	}()
	if err := fn(tx); err != nil {
		if rerr := tx.Rollback(); rerr != nil {
			err = fmt.Errorf("%w: rolling back: %v", err, rerr)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// okRows closes them.
func (r *Repo) okRows(ctx context.Context) (ids []int64, err error) {
	rows := &entsql.Rows{}
	if err := r.drv.Query(ctx, "select id from users", []any{}, rows); err != nil {
		return nil, err
	}
	defer rows.Close()
	err = entsql.ScanSlice(rows, &ids)
	return ids, err
}

// okRowsVariable closes them, too.
func (r *Repo) okRowsVariable(ctx context.Context) (n int, err error) {
	var rows entsql.Rows
	if err := r.any.Query(ctx, "select count(*) from users", []any{}, &rows); err != nil {
		return 0, err
	}
	defer rows.Close()
	return entsql.ScanInt(&rows)
}

// okUnderlying reads rows of the pool below.
func (r *Repo) okUnderlying(ctx context.Context) (bool, error) {
	rows, err := r.drv.DB().QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// okPromoted reads rows of what the driver embeds.
func (r *Repo) okPromoted(ctx context.Context) (bool, error) {
	rows, err := r.drv.QueryContext(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), rows.Err()
}

// begin gives the transaction to its caller.
func (r *Repo) begin(ctx context.Context) (dialect.Tx, error) { return r.drv.Tx(ctx) }

// okWrapped ends what a helper has begun.
func (r *Repo) okWrapped(ctx context.Context, id int64) error {
	tx, err := r.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// okOpen returns the driver.
func okOpen(dsn string) (*entsql.Driver, error) {
	drv, err := entsql.Open(dialect.Postgres, dsn)
	if err != nil {
		return nil, err
	}
	drv.DB().SetMaxOpenConns(10)
	return drv, nil
}

// okWraps gives the driver a pool; the driver closes it.
func okWraps(dsn string) (*entsql.Driver, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	return entsql.OpenDB(dialect.Postgres, pool), nil
}

// okClosed closes it.
func okClosed(ctx context.Context, dsn string) error {
	drv, err := entsql.Open(dialect.Postgres, dsn)
	if err != nil {
		return err
	}
	defer drv.Close()
	return touch(ctx, drv, 1)
}

// okDebug closes it by another name.
func okDebug(ctx context.Context, dsn string) error {
	drv, err := entsql.Open(dialect.Postgres, dsn)
	if err != nil {
		return err
	}
	debug := dialect.Debug(drv)
	defer debug.Close()
	return touch(ctx, debug, 1)
}

// badErrorPath forgets the rollback.
func (r *Repo) badErrorPath(ctx context.Context, id int64) error {
	tx, err := r.drv.Tx(ctx) // want `tx is neither committed nor rolled back when touch fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// badInterface forgets it with the interface.
func (r *Repo) badInterface(ctx context.Context, id int64) error {
	tx, err := r.any.Tx(ctx) // want `tx is neither committed nor rolled back when Exec fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := tx.Exec(ctx, "delete from users where id = $1", []any{id}, nil); err != nil {
		return err
	}
	return tx.Commit()
}

// badEarlyReturn forgets that it has begun.
func (r *Repo) badEarlyReturn(ctx context.Context, ids []int64) error {
	tx, err := r.drv.BeginTx(ctx, &entsql.TxOptions{}) // want `tx is neither committed nor rolled back on all paths: return at L\d+`
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return errNoRows
	}
	defer tx.Rollback()
	for _, id := range ids {
		if err := touch(ctx, tx, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// badDebugDriver forgets it behind the driver that logs.
func (r *Repo) badDebugDriver(ctx context.Context, id int64) error {
	tx, err := dialect.Debug(r.any).Tx(ctx) // want `tx is never committed or rolled back`
	if err != nil {
		return err
	}
	return touch(ctx, tx, id)
}

// badWrapped forgets what a helper has begun.
func (r *Repo) badWrapped(ctx context.Context, id int64) error {
	tx, err := r.begin(ctx) // want `tx is neither committed nor rolled back when touch fails: return at L\d+`
	if err != nil {
		return err
	}
	if err := touch(ctx, tx, id); err != nil {
		return err
	}
	return tx.Commit()
}

// badPromoted leaves rows of what the driver embeds open.
func (r *Repo) badPromoted(ctx context.Context) (bool, error) {
	rows, err := r.drv.QueryContext(ctx, "select 1") // want `rows is not closed`
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

// badUnderlying leaves rows of the pool below open.
func (r *Repo) badUnderlying(ctx context.Context) (id int64, err error) {
	rows, err := r.drv.DB().QueryContext(ctx, "select id from users") // want `rows is not closed when Scan fails: return at L\d+`
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	return id, rows.Err()
}

// badPool leaves it behind.
func badPool(ctx context.Context, dsn string) error {
	drv, err := entsql.Open(dialect.Postgres, dsn) // want `drv is never closed`
	if err != nil {
		return err
	}
	return touch(ctx, drv, 1)
}
