// Package rowssql: database/sql rows. Unlike pgx an error of Scan frees nothing, and rows are nil beside an error.
package rowssql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"

	"example.com/poolvet/testdata/lostrelease/helpers"
)

const (
	listUsers = "select id, name from users order by id"
	listNames = "select name from users order by name"
)

// Store keeps the handle.
type Store struct{ db *sql.DB }

// okList is the usual form.
func (s *Store) okList(ctx context.Context) (users []helpers.User, err error) {
	rows, err := s.db.QueryContext(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var u helpers.User
		if err := rows.Scan(&u.ID, &u.Name); err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// okCloseErrorReported keeps the error of Close.
func (s *Store) okCloseErrorReported(ctx context.Context) (n int, err error) {
	rows, err := s.db.QueryContext(ctx, listNames)
	if err != nil {
		return 0, err
	}
	defer func() {
		if cerr := rows.Close(); cerr != nil && err == nil {
			err = cerr
		}
	}()
	for rows.Next() {
		var name string
		if err = rows.Scan(&name); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// okClosedOnEveryPathWithoutDefer is what "use defer" linters complain about.
func (s *Store) okClosedOnEveryPathWithoutDefer(ctx context.Context) (names []string, err error) {
	rows, err := s.db.QueryContext(ctx, listNames)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			_ = rows.Close()
			return nil, err
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		_ = rows.Close()
		return nil, err
	}
	return names, rows.Close()
}

// okCountToTheEnd reads to the end and scans nothing: Next that returned false has closed.
func (s *Store) okCountToTheEnd() (n int, err error) {
	rows, err := s.db.Query(listNames)
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

// okScanErrorsCollected never leaves the loop early.
func (s *Store) okScanErrorsCollected(ctx context.Context) (names []string, err error) {
	rows, err := s.db.QueryContext(ctx, listNames)
	if err != nil {
		return nil, err
	}
	var errs []error
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			errs = append(errs, err)
			continue
		}
		names = append(names, name)
	}
	return names, errors.Join(append(errs, rows.Err())...)
}

// okAllResultSets reads every result set to its end.
func (s *Store) okAllResultSets(ctx context.Context) (n int, err error) {
	rows, err := s.db.QueryContext(ctx, "select name from users; select name from teams")
	if err != nil {
		return 0, err
	}
	for {
		for rows.Next() {
			n++
		}
		if !rows.NextResultSet() {
			break
		}
	}
	return n, rows.Err()
}

// okColumnsThenClose looks at the columns only.
func (s *Store) okColumnsThenClose(ctx context.Context, table string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("select * from %q limit 0", table))
	if err != nil {
		return nil, err
	}
	columns, err := rows.Columns()
	if cerr := rows.Close(); err == nil {
		err = cerr
	}
	return columns, err
}

// badScanError: here, unlike in pgx, the rows stay open.
func (s *Store) badScanError(ctx context.Context) (names []string, err error) {
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// badScanErrorTrailingClose has a Close that a Scan error skips.
func (s *Store) badScanErrorTrailingClose(ctx context.Context) (users []helpers.User, err error) {
	rows, err := s.db.QueryContext(ctx, listUsers) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var u helpers.User
		err = rows.Scan(&u.ID, &u.Name)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	if err = rows.Err(); err != nil {
		return nil, err
	}
	return users, rows.Close()
}

// badBreakOnScanError leaves the loop by break, and nobody closes behind it.
func (s *Store) badBreakOnScanError(ctx context.Context) (names []string, err error) {
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var name string
		if err = rows.Scan(&name); err != nil {
			log.Print(err)
			break
		}
		names = append(names, name)
	}
	return names, err
}

// badColumnsError returns between Query and the deferred Close.
func (s *Store) badColumnsError(ctx context.Context, table string) (n int, err error) {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf("select * from %q", table)) // want "rows is not closed"
	if err != nil {
		return 0, err
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		n += len(types)
	}
	return n, rows.Err()
}

// badFirstOnly reads one row.
func (s *Store) badFirstOnly(id int64) (name string, err error) {
	rows, err := s.db.Query("select name from users where id = $1", id) // want "rows is n(ot|ever) closed"
	if err != nil {
		return "", err
	}
	if !rows.Next() {
		return "", sql.ErrNoRows
	}
	err = rows.Scan(&name)
	return name, err
}

// badCloseOnlyWhenEmpty has it the wrong way round: empty rows are closed already.
func (s *Store) badCloseOnlyWhenEmpty(ctx context.Context) (bool, error) {
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is not closed"
	if err != nil {
		return false, err
	}
	if !rows.Next() {
		_ = rows.Close()
		return false, sql.ErrNoRows
	}
	return true, rows.Err()
}

// badFirstResultSetOnly stops the result sets by its own counter.
func (s *Store) badFirstResultSetOnly(ctx context.Context, max int) (n int, err error) {
	rows, err := s.db.QueryContext(ctx, listNames) // want "rows is n(ot|ever) closed"
	if err != nil {
		return 0, err
	}
	for rows.Next() {
		if n++; n == max {
			return n, nil
		}
	}
	for rows.NextResultSet() && n < max {
		for rows.Next() {
			n++
		}
	}
	return n, rows.Err()
}

// okNotFoundIsNoError: the rows are closed where they are left.
func (s *Store) okNotFoundIsNoError(ctx context.Context, id int64) (name string, ok bool, err error) {
	rows, err := s.db.QueryContext(ctx, "select name from users where id = $1", id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return "", false, rows.Err()
	}
	err = rows.Scan(&name)
	return name, err == nil, err
}

// okHelperScansUsers: a helper that takes a Scanner reads rows that are closed here.
func (s *Store) okHelperScansUsers(ctx context.Context) (users []helpers.User, err error) {
	rows, err := s.db.QueryContext(ctx, listUsers)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		u, err := helpers.ScanUser(rows)
		if err != nil {
			return nil, err
		}
		users = append(users, u)
	}
	return users, rows.Err()
}

// badHelperScansUsers: ScanUser frees a Row, and of database/sql Rows nothing.
func (s *Store) badHelperScansUsers(ctx context.Context) (users []helpers.User, err error) {
	rows, err := s.db.QueryContext(ctx, listUsers) // want "rows is not closed"
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
