// Package sameagain: several handles, and nothing that shows two pools.
package sameagain

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

type store struct{ pool *pgxpool.Pool }

func (s *store) get(ctx context.Context, id int64) (v string, err error) {
	err = s.pool.QueryRow(ctx, "select v from kv where id = $1", id).Scan(&v)
	return v, err
}

type server struct {
	db    *pgxpool.Pool
	store *store
}

var (
	defaultDB *sql.DB
	settings  = &settingsRepo{}
)

type settingsRepo struct{ db *sql.DB }

func (r *settingsRepo) value(ctx context.Context, key string) (v string, err error) {
	err = r.db.QueryRowContext(ctx, "select value from settings where key = $1", key).Scan(&v)
	return v, err
}

func (s *server) BadFields(ctx context.Context, id int64) error {
	tx, err := s.db.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := s.store.get(ctx, id); err != nil { // want `store\.get may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

func badParamAndField(ctx context.Context, pool *pgxpool.Pool, st *store) error {
	rows, err := pool.Query(ctx, "select id from keys")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := st.get(ctx, id); err != nil { // want `st\.get may wait for a second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

func badVariables(ctx context.Context) error {
	tx, err := defaultDB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	name, err := settings.value(ctx, "name") // want `settings\.value may wait for a second connection while tx holds one`
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "insert into names values ($1)", name); err != nil {
		return err
	}
	return tx.Commit()
}

func okVariables(ctx context.Context) error {
	name, err := settings.value(ctx, "name")
	if err != nil {
		return err
	}
	tx, err := defaultDB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into names values ($1)", name); err != nil {
		return err
	}
	return tx.Commit()
}
