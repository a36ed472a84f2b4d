// Package row: the result of QueryRow holds a connection until it is scanned, whatever the outcome of the scan.
package row

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const (
	byID  = "select id, name from users where id = $1"
	touch = "update users set seen = now() where id = $1 returning id"
)

// Repo has both kinds of handle.
type Repo struct {
	pool *pgxpool.Pool
	db   *sql.DB
}

// okScanned is the usual form, in one expression.
func (r *Repo) okScanned(ctx context.Context, id int64) (u helpers.User, err error) {
	err = r.pool.QueryRow(ctx, byID, id).Scan(&u.ID, &u.Name)
	if errors.Is(err, pgx.ErrNoRows) {
		return u, nil
	}
	return u, err
}

// okScannedLater keeps the row in a variable.
func (r *Repo) okScannedLater(ctx context.Context, id int64) (u helpers.User, err error) {
	row := r.db.QueryRowContext(ctx, byID, id)
	switch err := row.Scan(&u.ID, &u.Name); {
	case errors.Is(err, sql.ErrNoRows):
		return u, fmt.Errorf("user %d: %w", id, err)
	case err != nil:
		return u, err
	}
	return u, nil
}

// okScanOfNothing: Scan without destinations fails, and frees.
func (r *Repo) okScanOfNothing(ctx context.Context, id int64) {
	_ = r.pool.QueryRow(ctx, touch, id).Scan()
}

// okPassedToScanner: the helper's parameter is only an interface with Scan.
func (r *Repo) okPassedToScanner(ctx context.Context, id int64) (helpers.User, error) {
	return helpers.ScanUser(r.pool.QueryRow(ctx, byID, id))
}

// okPassedToScannerSQL is the same for database/sql.
func (r *Repo) okPassedToScannerSQL(ctx context.Context, id int64) (*helpers.User, error) {
	row := r.db.QueryRowContext(ctx, byID, id)
	u, err := helpers.ScanUser(row)
	if err != nil {
		return nil, err
	}
	return &u, nil
}

// okReturned leaves the scan to the caller.
func (r *Repo) okReturned(ctx context.Context, id int64) pgx.Row {
	return r.pool.QueryRow(ctx, byID, id)
}

// okErrThenScan looks at the error first.
func (r *Repo) okErrThenScan(id int64) (name string, err error) {
	row := r.db.QueryRow("select name from users where id = $1", id)
	if err := row.Err(); err != nil {
		return "", err // a row with an error of the query holds nothing in database/sql
	}
	err = row.Scan(&name)
	return name, err
}

// okOneOfTwo queries one of two and scans once.
func (r *Repo) okOneOfTwo(ctx context.Context, name string, id int64) (u helpers.User, err error) {
	var row pgx.Row
	if name != "" {
		row = r.pool.QueryRow(ctx, "select id, name from users where name = $1", name)
	} else {
		row = r.pool.QueryRow(ctx, byID, id)
	}
	err = row.Scan(&u.ID, &u.Name)
	return u, err
}

// okCollector: CollectOneRow needs rows, the row function scans them.
func (r *Repo) okCollector(ctx context.Context, id int64) (helpers.User, error) {
	rows, _ := r.pool.Query(ctx, byID, id)
	return pgx.CollectOneRow(rows, func(row pgx.CollectableRow) (helpers.User, error) { return helpers.ScanUser(row) })
}

// badStatement drops the row where Exec was meant.
func (r *Repo) badStatement(ctx context.Context, id int64) {
	r.pool.QueryRow(ctx, touch, id) // want "never scanned|discarded"
}

// badBlank drops it into the blank identifier.
func (r *Repo) badBlank(ctx context.Context, id int64) {
	_ = r.db.QueryRowContext(ctx, touch, id) // want "never scanned|discarded"
}

// badErrOnly asks for the error: Err frees nothing.
func (r *Repo) badErrOnly(ctx context.Context, id int64) error {
	return r.db.QueryRowContext(ctx, touch, id).Err() // want "never scanned"
}

// badErrOfVariable is the same with a variable.
func (r *Repo) badErrOfVariable(id int64) error {
	row := r.db.QueryRow(touch, id) // want "row is never scanned"
	if err := row.Err(); err != nil {
		return fmt.Errorf("touch %d: %w", id, err)
	}
	return nil
}

// badScanSkipped scans in one branch only.
func (r *Repo) badScanSkipped(ctx context.Context, id int64, verbose bool) (name string, err error) {
	row := r.pool.QueryRow(ctx, "select name from users where id = $1", id) // want "row is n(ot|ever) scanned"
	if !verbose {
		return "", nil
	}
	err = row.Scan(&name)
	return name, err
}

// badReturnedRowForgotten is a caller of okReturned.
func (r *Repo) badReturnedRowForgotten(ctx context.Context, id int64) {
	row := r.okReturned(ctx, id) // want "row is never scanned"
	if row == nil {
		panic("no row")
	}
}

// maybeScan scans when it is told to.
func maybeScan(row pgx.Row, dest *int64, read bool) error {
	if !read {
		return nil
	}
	return row.Scan(dest)
}

// badHelperScansSometimes hands the row to a helper that may not scan it.
func (r *Repo) badHelperScansSometimes(ctx context.Context, read bool) (n int64, err error) {
	row := r.pool.QueryRow(ctx, "select count(*) from users") // want "row is n(ot|ever) scanned"
	err = maybeScan(row, &n, read)
	return n, err
}

// userRow keeps a row to be scanned by its user.
type userRow struct{ row pgx.Row }

// Scan scans.
func (u userRow) Scan() (out helpers.User, err error) {
	err = u.row.Scan(&out.ID, &out.Name)
	return out, err
}

// okWrappedRow gives a wrapped row away.
func (r *Repo) okWrappedRow(ctx context.Context, id int64) userRow {
	return userRow{row: r.pool.QueryRow(ctx, byID, id)}
}

// okWrappedRowScanned scans through the wrapper.
func (r *Repo) okWrappedRowScanned(ctx context.Context, id int64) (helpers.User, error) {
	return r.okWrappedRow(ctx, id).Scan()
}

// okRowOfOwnCancel: the context ends the row in database/sql.
func (r *Repo) okRowOfOwnCancel(id int64) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	return r.db.QueryRowContext(ctx, touch, id).Err()
}
