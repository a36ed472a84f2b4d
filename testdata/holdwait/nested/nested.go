// Package nested: a transaction in a transaction is a savepoint, or a second connection.
package nested

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Seeds struct{ pool *pgxpool.Pool }

func badBeginInBegin(ctx context.Context, pool *pgxpool.Pool) error {
	outer, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer outer.Rollback(ctx)
	inner, err := pool.Begin(ctx) // want `pool\.Begin may wait for a second connection while outer holds one`
	if err != nil {
		return err
	}
	defer inner.Rollback(ctx)
	if _, err := inner.Exec(ctx, "insert into seeds values (1)"); err != nil {
		return err
	}
	if err := inner.Commit(ctx); err != nil {
		return err
	}
	return outer.Commit(ctx)
}

func okSavepoint(ctx context.Context, pool *pgxpool.Pool) error {
	outer, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer outer.Rollback(ctx)
	inner, err := outer.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := inner.Exec(ctx, "insert into seeds values (1)"); err != nil {
		if err := inner.Rollback(ctx); err != nil {
			return err
		}
	} else if err := inner.Commit(ctx); err != nil {
		return err
	}
	return outer.Commit(ctx)
}

// badSavepointEnded: the end of the savepoint gives nothing back.
func badSavepointEnded(ctx context.Context, pool *pgxpool.Pool) error {
	outer, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer outer.Rollback(ctx)
	inner, err := outer.Begin(ctx)
	if err != nil {
		return err
	}
	if err := inner.Commit(ctx); err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, "analyze seeds"); err != nil { // want `second connection while (outer|inner) holds one`
		return err
	}
	return outer.Commit(ctx)
}

func badFuncInFunc(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(outer pgx.Tx) error {
		if _, err := outer.Exec(ctx, "truncate seeds"); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, pool, func(inner pgx.Tx) error { // want `pgx\.BeginFunc may wait for a second connection while \S+ holds one`
			_, err := inner.Exec(ctx, "insert into seeds values (1)")
			return err
		})
	})
}

func okFuncInFunc(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(outer pgx.Tx) error {
		if _, err := outer.Exec(ctx, "truncate seeds"); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, outer, func(inner pgx.Tx) error {
			_, err := inner.Exec(ctx, "insert into seeds values (1)")
			return err
		})
	})
}

// beginner is what a pool, a connection and a transaction have in common.
type beginner interface {
	Begin(ctx context.Context) (pgx.Tx, error)
}

func plant(ctx context.Context, b beginner, seeds []int) error {
	return pgx.BeginFunc(ctx, b, func(tx pgx.Tx) error {
		for _, s := range seeds {
			if _, err := tx.Exec(ctx, "insert into seeds values ($1)", s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Seeds) OkPlantInTx(ctx context.Context) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := plant(ctx, tx, []int{1, 2}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func (s *Seeds) OkPlantOnConn(ctx context.Context) error {
	return s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		return plant(ctx, conn, []int{1, 2})
	})
}

func (s *Seeds) BadPlant(ctx context.Context) error {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := plant(ctx, s.pool, []int{1, 2}); err != nil { // want `plant may wait for a second connection while tx holds one`
		return err
	}
	return tx.Commit(ctx)
}

// badSQLInner calls a function with a transaction of its own.
func badSQLInner(ctx context.Context, db *sql.DB, ids []int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, id := range ids {
		if err := removeOne(ctx, db, id); err != nil { // want `removeOne may wait for a second connection while tx holds one`
			return err
		}
	}
	return tx.Commit()
}

func removeOne(ctx context.Context, db *sql.DB, id int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "delete from seeds where id = $1", id); err != nil {
		return err
	}
	return tx.Commit()
}

func okSQLInner(ctx context.Context, db *sql.DB, ids []int64) error {
	for _, id := range ids {
		if err := removeOne(ctx, db, id); err != nil {
			return err
		}
	}
	return nil
}

// okInTurn reuses the variable when the first transaction is over.
func okInTurn(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "truncate seeds"); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	tx, err = db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "insert into seeds values (1)"); err != nil {
		return err
	}
	return tx.Commit()
}

// badConnAndTx has the lock on a connection and the work in a transaction of the pool.
func badConnAndTx(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(3)"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil) // want `db\.BeginTx may wait for a second connection while conn holds one`
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "truncate seeds"); err != nil {
		return err
	}
	return tx.Commit()
}
