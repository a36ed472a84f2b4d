// Package txrows: rows, a row or a batch inside a transaction. They take no connection of their own, so what counts is how the
// transaction ends: database/sql closes them itself; in pgx rows open at Commit make it fail with "conn busy", and the
// transaction is lost; a pgx Rollback ends them.
package txrows

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	pending = "select id from jobs where done is null order by id for update skip locked"
	finish  = "update jobs set done = now() where id = $1"
)

var errBadJob = errors.New("bad job")

// Queue has both kinds of handle.
type Queue struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// okCloseBeforeCommit closes the rows where it stops reading.
func (q *Queue) okCloseBeforeCommit(ctx context.Context) (id int64, err error) {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, pending)
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	rows.Close()
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return id, tx.Commit(ctx)
}

// okRollbackOnly leaves rows open on a path that ends in Rollback: the slot is freed with it.
func (q *Queue) okRollbackOnly(ctx context.Context) (ids []int64, err error) {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, pending)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if id < 0 {
			return nil, errBadJob
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return ids, tx.Commit(ctx)
}

// okReadOnlyProbe never commits.
func (q *Queue) okReadOnlyProbe(ctx context.Context) (bool, error) {
	tx, err := q.pool.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, pending)
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// okCollectInTx closes by collecting.
func (q *Queue) okCollectInTx(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, pending)
		if err != nil {
			return err
		}
		ids, err = pgx.CollectRows(rows, pgx.RowTo[int64])
		return err
	})
	return ids, err
}

// okSQLTxClosesItsRows: Commit and Rollback of database/sql close what is open.
func (q *Queue) okSQLTxClosesItsRows(ctx context.Context) (id int64, err error) {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryContext(ctx, pending)
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
	}
	return id, tx.Commit()
}

// okSQLTxScanError ends by Rollback with the rows open.
func (q *Queue) okSQLTxScanError(ctx context.Context) (ids []int64, err error) {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		} else {
			err = tx.Commit()
		}
	}()
	rows, err := tx.QueryContext(ctx, pending)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// okSQLStmtOfTx: a statement of a transaction ends with it.
func (q *Queue) okSQLStmtOfTx(ctx context.Context, ids []int64) error {
	tx, err := q.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt, err := tx.PrepareContext(ctx, finish)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := stmt.ExecContext(ctx, id); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// okBatchClosedBeforeCommit closes the batch by the error of Close.
func (q *Queue) okBatchClosedBeforeCommit(ctx context.Context, ids []int64) error {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var b pgx.Batch
	for _, id := range ids {
		b.Queue(finish, id)
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badOpenAtCommit has a Close that comes too late: it is deferred, and Commit runs before.
func (q *Queue) badOpenAtCommit(ctx context.Context) (id int64, err error) {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback(ctx)
	rows, err := tx.Query(ctx, pending) // want "rows"
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	if !rows.Next() {
		return 0, pgx.ErrNoRows
	}
	if err := rows.Scan(&id); err != nil {
		return 0, err
	}
	return id, tx.Commit(ctx)
}

// badNeverClosedAtCommit reads one row and commits.
func (q *Queue) badNeverClosedAtCommit(ctx context.Context) (found bool, err error) {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	rows, err := tx.Query(ctx, pending) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	found = rows.Next()
	err = tx.Commit(ctx)
	return found, err
}

// badInBeginFunc commits after its closure, with the rows open.
func (q *Queue) badInBeginFunc(ctx context.Context) (found bool, err error) {
	err = pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, pending) // want "rows is n(ot|ever) closed"
		if err != nil {
			return err
		}
		found = rows.Next()
		return nil
	})
	return found, err
}

// inTx is the program's own BeginFunc.
func (q *Queue) inTx(ctx context.Context, fn func(context.Context, pgx.Tx) error) (err error) {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := fn(ctx, tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okInOwnHelper closes inside the closure.
func (q *Queue) okInOwnHelper(ctx context.Context) (ids []int64, err error) {
	err = q.inTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, pending)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	return ids, err
}

// badInOwnHelper is the same with rows open when inTx commits.
func (q *Queue) badInOwnHelper(ctx context.Context) (id int64, err error) {
	err = q.inTx(ctx, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, pending) // want "rows is n(ot|ever) closed"
		if err != nil {
			return err
		}
		if rows.Next() {
			return rows.Scan(&id)
		}
		return rows.Err()
	})
	return id, err
}

// badRowAtCommit leaves a row unscanned: the connection is busy at Commit.
func (q *Queue) badRowAtCommit(ctx context.Context, id int64) error {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	tx.QueryRow(ctx, "update jobs set tries = tries + 1 where id = $1 returning tries", id) // want "scanned|discarded"
	return tx.Commit(ctx)
}

// badBatchAtCommit leaves the batch open.
func (q *Queue) badBatchAtCommit(ctx context.Context, id int64) error {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	b := &pgx.Batch{}
	b.Queue(finish, id)
	br := tx.SendBatch(ctx, b) // want "br is n(ot|ever) closed"
	if _, err := br.Exec(); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badDiscardedInTx writes by Query: the next call finds the connection busy.
func (q *Queue) badDiscardedInTx(ctx context.Context, id int64) error {
	tx, err := q.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Query(ctx, finish, id); err != nil { // want "discarded|never"
		return err
	}
	return tx.Commit(ctx)
}

// badReadsCallersTx leaves rows open in a transaction that its caller goes on with.
func (q *Queue) badReadsCallersTx(ctx context.Context, tx pgx.Tx) (bool, error) {
	rows, err := tx.Query(ctx, pending) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}
