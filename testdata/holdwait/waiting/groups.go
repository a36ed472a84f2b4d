// Package waiting: a goroutine that holds a connection waits for goroutines that want one.
package waiting

import (
	"context"
	"database/sql"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

type Page struct {
	Total int
	Tags  []string
}

func count(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	err = pool.QueryRow(ctx, "select count(*) from pages").Scan(&n)
	return n, err
}

func tags(ctx context.Context, pool *pgxpool.Pool) ([]string, error) {
	rows, err := pool.Query(ctx, "select name from tags")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func badErrgroupInTx(ctx context.Context, pool *pgxpool.Pool) (p Page, err error) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return p, err
	}
	defer tx.Rollback(ctx)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		n, err := count(gctx, pool)
		p.Total = n
		return err
	})
	g.Go(func() error {
		t, err := tags(gctx, pool)
		p.Tags = t
		return err
	})
	if err := g.Wait(); err != nil { // want `waits for goroutines that need a connection while tx holds one`
		return p, err
	}
	if _, err := tx.Exec(ctx, "insert into views values ($1)", p.Total); err != nil {
		return p, err
	}
	return p, tx.Commit(ctx)
}

func okErrgroupFirst(ctx context.Context, pool *pgxpool.Pool) (p Page, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		p.Total, err = count(gctx, pool)
		return err
	})
	g.Go(func() (err error) {
		p.Tags, err = tags(gctx, pool)
		return err
	})
	if err := g.Wait(); err != nil {
		return p, err
	}
	tx, err := pool.Begin(ctx)
	if err != nil {
		return p, err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "insert into views values ($1)", p.Total); err != nil {
		return p, err
	}
	return p, tx.Commit(ctx)
}

// okErrgroupMemory waits for goroutines that only compute.
func okErrgroupMemory(ctx context.Context, pool *pgxpool.Pool, words []string) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	lengths := make([]int, len(words))
	var g errgroup.Group
	for i, w := range words {
		g.Go(func() error { lengths[i] = len(w); return nil })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "insert into lengths select unnest($1::int[])", lengths); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func badWaitGroup(ctx context.Context, db *sql.DB, ids []int64) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(9)"); err != nil {
		return err
	}
	var wg sync.WaitGroup
	sem := make(chan struct{}, 4)
	for _, id := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sem <- struct{}{}
			defer func() { <-sem }()
			_, _ = db.ExecContext(ctx, "call refresh($1)", id)
		}()
	}
	wg.Wait() // want `waits for goroutines that need a connection while conn holds one`
	_, err = conn.ExecContext(ctx, "select pg_advisory_unlock(9)")
	return err
}

func badWaitGroupGo(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var wg sync.WaitGroup
		var n int
		wg.Go(func() { n, _ = count(ctx, pool) })
		wg.Wait() // want `waits for goroutines that need a connection while \S+ holds one`
		_, err := tx.Exec(ctx, "insert into views values ($1)", n)
		return err
	})
}

// okWaitAfterCommit waits when the transaction is over.
func okWaitAfterCommit(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = count(ctx, pool) })
	if _, err := tx.Exec(ctx, "delete from views"); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	wg.Wait()
	return nil
}

// okSeveralConns: each goroutine gives its connection back before this one takes one.
func okSeveralConns(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	var g errgroup.Group
	g.SetLimit(4)
	for _, id := range ids {
		g.Go(func() error {
			return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
				_, err := tx.Exec(ctx, "call refresh($1)", id)
				return err
			})
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	_, err := pool.Exec(ctx, "call done()")
	return err
}

// badGoroutineHolds: it is the goroutine that holds one and wants another.
func badGoroutineHolds(ctx context.Context, pool *pgxpool.Pool) error {
	errc := make(chan error, 1)
	go func() {
		errc <- pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := count(ctx, pool); err != nil { // want `count may wait for a second connection while \S+ holds one`
				return err
			}
			_, err := tx.Exec(ctx, "delete from views")
			return err
		})
	}()
	return <-errc
}

// tasks counts its goroutines in a field.
type tasks struct {
	wg   sync.WaitGroup
	pool *pgxpool.Pool
}

func (t *tasks) start(ctx context.Context) {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		_, _ = count(ctx, t.pool)
	}()
}

func (t *tasks) BadWaitForTasks(ctx context.Context) error {
	tx, err := t.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	t.start(ctx)
	t.wg.Wait() // want `waits for goroutines that need a connection while tx holds one`
	return tx.Commit(ctx)
}

func (t *tasks) OkTasksFirst(ctx context.Context) error {
	t.start(ctx)
	t.wg.Wait()
	tx, err := t.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if _, err := tx.Exec(ctx, "delete from views"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// fanout waits itself for what it starts.
func fanout(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for range ids {
		g.Go(func() error { _, err := count(ctx, pool); return err })
	}
	return g.Wait()
}

func badFanoutInRows(ctx context.Context, pool *pgxpool.Pool) error {
	rows, err := pool.Query(ctx, "select ids from groups")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ids []int64
		if err := rows.Scan(&ids); err != nil {
			return err
		}
		if err := fanout(ctx, pool, ids); err != nil { // want `(connection while rows holds one|while rows holds one)`
			return err
		}
	}
	return rows.Err()
}
