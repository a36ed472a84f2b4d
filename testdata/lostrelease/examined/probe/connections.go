package probe

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jmoiron/sqlx"
	"golang.org/x/sync/errgroup"
)

// two-step: helper returns tx and whether it is new
func joinOrBegin(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) (tx pgx.Tx, owned bool, err error) {
	if cur != nil {
		return cur, false, nil
	}
	tx, err = p.Begin(ctx)
	return tx, err == nil, err
}

func okT37(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) error {
	tx, owned, err := joinOrBegin(ctx, p, cur)
	if err != nil {
		return err
	}
	if owned {
		defer tx.Rollback(ctx)
	}
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	if owned {
		return tx.Commit(ctx)
	}
	return nil
}

func badT37(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) error {
	tx, owned, err := joinOrBegin(ctx, p, cur) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "x"); err != nil {
		return err
	}
	if owned {
		return tx.Commit(ctx)
	}
	return nil
}

// inline join
func okT38(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) (err error) {
	tx := cur
	if tx == nil {
		tx, err = p.Begin(ctx)
		if err != nil {
			return err
		}
		defer func() {
			if err != nil {
				tx.Rollback(ctx)
			} else {
				err = tx.Commit(ctx)
			}
		}()
	}
	_, err = tx.Exec(ctx, "x")
	return err
}

func okT39(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) (err error) {
	var tx pgx.Tx
	if cur != nil {
		tx = cur
	} else if tx, err = p.Begin(ctx); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "x")
	if cur == nil {
		if err != nil {
			_ = tx.Rollback(ctx)
		} else {
			err = tx.Commit(ctx)
		}
	}
	return err
}

func badT39(ctx context.Context, p *pgxpool.Pool, cur pgx.Tx) (err error) {
	var tx pgx.Tx
	if cur != nil {
		tx = cur
	} else if tx, err = p.Begin(ctx); err != nil { // want "tx is neither committed nor rolled back"
		return err
	}
	if _, err = tx.Exec(ctx, "x"); err != nil {
		return err
	}
	if cur == nil {
		err = tx.Commit(ctx)
	}
	return err
}

// struct field swap: reconnect
type Conn struct {
	mu  sync.Mutex
	c   *pgx.Conn
	dsn string
}

func (k *Conn) okA40(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	nc, err := pgx.Connect(ctx, k.dsn)
	if err != nil {
		return err
	}
	if k.c != nil {
		_ = k.c.Close(ctx)
	}
	k.c = nc
	return nil
}

func (k *Conn) badA40(ctx context.Context) error {
	nc, err := pgx.Connect(ctx, k.dsn) // want "nc is not closed"
	if err != nil {
		return err
	}
	if _, err := nc.Exec(ctx, "listen x"); err != nil {
		return err
	}
	k.mu.Lock()
	k.c = nc
	k.mu.Unlock()
	return nil
}

func (k *Conn) Close(ctx context.Context) { _ = k.c.Close(ctx) }

// pgconn
func badA41(ctx context.Context, dsn string) error {
	pc, err := pgconn.Connect(ctx, dsn) // want "pc is never closed"
	if err != nil {
		return err
	}
	mrr := pc.Exec(ctx, "select 1")
	_, err = mrr.ReadAll()
	return err
}

func okA41(ctx context.Context, dsn string) error {
	pc, err := pgconn.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer pc.Close(ctx)
	_, err = pc.Exec(ctx, "select 1").ReadAll()
	return err
}

// BeginFunc with tx rows open
func badR42(ctx context.Context, p *pgxpool.Pool) (ok bool, err error) {
	err = pgx.BeginFunc(ctx, p, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "x") // want "rows is not closed"
		if err != nil {
			return err
		}
		ok = rows.Next()
		return nil
	})
	return ok, err
}

func okR42(ctx context.Context, p *pgxpool.Pool) (ok bool, err error) {
	err = pgx.BeginFunc(ctx, p, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "x")
		if err != nil {
			return err
		}
		ok = rows.Next()
		rows.Close()
		return rows.Err()
	})
	return ok, err
}

// sqlx.Tx rows, deferred rollback
func okX43(ctx context.Context, db *sqlx.DB) (ok bool, err error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	rows, err := tx.QueryxContext(ctx, "x")
	if err != nil {
		return false, err
	}
	return rows.Next(), tx.Commit()
}

// http handler on request ctx with database/sql: the request's end frees it
func okS44(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.QueryContext(r.Context(), "x")
		if err != nil {
			return
		}
		if !rows.Next() {
			http.NotFound(w, r)
			return
		}
		var s string
		if rows.Scan(&s) != nil {
			return
		}
		fmt.Fprint(w, s)
	}
}

func badS44(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c, err := db.Conn(r.Context()) // want "c is not closed"
		if err != nil {
			return
		}
		if _, err := c.ExecContext(r.Context(), "x"); err != nil {
			http.Error(w, "x", 500)
			return
		}
		c.Close()
	}
}

func badS45(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.Query("x") // want "rows is not closed"
		if err != nil {
			return
		}
		if rows.Next() {
			fmt.Fprint(w, "ok")
		}
	}
}

func badS46(db *sql.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rows, err := db.QueryContext(context.WithoutCancel(r.Context()), "x") // want "rows is not closed"
		if err != nil {
			return
		}
		if rows.Next() {
			fmt.Fprint(w, "ok")
		}
	}
}

// ctx: cancel stored, called on some path
func okS47(ctx context.Context, db *sql.DB) (ok bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		cancel()
		return false, err
	}
	ok = rows.Next()
	cancel()
	return ok, nil
}

func badS47(ctx context.Context, db *sql.DB) (ok bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	rows, err := db.QueryContext(ctx, "x") // want "rows is not closed"
	if err != nil {
		cancel()
		return false, err
	}
	if !rows.Next() {
		cancel()
		return false, nil
	}
	var s string
	if err := rows.Scan(&s); err != nil {
		return false, err
	}
	cancel()
	return true, nil
}

func badS48(ctx context.Context, db *sql.DB) (ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := db.Conn(ctx) // want "c is not closed"
	if err != nil {
		return false, err
	}
	if err := c.PingContext(ctx); err != nil {
		return false, err
	}
	return true, c.Close()
}

func okS48(ctx context.Context, db *sql.DB) (ok bool, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		rows, err := db.QueryContext(gctx, "x")
		if err != nil {
			return err
		}
		defer rows.Close()
		ok = rows.Next()
		return nil
	})
	return ok, g.Wait()
}
