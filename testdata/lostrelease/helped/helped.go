// Package helped gives holders to functions of package helpers: some close them, some read them only, some close them sometimes.
package helped

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const (
	listUsers = "select id, name from users"
	listNames = "select name from users"
)

// Repo has both kinds of handle.
type Repo struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// okHelperCloses: a function of another package closes.
func (r *Repo) okHelperCloses(ctx context.Context) (bool, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.CloseRows(rows)
	return rows.Next(), rows.Err()
}

// okHelperLogs: with a context and a log.
func (r *Repo) okHelperLogs(ctx context.Context) (bool, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.CloseRowsLogged(ctx, rows)
	return rows.Next(), rows.Err()
}

// okNestedHelper: through two functions.
func (r *Repo) okNestedHelper(ctx context.Context, verbose bool) (bool, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	ok := rows.Next()
	helpers.CloseNested(rows, verbose)
	return ok, rows.Err()
}

// okHelperClosesSQL is deferred.
func (r *Repo) okHelperClosesSQL(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.CloseSQL(rows)
	return rows.Next(), rows.Err()
}

// okCloser: as an io.Closer.
func (r *Repo) okCloser(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.CloseQuietly(rows)
	return rows.Next(), rows.Err()
}

// okCloseAll: as one of several closers.
func (r *Repo) okCloseAll(ctx context.Context) (n int, err error) {
	stmt, err := r.db.PrepareContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	rows, err := stmt.QueryContext(ctx)
	if err != nil {
		return 0, errors.Join(err, stmt.Close())
	}
	for n < 10 && rows.Next() {
		n++
	}
	return n, helpers.CloseAll(rows, stmt)
}

// okDrain reads and closes.
func (r *Repo) okDrain(ctx context.Context) ([]string, error) {
	rows, err := r.db.QueryContext(ctx, listNames)
	if err != nil {
		return nil, err
	}
	return helpers.DrainNames(rows)
}

// okMethodValue gives the Close itself to a helper.
func (r *Repo) okMethodValue(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.LogError(ctx, rows.Close)
	return rows.Next(), rows.Err()
}

// okMethodValuePgx gives one without a result.
func (r *Repo) okMethodValuePgx(ctx context.Context) (bool, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	defer helpers.Quietly(rows.Close)
	return rows.Next(), rows.Err()
}

// okFunctionLiteral wraps it.
func (r *Repo) okFunctionLiteral(ctx context.Context) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer helpers.LogError(ctx, func() error { return tx.Rollback(ctx) })
	if err := helpers.Touch(ctx, tx, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// okFinish hands the transaction and the address of the error on.
func (r *Repo) okFinish(ctx context.Context) (err error) {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	defer helpers.Finish(ctx, tx, &err)
	return helpers.Touch(ctx, tx, 1)
}

// okCommitOrRollback lets a helper end it on every path.
func (r *Repo) okCommitOrRollback(ctx context.Context) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	err = helpers.Touch(ctx, tx, 1)
	return errors.Join(err, helpers.CommitOrRollback(ctx, tx, err == nil))
}

// okRollbackOnError rolls back by a helper that commits nothing, and commits itself.
func (r *Repo) okRollbackOnError(ctx context.Context) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return err
	}
	if err := helpers.Touch(ctx, tx, 1); err != nil {
		helpers.RollbackOnError(ctx, tx, err)
		return err
	}
	return tx.Commit(ctx)
}

// okClosesOnItsError: the helper has closed when it returns an error, and otherwise this function does.
func (r *Repo) okClosesOnItsError(ctx context.Context) (int, error) {
	rows, err := r.db.QueryContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	n, err := helpers.ReadAtMost(rows, 100)
	if err != nil {
		return 0, err
	}
	return n, rows.Close()
}

