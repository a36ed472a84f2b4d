package lookalike

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// okElseIfChain defers in the last of three branches.
func okElseIfChain(ctx context.Context, db *sql.DB) (n int, err error) {
	rows, err := db.QueryContext(ctx, listNames)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	} else if err != nil {
		return 0, err
	} else {
		defer rows.Close()
	}
	for rows.Next() {
		if n++; n > 10 {
			break
		}
	}
	return n, nil
}

// okErrorPrefersRows has both in one condition.
func okErrorPrefersRows(ctx context.Context, db *sql.DB) (bool, error) {
	rows, err := db.QueryContext(ctx, listNames)
	if err != nil || rows == nil {
		return false, err
	}
	ok := rows.Next()
	return ok, rows.Close()
}

// okFatalMethod ends the process by a method.
type okFatalMethod struct{ log *slog.Logger }

func (a *okFatalMethod) fatal(err error) {
	a.log.Error("fatal", "err", err)
	os.Exit(1)
}

// okRun has it on every error path.
func (a *okFatalMethod) okRun(ctx context.Context, pool *pgxpool.Pool) {
	tx, err := pool.Begin(ctx)
	if err != nil {
		a.fatal(err)
	}
	if _, err := tx.Exec(ctx, "delete from sessions"); err != nil {
		a.fatal(err)
	}
	if err := tx.Commit(ctx); err != nil {
		a.fatal(err)
	}
}

// okCloseInBothArms closes in two arms of a condition inside the loop.
func okCloseInBothArms(ctx context.Context, pool *pgxpool.Pool, want string) (bool, error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return false, err
		}
		if name == want {
			rows.Close()
			return true, nil
		} else if strings.HasPrefix(name, want) {
			rows.Close()
			return false, fmt.Errorf("only %q", name)
		}
	}
	return false, rows.Err()
}

// okReleaseBeforeSlowWork releases early, and the deferred Release is for the paths before.
func okReleaseBeforeSlowWork(ctx context.Context, pool *pgxpool.Pool, slow func() error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	released := false
	release := func() {
		if !released {
			released = true
			conn.Release()
		}
	}
	defer release()
	if err := conn.Ping(ctx); err != nil {
		return err
	}
	release()
	return slow()
}

// okReacquire takes another connection into the same variable after it has released the first.
func okReacquire(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer func() { conn.Release() }()
	if conn.Conn().IsClosed() {
		conn.Release()
		next, err := pool.Acquire(ctx)
		if err != nil {
			return err // Release of the first again does nothing
		}
		conn = next
	}
	return conn.Ping(ctx)
}

// okSwapped swaps two variables; both are released.
func okSwapped(ctx context.Context, pool *pgxpool.Pool, older func(a, b *pgxpool.Conn) bool) error {
	a, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer a.Release()
	b, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer b.Release()
	if older(a, b) {
		a, b = b, a
	}
	return errors.Join(a.Ping(ctx), b.Ping(ctx))
}

// okTernary ends by one of two method values.
func okTernary(ctx context.Context, db *sql.DB, work func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	end := tx.Commit
	if err = work(tx); err != nil {
		end = tx.Rollback
	}
	return errors.Join(err, end())
}

// okInsideIIFE closes in a function literal that is called at once.
func okInsideIIFE(ctx context.Context, pool *pgxpool.Pool) (n int, err error) {
	rows, err := pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	func() {
		defer rows.Close()
		for rows.Next() {
			if n++; n == 5 {
				return
			}
		}
	}()
	return n, rows.Err()
}

// okErrInStruct keeps the error in a struct and asks it there.
func okErrInStruct(ctx context.Context, db *sql.DB) error {
	var state struct {
		rows *sql.Rows
		err  error
	}
	state.rows, state.err = db.QueryContext(ctx, listNames)
	if state.err != nil {
		return state.err
	}
	defer state.rows.Close()
	state.rows.Next()
	return state.rows.Err()
}

// okArrayOfRows closes through an array.
func okArrayOfRows(ctx context.Context, a, b *pgxpool.Pool) (n int, err error) {
	var both [2]pgx.Rows
	if both[0], err = a.Query(ctx, listNames); err != nil {
		return 0, err
	}
	defer both[0].Close()
	if both[1], err = b.Query(ctx, listNames); err != nil {
		return 0, err
	}
	defer both[1].Close()
	for both[0].Next() && both[1].Next() {
		n++
	}
	return n, nil
}

// okTimeoutSelect gives the work to a goroutine that releases, and does not wait for it for ever.
func okTimeoutSelect(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		defer conn.Release()
		_, err := conn.Exec(ctx, "vacuum analyze")
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Minute):
		return context.DeadlineExceeded
	}
}

// okSubscription has its own end in what it returns.
func okSubscription(ctx context.Context, pool *pgxpool.Pool, channel string) (events <-chan string, cancel func(), err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{channel}.Sanitize()); err != nil {
		conn.Release()
		return nil, nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	out := make(chan string)
	go func() {
		defer close(out)
		defer conn.Release()
		for {
			n, err := conn.Conn().WaitForNotification(ctx)
			if err != nil {
				return
			}
			out <- n.Payload
		}
	}()
	return out, stop, nil
}

// okConstructorFails closes what it has built so far, step by step.
func okConstructorFails(ctx context.Context, dsn string) (_ *Trio, err error) {
	t := &Trio{}
	defer func() {
		if err != nil {
			t.Close()
		}
	}()
	if t.pool, err = pgxpool.New(ctx, dsn); err != nil {
		return nil, err
	}
	if t.conn, err = t.pool.Acquire(ctx); err != nil {
		return nil, err
	}
	if t.listener, err = pgx.Connect(ctx, dsn); err != nil {
		return nil, err
	}
	return t, nil
}

// Trio owns three things.
type Trio struct {
	pool     *pgxpool.Pool
	conn     *pgxpool.Conn
	listener *pgx.Conn
}

// Close closes those there are.
func (t *Trio) Close() {
	if t.listener != nil {
		_ = t.listener.Close(context.Background())
	}
	if t.conn != nil {
		t.conn.Release()
	}
	if t.pool != nil {
		t.pool.Close()
	}
}

// okTrio closes all.
func okTrio(ctx context.Context, dsn string) error {
	t, err := okConstructorFails(ctx, dsn)
	if err != nil {
		return err
	}
	defer t.Close()
	return t.conn.Ping(ctx)
}

// okEmptyResult returns early only when Next has said that there is nothing.
func okEmptyResult(ctx context.Context, db *sql.DB) (map[string]int, error) {
	rows, err := db.QueryContext(ctx, "select name, count(*) from visits group by name")
	if err != nil {
		return nil, err
	}
	if !rows.Next() {
		return nil, rows.Err()
	}
	out := make(map[string]int)
	for {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		out[name] = n
		if !rows.Next() {
			return out, rows.Err()
		}
	}
}
