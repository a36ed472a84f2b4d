package probe

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"
)

// recursion
func (r *R) badR62(ctx context.Context, id, depth int) (bool, error) {
	rows, err := r.p.Query(ctx, "select child from tree where id=$1", id) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var c int
		if err := rows.Scan(&c); err != nil {
			return false, err
		}
		if depth == 0 {
			return true, nil
		}
		if ok, err := r.badR62(ctx, c, depth-1); ok || err != nil {
			rows.Close()
			return ok, err
		}
	}
	return false, nil
}

func (r *R) okR62(ctx context.Context, id, depth int) (bool, error) {
	rows, err := r.p.Query(ctx, "select child from tree where id=$1", id)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var c int
		if err := rows.Scan(&c); err != nil {
			return false, err
		}
		if ok, err := r.okR62(ctx, c, depth-1); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// once in struct, errgroup producer/consumer
func okR64(ctx context.Context, p *pgxpool.Pool) error {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return err
	}
	ch := make(chan int)
	var g errgroup.Group
	g.Go(func() error {
		defer close(ch)
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return err
			}
			ch <- n
		}
		return rows.Err()
	})
	for range ch {
	}
	return g.Wait()
}

// http: writer flush with rows, client gone
func okR65x(p *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := p.Query(r.Context(), "x")
		if err != nil {
			http.Error(w, "x", 500)
			return
		}
		defer rows.Close()
		for rows.Next() {
			select {
			case <-r.Context().Done():
				return
			default:
			}
			v, err := rows.Values()
			if err != nil {
				return
			}
			fmt.Fprintln(w, v...)
		}
	}
}

// wrapper around scan loop returning bool continue
func eachRow(rows *sql.Rows, f func() bool) error {
	for rows.Next() {
		if !f() {
			return rows.Close()
		}
	}
	return rows.Err()
}

func okS66(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return err
	}
	return eachRow(rows, func() bool { return false })
}

func scanAll(rows *sql.Rows, dst *[]string) error {
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		*dst = append(*dst, s)
	}
	return rows.Err()
}

func badS67(ctx context.Context, db *sql.DB) (out []string, err error) {
	rows, err := db.QueryContext(ctx, "x") // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	err = scanAll(rows, &out)
	return out, err
}

func okS67(ctx context.Context, db *sql.DB) (out []string, err error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return nil, err
	}
	if err = scanAll(rows, &out); err != nil {
		rows.Close()
	}
	return out, err
}

// pgx scanAll: Scan error closes -> helper always ends rows
func scanAllP(rows pgx.Rows, dst *[]string) error {
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return err
		}
		*dst = append(*dst, s)
	}
	return rows.Err()
}

func okR68(ctx context.Context, p *pgxpool.Pool) (out []string, err error) {
	rows, err := p.Query(ctx, "x")
	if err != nil {
		return nil, err
	}
	err = scanAllP(rows, &out)
	return out, err
}

// Deferred on named tx variable that is reassigned to nil after commit
func okT69(ctx context.Context, p *pgxpool.Pool) (err error) {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if tx != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	if _, err = tx.Exec(ctx, "x"); err != nil {
		return err
	}
	if err = tx.Commit(ctx); err != nil {
		return err
	}
	tx = nil
	return nil
}

// chunked commits: new tx every 100 rows
func okT70(ctx context.Context, p *pgxpool.Pool, items []int) (err error) {
	var tx pgx.Tx
	defer func() {
		if tx != nil {
			_ = tx.Rollback(ctx)
		}
	}()
	for i, it := range items {
		if tx == nil {
			if tx, err = p.Begin(ctx); err != nil {
				return err
			}
		}
		if _, err = tx.Exec(ctx, "x", it); err != nil {
			return err
		}
		if i%100 == 99 {
			if err = tx.Commit(ctx); err != nil {
				return err
			}
			tx = nil
		}
	}
	if tx != nil {
		err = tx.Commit(ctx)
		tx = nil
	}
	return err
}

func badT70(ctx context.Context, p *pgxpool.Pool, items []int) (err error) {
	tx, err := p.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	for i, it := range items {
		if _, err = tx.Exec(ctx, "x", it); err != nil {
			_ = tx.Rollback(ctx)
			return err
		}
		if i%100 == 99 {
			if err = tx.Commit(ctx); err != nil {
				return err
			}
			if tx, err = p.Begin(ctx); err != nil { // want "tx is neither committed nor rolled back"
				return err
			}
		}
	}
	return err
}

// sleep-retry acquire
func okA71(ctx context.Context, p *pgxpool.Pool) error {
	var c *pgxpool.Conn
	var err error
	for i := 0; i < 3; i++ {
		c, err = p.Acquire(ctx)
		if err == nil {
			break
		}
		time.Sleep(time.Second)
	}
	if err != nil {
		return err
	}
	defer c.Release()
	return c.Ping(ctx)
}

func okA72(ctx context.Context, p *pgxpool.Pool) error {
	var c *pgxpool.Conn
	for c == nil {
		var err error
		if c, err = p.Acquire(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			c = nil
		}
	}
	defer c.Release()
	return c.Ping(ctx)
}
