// Package helpers has what a service keeps in its internal/dbutil: functions of another package that close what they are
// given, or read it only, or close it sometimes.
package helpers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"

	"github.com/jackc/pgx/v5"
)

// ErrTooMany is returned when a result is longer than allowed.
var ErrTooMany = errors.New("too many rows")

// CloseRows closes.
func CloseRows(rows pgx.Rows) { rows.Close() }

// CloseRowsLogged closes and logs what was wrong with them.
func CloseRowsLogged(ctx context.Context, rows pgx.Rows) {
	rows.Close()
	if err := rows.Err(); err != nil && ctx.Err() == nil {
		log.Printf("rows: %v", err)
	}
}

// CloseSQL closes and logs.
func CloseSQL(rows *sql.Rows) {
	if err := rows.Close(); err != nil {
		log.Print(err)
	}
}

// CloseQuietly closes anything.
func CloseQuietly(c io.Closer) { _ = c.Close() }

// CloseAll closes each of them.
func CloseAll(closers ...io.Closer) error {
	var errs []error
	for _, c := range closers {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// LogError runs a release and logs its error.
func LogError(ctx context.Context, release func() error) {
	if err := release(); err != nil {
		log.Printf("%v: %v", ctx.Err(), err)
	}
}

// Quietly runs a release.
func Quietly(release func()) { release() }

// Observe keeps a function's name for the log and never calls it.
func Observe(name string, f func() error) { log.Printf("%s: %T", name, f) }

// CloseNested hands on to a function that closes.
func CloseNested(rows pgx.Rows, verbose bool) {
	if verbose {
		log.Print(rows.CommandTag())
	}
	CloseRows(rows)
}

// First reads one row; the caller closes.
func First(rows pgx.Rows) (string, error) {
	var s string
	if rows.Next() {
		return s, rows.Scan(&s)
	}
	return "", rows.Err()
}

// ScanNames reads at most limit names; the caller closes.
func ScanNames(rows *sql.Rows, limit int) ([]string, error) {
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
		if len(out) == limit {
			return out, nil
		}
	}
	return out, rows.Err()
}

// DrainNames reads all names and closes on every path.
func DrainNames(rows *sql.Rows) ([]string, error) {
	defer rows.Close()
	return ScanNames(rows, 1000)
}

// CloseIfVerbose closes on one path only.
func CloseIfVerbose(rows pgx.Rows, verbose bool) {
	if verbose {
		log.Print("closing")
		rows.Close()
	}
}

// ReadAtMost closes on its error path only: on success the caller closes.
func ReadAtMost(rows *sql.Rows, limit int) (n int, err error) {
	for rows.Next() {
		if n++; n > limit {
			rows.Close()
			return 0, ErrTooMany
		}
		var s string
		if err := rows.Scan(&s); err != nil {
			rows.Close()
			return 0, err
		}
		if s == "" {
			return n, nil // still open
		}
	}
	return n, nil
}

// User is what the services read.
type User struct {
	ID   int64
	Name string
}

// Scanner is what a row and rows have in common.
type Scanner interface {
	Scan(dest ...any) error
}

// ScanUser scans one row of users.
func ScanUser(row Scanner) (User, error) {
	var u User
	err := row.Scan(&u.ID, &u.Name)
	return u, err
}

// ScanValidUser scans and has an error of its own: for pgx rows only the first kind of error closes.
func ScanValidUser(rows pgx.Rows) (User, error) {
	var u User
	if err := rows.Scan(&u.ID, &u.Name); err != nil {
		return User{}, err
	}
	if u.Name == "" {
		return User{}, fmt.Errorf("user %d has no name", u.ID)
	}
	return u, nil
}

// Columns looks at the rows and leaves them as they are.
func Columns(rows *sql.Rows) ([]string, error) { return rows.Columns() }

// Iterator is what a caller may read without knowing the library.
type Iterator interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
}

// CountUntil reads up to the first empty name and closes nothing.
func CountUntil(it Iterator) (n int, err error) {
	for it.Next() {
		var s string
		if err := it.Scan(&s); err != nil {
			return n, err
		}
		if s == "" {
			return n, nil
		}
		n++
	}
	return n, it.Err()
}
