// Package sites: where the pools are built shows whether they are one.
package sites

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

type events struct{ pool *pgxpool.Pool }
type users struct{ pool *pgxpool.Pool }

func (u *users) name(ctx context.Context, id int64) (name string, err error) {
	err = u.pool.QueryRow(ctx, "select name from users where id = $1", id).Scan(&name)
	return name, err
}

// okTwoConstructors builds a pool for each database.
func okTwoConstructors(ctx context.Context, eventsDSN, usersDSN string) error {
	a, err := pgxpool.New(ctx, eventsDSN)
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := pgxpool.New(ctx, usersDSN)
	if err != nil {
		return err
	}
	defer b.Close()
	ev, us := &events{a}, &users{b}
	return pgx.BeginFunc(ctx, ev.pool, func(tx pgx.Tx) error {
		name, err := us.name(ctx, 1)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "insert into events values ($1)", name)
		return err
	})
}

// badOneConstructor gives both the same pool.
func badOneConstructor(ctx context.Context, dsn string) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer pool.Close()
	ev, us := &events{pool}, &users{pool}
	return pgx.BeginFunc(ctx, ev.pool, func(tx pgx.Tx) error {
		name, err := us.name(ctx, 1) // want `us\.name may wait for a second connection while \S+ holds one`
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "insert into events values ($1)", name)
		return err
	})
}

// badFromPool: the sql.DB takes its connections from the pool.
func badFromPool(ctx context.Context, pool *pgxpool.Pool) error {
	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table users"); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "analyze users") // want `second connection while \S+ holds one`
		return err
	})
}

// okFromConfig: this sql.DB opens connections of its own.
func okFromConfig(ctx context.Context, pool *pgxpool.Pool) error {
	db := stdlib.OpenDB(*pool.Config().ConnConfig)
	db.SetMaxOpenConns(2)
	defer db.Close()
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table users"); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "analyze events")
		return err
	})
}

// badWrapped: sqlx and the sql.DB that it wraps are one pool.
func badWrapped(ctx context.Context, db *sql.DB) error {
	x := sqlx.NewDb(db, "pgx")
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var names []string
	if err := x.SelectContext(ctx, &names, "select name from users"); err != nil { // want `second connection while tx holds one`
		return err
	}
	return tx.Commit()
}

func badWrappedBun(ctx context.Context, db *sql.DB) error {
	orm := bun.NewDB(db, pgdialect.New())
	return orm.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		if _, err := tx.ExecContext(ctx, "lock table users"); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, "analyze users") // want `second connection while \S+ holds one`
		return err
	})
}

// badUnwrapped: the DB inside the sqlx.DB.
func badUnwrapped(ctx context.Context, x *sqlx.DB) error {
	rows, err := x.QueryxContext(ctx, "select id from users")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := x.DB.ExecContext(ctx, "delete from users where id = $1", id); err != nil { // want `second connection while rows holds one`
			return err
		}
	}
	return rows.Err()
}

// okOneAtATime: the two pools are never held together.
func okOneAtATime(ctx context.Context, a, b *pgxpool.Pool) error {
	if err := pgx.BeginFunc(ctx, a, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "analyze users")
		return err
	}); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, b, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "analyze users")
		return err
	})
}
