package waiting

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const rebuild = "select rebuild($1)"

func badReceive(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	done := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(ctx, rebuild, 1)
		done <- err
	}()
	if err := <-done; err != nil { // want `waits for goroutines that need a connection while tx holds one`
		return err
	}
	return tx.Commit()
}

// badSelect gives up when the context ends, which may be never.
func badSelect(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	done := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(ctx, rebuild, 1)
		done <- err
	}()
	select { // want `waits for goroutines that need a connection while tx holds one`
	case err = <-done:
	case <-ctx.Done():
		err = ctx.Err()
	}
	return errors.Join(err, tx.Commit())
}

// okSelectDefault doesn't wait.
func okSelectDefault(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	done := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(ctx, rebuild, 1)
		done <- err
	}()
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return err
	}
	select {
	case err = <-done:
	default:
	}
	return errors.Join(err, tx.Commit())
}

// okReceiveAfter waits with nothing in its hands.
func okReceiveAfter(ctx context.Context, db *sql.DB) error {
	done := make(chan error, 1)
	go func() {
		_, err := db.ExecContext(ctx, rebuild, 1)
		done <- err
	}()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		return errors.Join(err, tx.Rollback(), <-done)
	}
	return errors.Join(tx.Commit(), <-done)
}

// badReceiveBeforeRollback: the operands are evaluated from left to right, so the rollback comes second.
func badReceiveBeforeRollback(ctx context.Context, db *sql.DB) error {
	done := make(chan error, 1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	go func() {
		_, err := db.ExecContext(ctx, rebuild, 1)
		done <- err
	}()
	return errors.Join(<-done, tx.Rollback()) // want `waits for goroutines that need a connection while tx holds one`
}

// U12: the cursor waits for a worker, the workers wait for the pool.
func badFedFromRows(ctx context.Context, pool *pgxpool.Pool) error {
	jobs := make(chan int64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for id := range jobs {
				_, _ = pool.Exec(ctx, rebuild, id)
			}
		}()
	}
	rows, err := pool.Query(ctx, "select id from indexes")
	if err != nil {
		close(jobs)
		return err
	}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			break
		}
		jobs <- id // want `waits for goroutines that need a connection while rows holds one`
	}
	rows.Close()
	close(jobs)
	wg.Wait()
	return rows.Err()
}

// okFedFromSlice: the rows are read and closed before the first job is sent.
func okFedFromSlice(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select id from indexes")
	if err != nil {
		return err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	jobs := make(chan int64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for id := range jobs {
				_, _ = pool.Exec(ctx, rebuild, id)
			}
		})
	}
	for _, id := range ids {
		jobs <- id
	}
	close(jobs)
	wg.Wait()
	return nil
}

// okFedMemory feeds workers that have nothing to do with the database.
func okFedMemory(ctx context.Context, pool *pgxpool.Pool) (sum int64, err error) {
	in, out := make(chan int64), make(chan int64, 1)
	go func() {
		var sum int64
		for id := range in {
			sum += id
		}
		out <- sum
	}()
	rows, err := pool.Query(ctx, "select id from indexes")
	if err != nil {
		close(in)
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			close(in)
			return 0, err
		}
		in <- id
	}
	close(in)
	return <-out, rows.Err()
}

// badSemaphore: the token comes back when a goroutine has had its connection.
func badSemaphore(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "select id from indexes")
	if err != nil {
		return err
	}
	defer rows.Close()
	sem := make(chan struct{}, 8)
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		sem <- struct{}{} // want `waits for goroutines that need a connection while rows holds one`
		go func() {
			defer func() { <-sem }()
			_, _ = db.ExecContext(ctx, rebuild, id)
		}()
	}
	return rows.Err()
}

// badProducer: the goroutine holds the rows and sends; the receiver wants a connection for each.
func badProducer(ctx context.Context, pool *pgxpool.Pool) error {
	ids := make(chan int64)
	go func() {
		defer close(ids)
		rows, err := pool.Query(ctx, "select id from indexes")
		if err != nil {
			return
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if rows.Scan(&id) != nil {
				return
			}
			ids <- id // want `while rows holds one`
		}
	}()
	for id := range ids {
		if _, err := pool.Exec(ctx, rebuild, id); err != nil {
			return err
		}
	}
	return nil
}

// okProducer collects in the goroutine before it sends.
func okProducer(ctx context.Context, pool *pgxpool.Pool) error {
	ids := make(chan int64)
	go func() {
		defer close(ids)
		rows, err := pool.Query(ctx, "select id from indexes")
		if err != nil {
			return
		}
		all, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return
		}
		for _, id := range all {
			select {
			case ids <- id:
			case <-ctx.Done():
				return
			}
		}
	}()
	for id := range ids {
		if _, err := pool.Exec(ctx, rebuild, id); err != nil {
			return err
		}
	}
	return nil
}
