// Package callbacks: functions of the libraries that hold a connection while they run what they are given.
package callbacks

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type Parcel struct {
	ID     int64
	Weight int
	Depot  string
}

type Depots struct {
	pool *pgxpool.Pool
}

func (d *Depots) BadBeginFunc(ctx context.Context, p Parcel) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into parcels values ($1, $2)", p.ID, p.Weight); err != nil {
			return err
		}
		_, err := d.pool.Exec(ctx, "update depots set load = load + $2 where name = $1", p.Depot, p.Weight) // want `second connection while \S+ holds one`
		return err
	})
}

func (d *Depots) OkBeginFunc(ctx context.Context, p Parcel) error {
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "insert into parcels values ($1, $2)", p.ID, p.Weight); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "update depots set load = load + $2 where name = $1", p.Depot, p.Weight)
		return err
	})
}

func (d *Depots) BadBeginTxFunc(ctx context.Context, name string) (load int, err error) {
	err = pgx.BeginTxFunc(ctx, d.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if ok, err := d.exists(ctx, name); err != nil || !ok { // want `d\.exists may wait for a second connection while \S+ holds one`
			return fmt.Errorf("depot %s: %w", name, err)
		}
		return tx.QueryRow(ctx, "select load from depots where name = $1", name).Scan(&load)
	})
	return load, err
}

func (d *Depots) exists(ctx context.Context, name string) (ok bool, err error) {
	err = d.pool.QueryRow(ctx, "select exists (select from depots where name = $1)", name).Scan(&ok)
	return ok, err
}

// BadVariable: the literal is made before, and runs in the transaction.
func (d *Depots) BadVariable(ctx context.Context) error {
	work := func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "lock table parcels"); err != nil {
			return err
		}
		return d.pool.Ping(ctx) // want `second connection while \S+ holds one`
	}
	return pgx.BeginFunc(ctx, d.pool, work)
}

// OkVariable: the function runs, but not in the transaction.
func (d *Depots) OkVariable(ctx context.Context) error {
	check := func() error { return d.pool.Ping(ctx) }
	if err := check(); err != nil {
		return err
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "lock table parcels")
		return err
	})
}

// OkShadow: in the literal the name pool is the transaction.
func (d *Depots) OkShadow(ctx context.Context) error {
	pool := d.pool
	return pgx.BeginFunc(ctx, pool, func(pool pgx.Tx) error {
		_, err := pool.Exec(ctx, "delete from parcels where weight = 0")
		return err
	})
}

// OkAfterwards: BeginFunc has given its connection back.
func (d *Depots) OkAfterwards(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "delete from parcels where weight = 0")
		return err
	})
	if err != nil {
		_, _ = d.pool.Exec(ctx, "insert into failures values ($1)", err.Error())
	}
	return err
}

