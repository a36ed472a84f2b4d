// Package ctl: what is lost and what is not under goto, labels, switches, selects and loops.
package ctl

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

func okR501Labelled(ctx context.Context, pool *pgxpool.Pool, groups [][]int) error {
outer:
	for _, g := range groups {
		for _, id := range g {
			rows, err := pool.Query(ctx, "select a from t where id=$1", id)
			if err != nil {
				return err
			}
			for rows.Next() {
				var a int
				if err := rows.Scan(&a); err != nil {
					continue outer // Scan's error has closed them
				}
				if a > 3 {
					rows.Close()
					continue outer
				}
			}
		}
	}
	return nil
}

func badR501Labelled(ctx context.Context, pool *pgxpool.Pool, groups [][]int) error {
outer:
	for _, g := range groups {
		for _, id := range g {
			rows, err := pool.Query(ctx, "select a from t where id=$1", id) // want "rows is not closed"
			if err != nil {
				return err
			}
			for rows.Next() {
				var a int
				if err := rows.Scan(&a); err != nil {
					continue outer
				}
				if a > 3 {
					continue outer
				}
			}
			rows.Close()
		}
	}
	return nil
}

func okT601Goto(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, "a"); err != nil {
		goto fail
	}
	if _, err = tx.Exec(ctx, "b"); err != nil {
		goto fail
	}
	return tx.Commit(ctx)
fail:
	_ = tx.Rollback(ctx)
	return err
}

func badT601Goto(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err = tx.Exec(ctx, "a"); err != nil {
		goto fail
	}
	if _, err = tx.Exec(ctx, "b"); err != nil {
		goto out
	}
	return tx.Commit(ctx)
fail:
	_ = tx.Rollback(ctx)
out:
	return err
}

// goto back: every try defers another release.
func badD501GotoDefer(ctx context.Context, pool *pgxpool.Pool) error {
	n := 0
again:
	c, err := pool.Acquire(ctx) // want "c is released only"
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, "select 1"); err != nil && n < 3 {
		n++
		goto again
	}
	return nil
}

func badD502DeferInRange(ctx context.Context, db *sql.DB, tables []string) (int, error) {
	total := 0
	for _, t := range tables {
		rows, err := db.QueryContext(ctx, "select count(*) from "+t) // want "rows is closed only"
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		if rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return 0, err
			}
			total += n
		}
	}
	return total, nil
}

func okD502DeferInFunc(ctx context.Context, db *sql.DB, tables []string) (int, error) {
	total := 0
	for _, t := range tables {
		err := func() error {
			rows, err := db.QueryContext(ctx, "select count(*) from "+t)
			if err != nil {
				return err
			}
			defer rows.Close()
			if rows.Next() {
				var n int
				if err := rows.Scan(&n); err != nil {
					return err
				}
				total += n
			}
			return rows.Err()
		}()
		if err != nil {
			return 0, err
		}
	}
	return total, nil
}

// A deferred close in a loop that always leaves in its first round.
func okD503LoopRunsOnce(ctx context.Context, pool *pgxpool.Pool, tries int) (bool, error) {
	var last error
	for range tries {
		rows, err := pool.Query(ctx, "select 1")
		if err != nil {
			last = err
			time.Sleep(time.Second)
			continue
		}
		defer rows.Close()
		return rows.Next(), rows.Err()
	}
	return false, last
}

// The defer in the loop is harmless as the rows are also closed in the round.
func okD504DeferAndClose(ctx context.Context, pool *pgxpool.Pool, ids []int) error {
	for _, id := range ids {
		rows, err := pool.Query(ctx, "select 1 where 1=$1", id)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

func badD505TxInLoop(ctx context.Context, pool *pgxpool.Pool, ids []int) error {
	for _, id := range ids {
		tx, err := pool.Begin(ctx) // want "tx is committed or rolled back only"
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, "delete from t where id=$1", id); err != nil {
			log.Printf("id %d: %v", id, err)
			continue
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Every round that goes on has committed.
func okD505TxInLoop(ctx context.Context, pool *pgxpool.Pool, ids []int) error {
	for _, id := range ids {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, "delete from t where id=$1", id); err != nil {
			return err
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}

func okS501SwitchClose(ctx context.Context, db *sql.DB) (int, error) {
	rows, err := db.QueryContext(ctx, "select 1")
	switch {
	case errors.Is(err, context.Canceled):
		return 0, nil
	case err != nil:
		return 0, err
	}
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func badS501SwitchClose(ctx context.Context, db *sql.DB, kind string) (n int, err error) {
	rows, err := db.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	switch kind {
	case "all":
		for rows.Next() {
			n++
		}
	case "any":
		if rows.Next() {
			n = 1
		}
		rows.Close()
	case "one":
		if rows.Next() {
			n = 1
		}
	default:
		rows.Close()
	}
	return n, nil
}

func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func okT602Die(ctx context.Context, pool *pgxpool.Pool) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		die("begin: %v", err)
	}
	if _, err := tx.Exec(ctx, "create table t()"); err != nil {
		die("create: %v", err)
	}
	if err := tx.Commit(ctx); err != nil {
		die("commit: %v", err)
	}
}

func warn(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func badT602WarnOnly(ctx context.Context, pool *pgxpool.Pool) {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		die("begin: %v", err)
	}
	if _, err := tx.Exec(ctx, "create table t()"); err != nil {
		warn("create: %v", err)
		return
	}
	if err := tx.Commit(ctx); err != nil {
		warn("commit: %v", err)
	}
}
