// Package goroutine: a goroutine may take a holder over, a channel may carry it away.
package goroutine

import (
	"context"
	"database/sql"
	"log"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

const listNames = "select name from users"

// okTakesOver closes where it reads.
func okTakesOver(ctx context.Context, pool *pgxpool.Pool) (<-chan string, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	out := make(chan string)
	go func() {
		defer close(out)
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				log.Print(err)
				return
			}
			select {
			case out <- name:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// badTakesOver stops reading when nobody listens, and leaves the rows open.
func badTakesOver(ctx context.Context, pool *pgxpool.Pool) (<-chan string, error) {
	rows, err := pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	out := make(chan string)
	go func() {
		defer close(out)
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				log.Print(err)
				return
			}
			select {
			case out <- name:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

// keepAlive holds the connection until it is told to stop, and gives it back.
func keepAlive(ctx context.Context, conn *pgxpool.Conn, stop <-chan struct{}) {
	defer conn.Release()
	<-stop
	_ = conn.Ping(ctx)
}

// okNamedFunction gives the connection to a named function.
func okNamedFunction(ctx context.Context, pool *pgxpool.Pool, stop <-chan struct{}) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	go keepAlive(ctx, conn, stop)
	return nil
}

// ping does not release.
func ping(ctx context.Context, conn *pgxpool.Conn) {
	if err := conn.Ping(ctx); err != nil {
		log.Print(err)
	}
}

// badNamedFunction gives it to one that does not release.
func badNamedFunction(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx) // want "conn is n(ot|ever) released"
	if err != nil {
		return err
	}
	go ping(ctx, conn)
	return nil
}

// okInsideGoroutine takes and gives inside.
func okInsideGoroutine(ctx context.Context, pool *pgxpool.Pool, wg *sync.WaitGroup) {
	wg.Go(func() {
		tx, err := pool.Begin(ctx)
		if err != nil {
			log.Print(err)
			return
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, "select 1"); err != nil {
			log.Print(err)
			return
		}
		if err := tx.Commit(ctx); err != nil {
			log.Print(err)
		}
	})
}

// badInsideGoroutine forgets inside.
func badInsideGoroutine(ctx context.Context, pool *pgxpool.Pool) {
	go func() {
		tx, err := pool.Begin(ctx) // want "tx is n(either|ever|ot)"
		if err != nil {
			log.Print(err)
			return
		}
		if _, err := tx.Exec(ctx, "select 1"); err != nil {
			log.Print(err)
			return
		}
		if err := tx.Commit(ctx); err != nil {
			log.Print(err)
		}
	}()
}

// okGroup lets a group's function close.
func okGroup(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	var g errgroup.Group
	g.Go(func() error {
		defer rows.Close()
		for rows.Next() {
			if n++; n > 100 {
				break
			}
		}
		return rows.Err()
	})
	err = g.Wait()
	return n, err
}

// badGroup forgets in a group's function.
func badGroup(ctx context.Context, db *sql.DB, tables []string) error {
	var g errgroup.Group
	for _, table := range tables {
		g.Go(func() error {
			rows, err := db.QueryContext(ctx, "select 1 from "+table) // want "rows is n(ot|ever) closed"
			if err != nil {
				return err
			}
			rows.Next()
			return rows.Err()
		})
	}
	return g.Wait()
}

// okSent sends the connection to whoever receives.
func okSent(ctx context.Context, pool *pgxpool.Pool, out chan<- *pgxpool.Conn) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	select {
	case out <- conn:
		return nil
	case <-ctx.Done():
		conn.Release()
		return ctx.Err()
	}
}

// badNotSent loses it when nobody receives.
func badNotSent(ctx context.Context, pool *pgxpool.Pool, out chan<- *pgxpool.Conn) error {
	conn, err := pool.Acquire(ctx) // want "conn is not released"
	if err != nil {
		return err
	}
	select {
	case out <- conn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type result struct {
	rows pgx.Rows
	err  error
}

// okSentInStruct sends rows in a struct.
func okSentInStruct(ctx context.Context, pool *pgxpool.Pool, out chan<- result) {
	rows, err := pool.Query(ctx, listNames)
	out <- result{rows, err}
}

// okReceived closes what it receives.
func okReceived(in <-chan result) (n int, err error) {
	r := <-in
	if r.err != nil {
		return 0, r.err
	}
	defer r.rows.Close()
	if r.rows.Next() {
		n++
	}
	return n, nil
}

// okClosedByWatcher starts a goroutine that releases when the context ends.
func okClosedByWatcher(ctx context.Context, pool *pgxpool.Pool) (*pgxpool.Conn, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	go func() {
		<-ctx.Done()
		conn.Release()
	}()
	return conn, nil
}
