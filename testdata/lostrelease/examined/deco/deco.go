// Package deco: decorators and instrumented wrappers.
package deco

import (
	"context"
	"database/sql"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// LoggedTx overrides Commit only; Rollback is promoted.
type LoggedTx struct {
	pgx.Tx
	start time.Time
	hooks []func(context.Context) error
}

func (t *LoggedTx) Commit(ctx context.Context) error {
	if err := t.Tx.Commit(ctx); err != nil {
		return err
	}
	for _, h := range t.hooks {
		if err := h(ctx); err != nil {
			slog.Error("hook", "err", err)
		}
	}
	return nil
}

func (t *LoggedTx) OnCommit(h func(context.Context) error) { t.hooks = append(t.hooks, h) }

type Pool struct{ *pgxpool.Pool }

// Begin overrides the embedded pool's Begin.
func (p *Pool) Begin(ctx context.Context) (*LoggedTx, error) {
	tx, err := p.Pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &LoggedTx{Tx: tx, start: time.Now()}, nil
}

func badT501LoggedTx(ctx context.Context, p *Pool) error {
	tx, err := p.Begin(ctx) // want "tx is not closed"
	if err != nil {
		return err
	}
	tx.OnCommit(func(context.Context) error { return nil })
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func okT501LoggedTx(ctx context.Context, p *Pool) error {
	tx, err := p.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	tx.OnCommit(func(context.Context) error { return nil })
	if _, err := tx.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// promoted Query of the embedded pool
func badR401Promoted(ctx context.Context, p *Pool) (bool, error) {
	rows, err := p.Query(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	if rows.Next() {
		return true, nil
	}
	return false, rows.Err()
}

func okR401Promoted(ctx context.Context, p *Pool) (bool, error) {
	rows, err := p.Query(ctx, "select 1")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if rows.Next() {
		return true, nil
	}
	return false, rows.Err()
}

// TimedRows overrides Close and counts; the promoted Next still closes at the end.
type TimedRows struct {
	pgx.Rows
	n      int
	onDone func(int)
}

func (r *TimedRows) Next() bool {
	ok := r.Rows.Next()
	if ok {
		r.n++
	}
	return ok
}

func (r *TimedRows) Close() {
	r.Rows.Close()
	if r.onDone != nil {
		r.onDone(r.n)
	}
}

func (p *Pool) Timed(ctx context.Context, q string) (*TimedRows, error) {
	rows, err := p.Pool.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	return &TimedRows{Rows: rows}, nil
}

func okR402Timed(ctx context.Context, p *Pool) (n int, err error) {
	rows, err := p.Timed(ctx, "select 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
		if n > 10 {
			break
		}
	}
	return n, nil
}

func okR403TimedDrained(ctx context.Context, p *Pool) (n int, err error) {
	rows, err := p.Timed(ctx, "select 1")
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func badR402Timed(ctx context.Context, p *Pool) (n int, err error) {
	rows, err := p.Timed(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
		if n > 10 {
			break
		}
	}
	return n, rows.Err()
}

// A decorator whose Close forgets the rows: the callers do close, and still lose them.
type brokenRows struct {
	pgx.Rows
	closed bool
}

func (r *brokenRows) Close() { r.closed = true }

func badR404CloseOverriddenEmpty(ctx context.Context, p *Pool) (bool, error) {
	rows, err := p.Pool.Query(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return false, err
	}
	b := &brokenRows{Rows: rows}
	defer b.Close()
	return b.Next(), nil
}

// A tx decorator that swallows Rollback.
type noRollback struct{ pgx.Tx }

func (noRollback) Rollback(context.Context) error { return nil }

func badT502RollbackOverriddenEmpty(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	w := noRollback{tx}
	defer w.Rollback(ctx)
	if _, err := w.Exec(ctx, "select 1"); err != nil {
		return err
	}
	return w.Commit(ctx)
}

func okT502WrappedForCallee(ctx context.Context, pool *pgxpool.Pool, use func(pgx.Tx) error) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	if err := use(noRollback{tx}); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// Instrumented *sql.DB
type DB struct {
	db  *sql.DB
	log *slog.Logger
}

func (d *DB) QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	start := time.Now()
	rows, err := d.db.QueryContext(ctx, q, args...)
	d.log.Debug("query", "sql", q, "took", time.Since(start), "err", err)
	return rows, err
}

func (d *DB) QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row {
	defer d.observe("query_row", time.Now())
	return d.db.QueryRowContext(ctx, q, args...)
}

func (d *DB) observe(op string, start time.Time) { d.log.Debug(op, "took", time.Since(start)) }

func (d *DB) BeginTx(ctx context.Context, o *sql.TxOptions) (tx *sql.Tx, err error) {
	defer func(start time.Time) { d.log.Debug("begin", "took", time.Since(start), "err", err) }(time.Now())
	return d.db.BeginTx(ctx, o)
}

func badS401Instrumented(ctx context.Context, d *DB) (s string, err error) {
	rows, err := d.QueryContext(ctx, "select 1") // want "rows is not closed"
	if err != nil {
		return "", err
	}
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
	}
	return s, rows.Err()
}

func okS401Instrumented(ctx context.Context, d *DB) (s string, err error) {
	rows, err := d.QueryContext(ctx, "select 1")
	if err != nil {
		return "", err
	}
	defer func() {
		if e := rows.Close(); e != nil && err == nil {
			err = e
		}
	}()
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			return "", err
		}
	}
	return s, rows.Err()
}

func badS402RowDropped(ctx context.Context, d *DB) error {
	return d.QueryRowContext(ctx, "select touch()").Err() // want "result of d\\.QueryRowContext is never scanned"
}

func okS402RowScanned(ctx context.Context, d *DB) error {
	var x any
	return d.QueryRowContext(ctx, "select touch()").Scan(&x)
}

func badT503InstrumentedTx(ctx context.Context, d *DB) error {
	tx, err := d.BeginTx(ctx, nil) // want "tx is neither committed nor rolled back"
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		d.log.Error("exec", "err", err)
		return err
	}
	return tx.Commit()
}

func okT503InstrumentedTx(ctx context.Context, d *DB) error {
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "select 1"); err != nil {
		d.log.Error("exec", "err", err, "rollback", tx.Rollback())
		return err
	}
	return tx.Commit()
}