// OkLater: the literal only says what is to be done after the commit.
func (d *Depots) OkLater(ctx context.Context, ps []Parcel) error {
	var after []func() error
	err := pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		for _, p := range ps {
			if _, err := tx.Exec(ctx, "insert into parcels values ($1, $2)", p.ID, p.Weight); err != nil {
				return err
			}
			after = append(after, func() error {
				_, err := d.pool.Exec(ctx, "select pg_notify('parcels', $1)", p.ID)
				return err
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range after {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (d *Depots) BadAcquireFunc(ctx context.Context) error {
	return d.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		if _, err := conn.Exec(ctx, "select pg_advisory_lock(1)"); err != nil {
			return err
		}
		_, err := d.pool.Exec(ctx, "call rebalance()") // want `second connection while \S+ holds one`
		return err
	})
}

func (d *Depots) OkAcquireFunc(ctx context.Context) error {
	return d.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		_, err := conn.Exec(ctx, "call rebalance()")
		return err
	})
}

func (d *Depots) BadForEachRow(ctx context.Context) error {
	rows, err := d.pool.Query(ctx, "select id, weight from parcels")
	if err != nil {
		return err
	}
	var p Parcel
	_, err = pgx.ForEachRow(rows, []any{&p.ID, &p.Weight}, func() error {
		_, err := d.pool.Exec(ctx, "update parcels set class = $2 where id = $1", p.ID, p.Weight/1000) // want `second connection while \S+ holds one`
		return err
	})
	return err
}

func (d *Depots) OkForEachRow(ctx context.Context) error {
	rows, err := d.pool.Query(ctx, "select id, weight from parcels")
	if err != nil {
		return err
	}
	var p Parcel
	heavy := []int64{}
	_, err = pgx.ForEachRow(rows, []any{&p.ID, &p.Weight}, func() error {
		if p.Weight > 1000 {
			heavy = append(heavy, p.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = d.pool.Exec(ctx, "update parcels set class = 1 where id = any($1)", heavy)
	return err
}

func (d *Depots) BadCollectRows(ctx context.Context) ([]Parcel, error) {
	rows, err := d.pool.Query(ctx, "select id, depot from parcels")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Parcel, err error) {
		var depot int64
		if err := row.Scan(&p.ID, &depot); err != nil {
			return p, err
		}
		err = d.pool.QueryRow(ctx, "select name from depots where id = $1", depot).Scan(&p.Depot) // want `second connection while \S+ holds one`
		return p, err
	})
}

// BadCollectOne drops the error of Query, as the documentation of CollectOneRow does.
func (d *Depots) BadCollectOne(ctx context.Context, id int64) (Parcel, error) {
	rows, _ := d.pool.Query(ctx, "select id, depot from parcels where id = $1", id)
	return pgx.CollectOneRow(rows, d.scan(ctx)) // want `second connection while \S+ holds one`
}

func (d *Depots) scan(ctx context.Context) pgx.RowToFunc[Parcel] {
	return func(row pgx.CollectableRow) (p Parcel, err error) {
		if err := row.Scan(&p.ID, &p.Depot); err != nil {
			return p, err
		}
		_, err = d.exists(ctx, p.Depot)
		return p, err
	}
}

func (d *Depots) OkCollectOne(ctx context.Context, id int64) (p Parcel, err error) {
	rows, _ := d.pool.Query(ctx, "select id, weight, depot from parcels where id = $1", id)
	if p, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Parcel]); err != nil {
		return p, err
	}
	_, err = d.exists(ctx, p.Depot)
	return p, err
}

// BadCopySource asks the pool for each line it copies.
func (d *Depots) BadCopySource(ctx context.Context, in <-chan Parcel) error {
	_, err := d.pool.CopyFrom(ctx, pgx.Identifier{"parcels"}, []string{"id", "ok"}, pgx.CopyFromFunc(func() ([]any, error) {
		p, more := <-in
		if !more {
			return nil, nil
		}
		ok, err := d.exists(ctx, p.Depot) // want `second connection while \S+ holds one`
		return []any{p.ID, ok}, err
	}))
	return err
}

// BadCopyRows copies from a cursor of the same pool.
func (d *Depots) BadCopyRows(ctx context.Context) error {
	rows, err := d.pool.Query(ctx, "select id, weight from parcels")
	if err != nil {
		return err
	}
	defer rows.Close()
	_, err = d.pool.CopyFrom(ctx, pgx.Identifier{"archive"}, []string{"id", "weight"}, rows) // want `second connection while rows holds one`
	return err
}

func (d *Depots) OkCopySlice(ctx context.Context, ps []Parcel) error {
	known := map[string]bool{}
	for _, p := range ps {
		ok, err := d.exists(ctx, p.Depot)
		if err != nil {
			return err
		}
		known[p.Depot] = ok
	}
	_, err := d.pool.CopyFrom(ctx, pgx.Identifier{"parcels"}, []string{"id", "ok"}, pgx.CopyFromSlice(len(ps), func(i int) ([]any, error) {
		return []any{ps[i].ID, known[ps[i].Depot]}, nil
	}))
	return err
}

// source is a CopyFromSource of the program.
type source struct {
	ctx   context.Context
	depot *Depots
	left  []Parcel
}

func (s *source) Next() bool {
	if len(s.left) == 0 {
		return false
	}
	s.left = s.left[1:]
	return len(s.left) > 0
}

func (s *source) Values() ([]any, error) {
	ok, err := s.depot.exists(s.ctx, s.left[0].Depot)
	return []any{s.left[0].ID, ok}, err
}

func (s *source) Err() error { return s.ctx.Err() }

func (d *Depots) BadOwnSource(ctx context.Context, ps []Parcel) error {
	src := &source{ctx: ctx, depot: d, left: ps}
	_, err := d.pool.CopyFrom(ctx, pgx.Identifier{"parcels"}, []string{"id", "ok"}, src) // want `second connection`
	return err
}

// BadRaw: Raw runs its function on the connection that conn holds.
func BadRaw(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(any) error {
		_, err := db.ExecContext(ctx, "insert into audit values ('raw')") // want `second connection while \S+ holds one`
		return err
	})
}

func OkRaw(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(interface {
			Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
		})
		if !ok {
			return fmt.Errorf("not a connection of pgx: %T", driverConn)
		}
		_, err := c.Exec(ctx, "insert into audit values ('raw')")
		return err
	})
}

// OkMethodValue hands over a method that uses the pool: it is told there.
func (d *Depots) OkMethodValue(ctx context.Context) error {
	return pgx.BeginFunc(ctx, d.pool, d.BadRecount)
}

func (d *Depots) BadRecount(tx pgx.Tx) error {
	ctx := context.TODO()
	if _, err := tx.Exec(ctx, "truncate counts"); err != nil {
		return err
	}
	_, err := d.exists(ctx, "hamburg") // want `exists may wait for a second connection while tx holds one`
	return err
}

// BadMethodValue hands over a method that uses the pool.
func (d *Depots) BadMethodValue(ctx context.Context) error {
	return pgx.BeginFunc(ctx, d.pool, d.recount) // want `second connection while \S+ holds one`
}

// recount has no use for the transaction that it runs in.
func (d *Depots) recount(pgx.Tx) error {
	_, err := d.exists(context.TODO(), "hamburg")
	return err
}

func (d *Depots) OkNamedMethod(ctx context.Context) error {
	return pgx.BeginFunc(ctx, d.pool, d.truncate)
}

func (d *Depots) truncate(tx pgx.Tx) error {
	_, err := tx.Exec(context.TODO(), "truncate counts")
	return err
}
