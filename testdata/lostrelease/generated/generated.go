// Package generated is what generated programs have found, in their smallest form.
package generated

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A helper that returns nil whatever happens loses nothing.
func okHelperCannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := cannotFail(ctx, pool); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func cannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	_, _ = pool.Exec(ctx, "select now()")
	return nil
}

func okHelperWithDeferCannotFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	rows, err := pool.Query(ctx, "select 1")
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	if err := finish(rows); err != nil {
		return err
	}
	return tx.Rollback(ctx)
}

func finish(rows pgx.Rows) error {
	defer rows.Close()
	return nil
}

func badHelperMayFail(ctx context.Context, pool *pgxpool.Pool) error {
	tx, err := pool.Begin(ctx) // want `tx is neither committed nor rolled back when mayFail fails: return`
	if err != nil {
		return err
	}
	if err := mayFail(ctx, pool); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func mayFail(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, "select now()"); err != nil {
		return err
	}
	return nil
}

func okHelperOfHelperCannotFail(ctx context.Context, pool *pgxpool.Pool, again bool) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := passesOn(ctx, pool, again); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func passesOn(ctx context.Context, pool *pgxpool.Pool, again bool) error {
	if err := func() error {
		if again {
			return nil
		}
		return cannotFail(ctx, pool)
	}(); err != nil {
		return err
	}
	for range 2 {
		_, _ = pool.Exec(ctx, "select now()")
	}
	return nil
}

func badHelperOfHelperMayFail(ctx context.Context, pool *pgxpool.Pool, again bool) error {
	tx, err := pool.Begin(ctx) // want `tx is neither committed nor rolled back when passesOnMayFail fails`
	if err != nil {
		return err
	}
	if err := passesOnMayFail(ctx, pool, again); err != nil {
		return err
	}
	_ = tx.Rollback(ctx)
	return nil
}

func passesOnMayFail(ctx context.Context, pool *pgxpool.Pool, again bool) error {
	if again {
		return cannotFail(ctx, pool)
	}
	return mayFail(ctx, pool)
}

// database/sql releases what a statement holds when its context ends: at the return, which is late for a loop.
func badDiscardedUntilCancelInLoop(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rows, err := pool.QueryContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := pool.QueryContext(ctx, "select 2"); err != nil { // want `result of pool.QueryContext is closed only when badDiscardedUntilCancelInLoop returns and cancels its context .each iteration holds one more`
			return err
		}
	}
	return nil
}

func okDiscardedUntilCancel(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if _, err := pool.QueryContext(ctx, "select 2"); err != nil {
		return err
	}
	return nil
}

func badDiscardedWithCallersContext(ctx context.Context, pool *sql.DB) error {
	if _, err := pool.QueryContext(ctx, "select 2"); err != nil { // want `result of pool.QueryContext is discarded and never closed`
		return err
	}
	return nil
}

// The condition is the same in each round, also where a goroutine has it from around.
func okConditionInGoroutine(ctx context.Context, pool *pgxpool.Pool, deferred bool) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return
		}
		if deferred {
			defer tx.Rollback(ctx)
		}
		for range 2 {
			if !deferred {
				continue
			}
			if err := uses(ctx, tx); err != nil {
				return
			}
		}
		_ = tx.Rollback(ctx)
	})
	wg.Wait()
	return nil
}

func badConditionInGoroutine(ctx context.Context, pool *pgxpool.Pool, deferred bool) error {
	var wg sync.WaitGroup
	wg.Go(func() {
		tx, err := pool.Begin(ctx) // want `tx is neither committed nor rolled back when uses fails`
		if err != nil {
			return
		}
		if deferred {
			defer tx.Rollback(ctx)
		}
		for range 2 {
			if deferred {
				continue
			}
			if err := uses(ctx, tx); err != nil {
				return
			}
		}
		_ = tx.Rollback(ctx)
	})
	wg.Wait()
	return nil
}

// A variable that is set after its literal is made may change in any round.
func badConditionChanges(ctx context.Context, pool *pgxpool.Pool) error {
	var deferred bool
	var wg sync.WaitGroup
	wg.Go(func() {
		tx, err := pool.Begin(ctx) // want `tx is neither committed nor rolled back when uses fails`
		if err != nil {
			return
		}
		if deferred {
			defer tx.Rollback(ctx)
		}
		for range 2 {
			if !deferred {
				continue
			}
			if err := uses(ctx, tx); err != nil {
				return
			}
		}
		_ = tx.Rollback(ctx)
	})
	deferred = true
	wg.Wait()
	return nil
}

