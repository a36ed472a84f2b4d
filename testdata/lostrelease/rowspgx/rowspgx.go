// Package rowspgx: pgx rows in repositories. Next that returns false, a Scan error and Close free the connection; nothing else does.
package rowspgx

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const (
	listUsers  = "select id, name from users order by id"
	listNames  = "select name from users order by name"
	insertUser = "insert into users (name) values ($1)"
)

var errEmpty = errors.New("empty name")

// Repo reads users.
type Repo struct {
	pool *pgxpool.Pool
	log  *log.Logger
}

// okListDeferred is the usual form.
func (r *Repo) okListDeferred(ctx context.Context) ([]helpers.User, error) {
	rows, err := r.pool.Query(ctx, listUsers)
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	defer rows.Close()

	var users []helpers.User
	for rows.Next() {
		var u helpers.User
		if err := rows.Scan(&u.ID, &u.Name); err != nil {
			return nil, fmt.Errorf("scan user: %w", err)
		}
		if u.Name == "" {
			return nil, errEmpty
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okDeferBeforeErrorCheck: pgx returns rows that hold nothing together with an error, never nil.
func (r *Repo) okDeferBeforeErrorCheck(ctx context.Context) (n int, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	defer rows.Close()
	if err != nil {
		return 0, err
	}
	if rows.Next() {
		n++
	}
	return n, nil
}

// okReadToTheEnd has no Close: Next that returned false has given the connection back.
func (r *Repo) okReadToTheEnd(ctx context.Context) ([]string, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err // Scan has closed them
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return names, nil
}

// okValuesErrorCloses: an error of Values closes as one of Scan does.
func (r *Repo) okValuesErrorCloses(ctx context.Context) (all [][]any, err error) {
	rows, err := r.pool.Query(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		all = append(all, values)
	}
	return all, rows.Err()
}

// okScanErrorWrapped: the error of Scan reaches the return through a variable and a wrapper.
func (r *Repo) okScanErrorWrapped(ctx context.Context) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return nil, helpers.Wrap(err, "query")
	}
	for rows.Next() {
		var name string
		err = rows.Scan(&name)
		if err != nil {
			err = helpers.Wrap(err, "scan")
			r.log.Print(err)
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// okSkipUnreadable goes on after a Scan error: the next Next returns false.
func (r *Repo) okSkipUnreadable(ctx context.Context) (n int, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			r.log.Printf("skipped: %v", err)
			continue
		}
		n++
	}
	return n, rows.Err()
}

// okFirstOrNone closes on the one path where rows are left.
func (r *Repo) okFirstOrNone(ctx context.Context) (string, error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return "", err
	}
	if !rows.Next() {
		return "", pgx.ErrNoRows
	}
	var name string
	if err := rows.Scan(&name); err != nil {
		return "", err
	}
	rows.Close()
	return name, rows.Err()
}

// okCloseOnEachPath has no defer and needs none.
func (r *Repo) okCloseOnEachPath(ctx context.Context, max int) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			rows.Close()
			return nil, err
		}
		if len(names) == max {
			rows.Close()
			return nil, helpers.ErrTooMany
		}
		names = append(names, name)
	}
	rows.Close()
	return names, rows.Err()
}

// okBreakThenClose leaves the loop early and closes behind it.
func (r *Repo) okBreakThenClose(ctx context.Context, want string) (found bool, err error) {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var name string
		if err = rows.Scan(&name); err != nil {
			break
		}
		if name == want {
			found = true
			break
		}
	}
	rows.Close()
	return found, errors.Join(err, rows.Err())
}

// okErrorOfTheStatement: what the server says about the statement comes from Err; the loop ran to its end.
func (r *Repo) okErrorOfTheStatement(ctx context.Context) error {
	rows, err := r.pool.Query(ctx, listNames)
	if err != nil {
		return err
	}
	for rows.Next() {
	}
	var pgErr *pgconn.PgError
	if err := rows.Err(); errors.As(err, &pgErr) {
		return fmt.Errorf("%s: %w", pgErr.Code, err)
	}
	return nil
}

// badBreak leaves the loop with rows open.
func (r *Repo) badBreak(ctx context.Context, want string) (found bool, err error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return false, err
		}
		if name == want {
			found = true
			break
		}
	}
	return found, rows.Err()
}

// badReturnOwnError returns an error of its own from the loop; the Close behind the loop is skipped.
func (r *Repo) badReturnOwnError(ctx context.Context) (names []string, err error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name == "" {
			return nil, errEmpty
		}
		names = append(names, name)
	}
	rows.Close()
	return names, rows.Err()
}

// badExistsCheck asks Next once and goes.
func (r *Repo) badExistsCheck(ctx context.Context, id int64) (bool, error) {
	rows, err := r.pool.Query(ctx, "select 1 from users where id = $1", id) // want "rows is n(ot|ever) closed"
	if err != nil {
		return false, err
	}
	return rows.Next(), rows.Err()
}

// badFirstRow reads the first row; the connection stays with the second.
func (r *Repo) badFirstRow(ctx context.Context) (u helpers.User, err error) {
	rows, err := r.pool.Query(ctx, listUsers) // want "rows is n(ot|ever) closed"
	if err != nil {
		return u, err
	}
	if rows.Next() {
		err = rows.Scan(&u.ID, &u.Name)
		return u, err
	}
	return u, pgx.ErrNoRows
}

// badHealthCheck is a probe that loses one connection each time it is asked.
func (r *Repo) badHealthCheck(ctx context.Context) error {
	rows, err := r.pool.Query(ctx, "select 1") // want "rows is n(ot|ever) closed"
	if err != nil {
		return err
	}
	return rows.Err()
}

// badReturnBetweenQueryAndLoop checks something before it reads.
func (r *Repo) badReturnBetweenQueryAndLoop(ctx context.Context, columns int) error {
	rows, err := r.pool.Query(ctx, listUsers) // want "rows is not closed"
	if err != nil {
		return err
	}
	if got := len(rows.FieldDescriptions()); got != columns {
		return fmt.Errorf("got %d columns, want %d", got, columns)
	}
	for rows.Next() {
	}
	return rows.Err()
}

// badCloseInOneBranch closes when it has found something.
func (r *Repo) badCloseInOneBranch(ctx context.Context) (string, error) {
	rows, err := r.pool.Query(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return "", err
	}
	var name string
	if rows.Next() {
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
		if name != "" {
			rows.Close()
			return name, nil
		}
	}
	return "", errEmpty
}

// badOnlyErrChecked thinks that Err closes.
func (r *Repo) badOnlyErrChecked(ctx context.Context, name string) error {
	rows, err := r.pool.Query(ctx, insertUser, name) // want "rows is n(ot|ever) closed"
	if err != nil {
		return err
	}
	if err := rows.Err(); err != nil {
		return err
	}
	r.log.Print(rows.CommandTag())
	return nil
}
