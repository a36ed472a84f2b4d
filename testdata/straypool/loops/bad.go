// Package loops: constructions in loops that open a pool per item, and loops that are right.
package loops

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"
)

const dsn = "postgres://app@db/app"

// Item is something to save.
type Item struct {
	ID   int64
	Name string
}

// badPerItem opens and closes for each item.
func badPerItem(ctx context.Context, items []Item) error {
	for _, it := range items {
		db, err := sql.Open("pgx", dsn) // want `sql\.Open runs in a loop`
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, "insert into items (id, name) values ($1, $2)", it.ID, it.Name)
		if err = errors.Join(err, db.Close()); err != nil {
			return err
		}
	}
	return nil
}

// badPerTenantDeferred keeps all of them open until the function returns.
func badPerTenantDeferred(ctx context.Context, tenants []string) (total int, err error) {
	for _, t := range tenants {
		pool, err := pgxpool.New(ctx, dsn+"_"+t) // want `pgxpool\.New runs in a loop`
		if err != nil {
			return 0, fmt.Errorf("%s: %w", t, err)
		}
		defer pool.Close()
		var n int
		if err := pool.QueryRow(ctx, "select count(*) from users").Scan(&n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// badPerTenantLost never closes.
func badPerTenantLost(ctx context.Context, tenants []string) error {
	for _, t := range tenants {
		pool, err := pgxpool.New(ctx, dsn+"_"+t) // want `pgxpool\.New runs in a loop`
		if err != nil {
			return err
		}
		if err := pool.Ping(ctx); err != nil {
			return err
		}
	}
	return nil
}

// badPerRow opens a database for each tenant that a query returns: nothing bounds the number of rows.
func badPerRow(ctx context.Context, admin *sql.DB) error {
	rows, err := admin.QueryContext(ctx, "select dsn from tenants")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var tenant string
		if err := rows.Scan(&tenant); err != nil {
			return err
		}
		db, err := sqlx.ConnectContext(ctx, "pgx", tenant) // want `sqlx\.ConnectContext runs in a loop`
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, "select compact()"); err != nil {
			return err
		}
	}
	return rows.Err()
}

// badGoLiteral starts a goroutine per item, and each builds.
func badGoLiteral(ctx context.Context, items []Item) {
	var wg sync.WaitGroup
	for _, it := range items {
		wg.Add(1)
		go func() {
			defer wg.Done()
			pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs in each goroutine`
			if err != nil {
				log.Print(err)
				return
			}
			defer pool.Close()
			_, _ = pool.Exec(ctx, "update items set name = $2 where id = $1", it.ID, it.Name)
		}()
	}
	wg.Wait()
}

// ownPool is the body of a worker that has a pool of its own.
func ownPool(ctx context.Context, in <-chan Item) {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		log.Print(err)
		return
	}
	defer pool.Close()
	for it := range in {
		_, _ = pool.Exec(ctx, "insert into items (id) values ($1)", it.ID)
	}
}

// badWorkers starts n of them: n pools to one database.
func badWorkers(ctx context.Context, n int, in <-chan Item) {
	for range n {
		go ownPool(ctx, in) // want "ownPool builds a pool in each goroutine"
	}
	<-ctx.Done()
}

// okOneWorker starts one.
func okOneWorker(ctx context.Context, in <-chan Item) {
	go ownPool(ctx, in)
	<-ctx.Done()
}

// badWaitGroupGo is the newer form.
func badWaitGroupGo(ctx context.Context, workers int, in <-chan Item) {
	var wg sync.WaitGroup
	for i := 0; i < workers; i++ {
		wg.Go(func() {
			conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs in each goroutine`
			if err != nil {
				return
			}
			defer conn.Close(ctx)
			for it := range in {
				_, _ = conn.Exec(ctx, "select $1", it.ID)
			}
		})
	}
	wg.Wait()
}

// badErrgroup bounds the goroutines, not the pools: each item still builds one.
func badErrgroup(ctx context.Context, items []Item) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, it := range items {
		g.Go(func() error {
			db, err := sql.Open("pgx", dsn) // want `sql\.Open runs in each goroutine`
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.ExecContext(ctx, "insert into items (id) values ($1)", it.ID)
			return err
		})
	}
	return g.Wait()
}

type session struct{ net.Conn }