func uses(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "select now()"); err != nil {
		return err
	}
	return nil
}

// A context that the function around a literal cancels ends what the literal takes with it.
func okCancelledAround(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return func() error {
		_, err := pool.BeginTx(ctx, nil)
		return err
	}()
}

func okCancelledAroundGoroutine(ctx context.Context, pool *sql.DB) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() {
		func() { _ = pool.QueryRowContext(ctx, "select 1") }()
	})
	wg.Wait()
}

func badOtherContextCancelledAround(ctx context.Context, pool *sql.DB) error {
	other, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := pool.PingContext(other); err != nil {
		return err
	}
	return func() error {
		_, err := pool.BeginTx(ctx, nil) // want `result of pool.BeginTx is never committed or rolled back`
		return err
	}()
}

func badNotCancelledAround(ctx context.Context, pool *sql.DB, stop bool) error {
	ctx, cancel := context.WithCancel(ctx)
	if stop {
		cancel()
	}
	return func() error {
		_, err := pool.BeginTx(ctx, nil) // want `result of pool.BeginTx is never committed or rolled back`
		return err
	}()
}

func badContextReplacedAround(ctx context.Context, pool *sql.DB) error {
	parent := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ctx = parent
	return func() error {
		_, err := pool.BeginTx(ctx, nil) // want `result of pool.BeginTx is never committed or rolled back`
		return err
	}()
}

var errGone = errors.New("gone")

// A helper that fails whatever happens leaves nothing to do behind its check.
func okHelperAlwaysFails(ctx context.Context, pool *pgxpool.Pool) error {
	if err := alwaysFails(ctx, pool); err != nil {
		return err
	}
	_, err := pool.Begin(ctx)
	return err
}

func alwaysFails(ctx context.Context, pool *pgxpool.Pool) error {
	if _, err := pool.Exec(ctx, "select now()"); err != nil {
		return fmt.Errorf("exec: %w", err)
	}
	return errGone
}

var initErr error

// An error that is kept may be nil.
func badKeptError(ctx context.Context, pool *pgxpool.Pool) error {
	if err := ready(); err != nil {
		return err
	}
	_, err := pool.Begin(ctx) // want `result of pool.Begin is never committed or rolled back`
	return err
}

func ready() error { return initErr }

func badKeptErrorChecked(ctx context.Context, pool *pgxpool.Pool) error {
	if initErr != nil {
		return initErr
	}
	_, err := pool.Begin(ctx) // want `result of pool.Begin is never committed or rolled back`
	return err
}

// What runs again and again, or before the context is made, does not end with the function around it.

func badHandlerAround(db *sql.DB) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	http.HandleFunc("/", func(http.ResponseWriter, *http.Request) {
		_, _ = db.QueryContext(ctx, "select 1") // want `result of db.QueryContext is discarded and never closed`
	})
	return http.ListenAndServe("", nil)
}

func badLoopAround(ctx context.Context, db *sql.DB, work chan int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range work {
		func() {
			_, _ = db.BeginTx(ctx, nil) // want `result of db.BeginTx is committed or rolled back only when badLoopAround returns and cancels its context`
		}()
	}
}

func badGoroutinesAround(ctx context.Context, db *sql.DB, work chan int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range work {
		go func() {
			_, _ = db.BeginTx(ctx, nil) // want `result of db.BeginTx is committed or rolled back only when badGoroutinesAround returns`
		}()
	}
}

func badCancelledLater(db *sql.DB) {
	ctx := context.Background()
	work := func() {
		_, _ = db.BeginTx(ctx, nil) // want `result of db.BeginTx is never committed or rolled back`
	}
	work()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	work()
}

// The rows are on the connection of the transaction, and no context is cancelled.
func badRowsOfTxInLoop(ctx context.Context, pool *pgxpool.Pool, work chan int) error {
	tx, err := pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer tx.Rollback(ctx)
	for range work {
		rows, err := tx.Query(ctx, "select 1") // want `rows is not closed before the next iteration takes another one .its connection stays busy`
		if err != nil {
			return err
		}
		rows.Next()
	}
	return nil
}

func badStatementUntilCancel(ctx context.Context, db *sql.DB, work chan int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stmt, err := db.PrepareContext(ctx, "select 1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	for range work {
		if _, err := stmt.QueryContext(ctx); err != nil { // want `result of stmt.QueryContext is closed only when badStatementUntilCancel returns`
			return err
		}
	}
	return nil
}