// okScanHelper: an error of ScanUser is an error of Scan, and that closes pgx rows.
func (r *Repo) okScanHelper(ctx context.Context) (users []helpers.User, err error) {
	rows, err := r.pool.Query(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		u, err := helpers.ScanUser(rows)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okReleaseHelper releases a connection.
func (r *Repo) okReleaseHelper(ctx context.Context) error {
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer helpers.Release(conn)
	return helpers.SetTimeout(ctx, conn, time.Second)
}

// okMust ends the process when there are no rows.
func (r *Repo) okMust(ctx context.Context) bool {
	rows := helpers.Must(r.pool.Query(ctx, listNames))
	defer rows.Close()
	return rows.Next()
}

// badReadsOnly: First reads one row and closes nothing.
func (r *Repo) badReadsOnly(ctx context.Context) (string, error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	return helpers.First(rows)
}

// badReadsOnlySQL: ScanNames stops early.
func (r *Repo) badReadsOnlySQL(ctx context.Context) ([]string, error) {
	rows, err := r.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return nil, err
	}
	return helpers.ScanNames(rows, 3)
}

// badReadsThroughInterface: the helper has an interface without Close.
func (r *Repo) badReadsThroughInterface(ctx context.Context) (int, error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	return helpers.CountUntil(rows)
}

// badLooksOnly: Columns looks at the columns.
func (r *Repo) badLooksOnly(ctx context.Context) ([]string, error) {
	rows, err := r.db.QueryContext(ctx, listNames) // want "rows is never closed"
	if err != nil {
		return nil, err
	}
	return helpers.Columns(rows)
}

// badClosesSometimes: the helper closes when it is verbose.
func (r *Repo) badClosesSometimes(ctx context.Context, verbose bool) (bool, error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	ok := rows.Next()
	helpers.CloseIfVerbose(rows, verbose)
	return ok, nil
}

// badClosesOnItsError: the helper closes when it fails, and nobody when it does not.
func (r *Repo) badClosesOnItsError(ctx context.Context) (int, error) {
	rows, err := r.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	return helpers.ReadAtMost(rows, 100)
}

// badScanHelperOfItsOwn: ScanValidUser also has an error that is not Scan's, and that closes nothing.
func (r *Repo) badScanHelperOfItsOwn(ctx context.Context) (users []helpers.User, err error) {
	rows, err := r.pool.Query(ctx, listUsers) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		u, err := helpers.ScanValidUser(rows)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// badWrongMethodValue gives Err to the helper instead of Close.
func (r *Repo) badWrongMethodValue(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	defer helpers.LogError(ctx, rows.Err)
	return rows.Next(), nil
}

// badMethodValueNotCalled gives Close to a helper that does not call it.
func (r *Repo) badMethodValueNotCalled(ctx context.Context) (bool, error) {
	rows, err := r.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	defer helpers.Observe("names", rows.Close)
	return rows.Next(), nil
}

// badTouchOnly: Touch writes and ends nothing.
func (r *Repo) badTouchOnly(ctx context.Context) error {
	tx, err := r.pool.Begin(ctx) // want "tx is never"
	if err != nil {
		return err
	}
	return helpers.Touch(ctx, tx, 1)
}

// badRollbackOnErrorOnly rolls back by the helper and never commits.
func (r *Repo) badRollbackOnErrorOnly(ctx context.Context) (err error) {
	tx, err := r.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	err = helpers.Touch(ctx, tx, 1)
	helpers.RollbackOnError(ctx, tx, err)
	return err
}

// badFinishTooEarly evaluates the error when it defers: Finish by value would see nil for ever.
func (r *Repo) badFinishTooEarly(ctx context.Context) (err error) {
	tx, err := r.pool.Begin(ctx) // want "tx is n(either|ever|ot)"
	if err != nil {
		return err
	}
	defer helpers.RollbackOnError(ctx, tx, err)
	if err := helpers.Touch(ctx, tx, 1); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

// badMust ends the process without rows; with rows it loses them.
func (r *Repo) badMust(ctx context.Context) bool {
	rows := helpers.Must(r.pool.Query(ctx, listNames)) // want "rows is n(ot|ever) closed"
	return rows.Next()
}

// count reads on in the same package.
func count(rows pgx.Rows, n int) (int, error) {
	if !rows.Next() {
		return n, rows.Err()
	}
	return count(rows, n+1)
}

// okRecursiveReader reads to the end by recursion.
func (r *Repo) okRecursiveReader(ctx context.Context) (int, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	return count(rows, 0)
}