func (s session) serve() {
	defer s.Close()
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return
	}
	db := stdlib.OpenDB(*cfg)
	defer db.Close()
	sc := bufio.NewScanner(s)
	for sc.Scan() {
		_, _ = db.Exec("insert into lines (t) values ($1)", sc.Text())
	}
}

// badAccept is a server: one pool per client.
func badAccept(ln net.Listener) error {
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		go session{c}.serve() // want "serve builds a pool in each goroutine"
	}
}

// badLines opens per line of the input.
func badLines(ctx context.Context) error {
	sc := bufio.NewScanner(os.Stdin)
	for sc.Scan() {
		if err := insertLine(ctx, sc.Text()); err != nil { // want "insertLine builds a connection of its own in a loop"
			return err
		}
	}
	return sc.Err()
}

func insertLine(ctx context.Context, line string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "insert into lines (t) values ($1)", line)
	return err
}

// badSameDSNInSlice has a slice of pools that all go to the same server.
func badSameDSNInSlice(ctx context.Context, n int) (pools []*pgxpool.Pool, err error) {
	for i := 0; i < n; i++ {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs in a loop`
		if err != nil {
			return nil, err
		}
		pools = append(pools, pool)
	}
	return pools, nil
}

// badRetryLeaks looks like a retry, but a success does not leave the loop.
func badRetryLeaks(ctx context.Context) (db *sql.DB, err error) {
	for range 5 {
		db, err = sql.Open("pgx", dsn) // want `sql\.Open runs in a loop`
		if err != nil {
			log.Print(err)
			continue
		}
		if err = db.PingContext(ctx); err != nil {
			log.Print(err)
		}
	}
	return db, err
}

// badNested builds in the inner loop, by way of a literal that is called in place.
func badNested(ctx context.Context, batches [][]Item) error {
	for _, batch := range batches {
		for _, it := range batch {
			err := func() error {
				conn, err := pgconn.Connect(ctx, dsn) // want `pgconn\.Connect runs in a loop`
				if err != nil {
					return err
				}
				defer conn.Close(ctx)
				return conn.Exec(ctx, fmt.Sprintf("select %d", it.ID)).Close()
			}()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// badValueInLoop calls a constructor that was named before the loop.
func badValueInLoop(items []Item) error {
	open := sqlx.Open
	for _, it := range items {
		db, err := open("pgx", dsn) // want "open runs in a loop"
		if err != nil {
			return err
		}
		db.MustExec("insert into items (id) values ($1)", it.ID)
		if err := db.Close(); err != nil {
			return err
		}
	}
	return nil
}

// each calls fn for each item.
func each(items []Item, fn func(Item) error) error {
	for _, it := range items {
		if err := fn(it); err != nil {
			return err
		}
	}
	return nil
}

// badEach has its loop in a helper.
func badEach(ctx context.Context, items []Item) error {
	return each(items, func(it Item) error {
		pool, err := pgxpool.New(ctx, dsn) // want `pgxpool\.New runs in a loop`
		if err != nil {
			return err
		}
		defer pool.Close()
		_, err = pool.Exec(ctx, "delete from items where id = $1", it.ID)
		return err
	})
}

// badCondition builds to see whether there is more to do.
func badCondition(ctx context.Context) error {
	for pending(ctx) > 0 { // want "pending builds a pool in a loop"
		if _, err := fmt.Println("still waiting"); err != nil {
			return err
		}
	}
	return nil
}

func pending(ctx context.Context) (n int) {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return 0
	}
	defer db.Close()
	_ = db.QueryRowContext(ctx, "select count(*) from jobs").Scan(&n)
	return n
}

// badIterator pushes items, and builds for each.
func badIterator(ctx context.Context, ids []int64) func(yield func(Item, error) bool) {
	return func(yield func(Item, error) bool) {
		for _, id := range ids {
			it := Item{ID: id}
			conn, err := pgx.Connect(ctx, dsn) // want `pgx\.Connect runs in a loop`
			if err == nil {
				err = conn.QueryRow(ctx, "select name from items where id = $1", id).Scan(&it.Name)
				_ = conn.Close(ctx)
			}
			if !yield(it, err) {
				return
			}
		}
	}
}

// badGoto is a loop without the word.
func badGoto(ctx context.Context, items []Item) error {
	i := 0
next:
	if i == len(items) {
		return nil
	}
	if err := insertLine(ctx, items[i].Name); err != nil { // want "insertLine builds a connection of its own in a loop"
		return err
	}
	i++
	goto next
}
