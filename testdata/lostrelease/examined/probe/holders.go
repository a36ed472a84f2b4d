package probe

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// map of holders closed by iteration
func okA18(ctx context.Context, ps map[string]*pgxpool.Pool) error {
	cs := map[string]*pgxpool.Conn{}
	defer func() {
		for c := range maps.Values(cs) {
			c.Release()
		}
	}()
	for k, p := range ps {
		c, err := p.Acquire(ctx)
		if err != nil {
			return err
		}
		cs[k] = c
	}
	return nil
}

// rows fetched in a goroutine and sent with the error in a struct
type fetched struct {
	rows pgx.Rows
	err  error
}

func okR16(ctx context.Context, p *pgxpool.Pool) ([]string, error) {
	ch := make(chan fetched, 1)
	go func() {
		rows, err := p.Query(ctx, "x")
		ch <- fetched{rows, err}
	}()
	f := <-ch
	if f.err != nil {
		return nil, f.err
	}
	return pgx.CollectRows(f.rows, pgx.RowTo[string])
}

// query in closure assigned to captured
func okR17(ctx context.Context, p *pgxpool.Pool, retry func(func() error) error) ([]string, error) {
	var rows pgx.Rows
	err := retry(func() (err error) {
		rows, err = p.Query(ctx, "x")
		return err
	})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func badR17(ctx context.Context, p *pgxpool.Pool) (bool, error) {
	var rows pgx.Rows
	err := retry3(func() (err error) {
		rows, err = p.Query(ctx, "x") // want "rows is not closed"
		return err
	})
	if err != nil {
		return false, err
	}
	return rows.Next(), nil
}

func okR18(ctx context.Context, p *pgxpool.Pool) (bool, error) {
	var rows pgx.Rows
	err := retry3(func() (err error) {
		rows, err = p.Query(ctx, "x")
		return err
	})
	if err != nil {
		return false, err
	}
	defer rows.Close()
	return rows.Next(), nil
}

func retry3(fn func() error) (err error) {
	for range 3 {
		if err = fn(); err == nil {
			return nil
		}
	}
	return err
}

// row assigned in switch
func okR19(ctx context.Context, p *pgxpool.Pool, k string) (n int, err error) {
	var row pgx.Row
	switch k {
	case "a":
		row = p.QueryRow(ctx, "a")
	case "b":
		row = p.QueryRow(ctx, "b")
	default:
		return 0, errors.New(k)
	}
	return n, row.Scan(&n)
}

func okR20(ctx context.Context, p *pgxpool.Pool, tx pgx.Tx) (n int, err error) {
	qr := p.QueryRow
	if tx != nil {
		qr = tx.QueryRow
	}
	err = qr(ctx, "x").Scan(&n)
	return
}

// interface assertion
func okT21(ctx context.Context, p *pgxpool.Pool) (err error) {
	var any1 any
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	any1 = tx
	if r, ok := any1.(interface{ Rollback(context.Context) error }); ok {
		defer r.Rollback(ctx)
	}
	return nil
}

func okS22(ctx context.Context, db *sql.DB) (sb string, err error) {
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := 0; rows.Next(); i++ {
		var s string
		if err = rows.Scan(&s); err != nil {
			break
		}
		b.WriteString(s)
	}
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return b.String(), err
}

func okS23(ctx context.Context, db *sql.DB) (err error) {
	var rows *sql.Rows
	defer func() {
		if rows != nil {
			err = errors.Join(err, rows.Close())
		}
	}()
	rows, err = db.QueryContext(ctx, "x")
	if err != nil {
		return
	}
	rows.Next()
	return
}

func okS24(ctx context.Context, db *sql.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("p")
		}
	}()
	rows, err := db.QueryContext(ctx, "x")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	if !rows.Next() {
		panic("none")
	}
	return nil
}

func badS24(ctx context.Context, db *sql.DB) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("p")
		}
	}()
	rows, err := db.QueryContext(ctx, "x") // want "rows is not closed"
	if err != nil {
		panic(err)
	}
	var s string
	rows.Next()
	if err := rows.Scan(&s); err != nil {
		panic(err)
	}
	return rows.Close()
}
