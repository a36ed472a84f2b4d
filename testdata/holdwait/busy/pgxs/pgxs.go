// Package pgxs: a query on a connection or transaction of pgx whose rows are still open fails with "conn busy".
package pgxs

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func badTxInCursor(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil { // want `conn busy: rows is still open`
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okTxCollected(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil {
			return err
		}
	}
	return tx.Commit(ctx)
}

func badPooledConn(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	rows, err := conn.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if err := conn.QueryRow(ctx, "select plays($1)", id).Scan(new(int)); err != nil { // want `conn busy: rows is still open`
			return err
		}
	}
	return rows.Err()
}

// badInFunc: the transaction of BeginFunc, and a helper that is given it.
func badInFunc(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "select id from songs")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			if err := bump(ctx, tx, id); err != nil { // want `conn busy: rows is still open`
				return err
			}
		}
		return rows.Err()
	})
}

func bump(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, "update songs set n = n + 1 where id = $1", id)
	return err
}

func badServerConn(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := conn.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil { // want `conn busy: rows is still open`
			return err
		}
	}
	return rows.Err()
}

// okTwoConns reads on one connection and writes on the other; neither is of a pool.
func okTwoConns(ctx context.Context, reader, writer *pgx.Conn) error {
	rows, err := reader.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		if _, err := writer.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil {
			return err
		}
	}
	return rows.Err()
}

// okLoopEnded: rows are closed by the last Next.
func okLoopEnded(ctx context.Context, tx pgx.Tx) (n int, err error) {
	rows, err := tx.Query(ctx, "select id from songs")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n++
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "insert into counts values ($1)", n)
	return n, err
}

func badUnscannedRow(ctx context.Context, tx pgx.Tx, id int64) (name string, err error) {
	row := tx.QueryRow(ctx, "select name from songs where id = $1", id)
	if _, err := tx.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil { // want `conn busy: row is still open`
		return "", err
	}
	err = row.Scan(&name)
	return name, err
}

func badBatchOpen(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
	br := tx.SendBatch(ctx, b)
	defer br.Close()
	if _, err := br.Exec(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "analyze songs") // want `conn busy: br is still open`
	return err
}

func okBatchClosed(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "analyze songs")
	return err
}

// badSavepoint: a savepoint is a statement on the busy connection as well.
func badSavepoint(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, "select id from songs")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		sp, err := tx.Begin(ctx) // want `conn busy: rows is still open`
		if err != nil {
			return err
		}
		if err := sp.Commit(ctx); err != nil {
			return err
		}
	}
	return rows.Err()
}

// badBothDefects: rows of the transaction are open and the pool is asked: that is a second connection.
func badBothDefects(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "select id from songs")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			if _, err := pool.Exec(ctx, "update songs set n = n + 1 where id = $1", id); err != nil { // want `second connection while \S+ holds one`
				return err
			}
		}
		return rows.Err()
	})
}

// okTxInTurn closes between the two queries.
func okTxInTurn(ctx context.Context, tx pgx.Tx) (first int64, err error) {
	rows, err := tx.Query(ctx, "select id from songs order by id")
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		err = rows.Scan(&first)
	}
	rows.Close()
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "delete from songs where id = $1", first)
	return first, err
}
