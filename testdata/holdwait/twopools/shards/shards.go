// Package shards: a map or slice of pools. Two elements may be two pools.
package shards

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Cluster struct {
	meta   *pgxpool.Pool
	shards map[string]*pgxpool.Pool
}

// OkMetaThenShard walks the directory and asks the shard that it names.
func (c *Cluster) OkMetaThenShard(ctx context.Context) (total int, err error) {
	rows, err := c.meta.Query(ctx, "select tenant, shard from directory")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var tenant, shard string
		if err := rows.Scan(&tenant, &shard); err != nil {
			return 0, err
		}
		var n int
		if err := c.shards[shard].QueryRow(ctx, "select count(*) from users where tenant = $1", tenant).Scan(&n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, rows.Err()
}

func (c *Cluster) BadMetaTwice(ctx context.Context) error {
	rows, err := c.meta.Query(ctx, "select tenant from directory")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var tenant string
		if err := rows.Scan(&tenant); err != nil {
			return err
		}
		if _, err := c.meta.Exec(ctx, "update directory set seen = now() where tenant = $1", tenant); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// BadOneShard has one element of the map in a variable.
func (c *Cluster) BadOneShard(ctx context.Context, name string) error {
	shard := c.shards[name]
	return pgx.BeginFunc(ctx, shard, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "truncate users"); err != nil {
			return err
		}
		_, err := shard.Exec(ctx, "analyze users") // want `second connection while \S+ holds one`
		return err
	})
}

// OkEach goes through the shards one after the other.
func (c *Cluster) OkEach(ctx context.Context) error {
	for _, pool := range c.shards {
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, "delete from sessions where expired")
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type Tenants struct {
	dbs []*sql.DB
}

func (t *Tenants) For(id int) *sql.DB { return t.dbs[id%len(t.dbs)] }

// OkNeighbours asks two tenants, in the order of their numbers.
func (t *Tenants) OkNeighbours(ctx context.Context, i int) error {
	tx, err := t.dbs[i].BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := t.dbs[i+1].ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit()
}

func (t *Tenants) BadSameTenant(ctx context.Context, id int) error {
	db := t.For(id)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := db.ExecContext(ctx, "select 1"); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}
