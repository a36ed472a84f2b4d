// Package reader reads rows of whatever kind.
package reader

import "database/sql"

var _ Rows = (*sql.Rows)(nil)

// Rows is what the rows of several libraries can be made to look like.
type Rows interface {
	Err() error
	Next() bool
	Scan(dest ...any) error
	Close() error
}

// One reads one row, and leaves the rest.
func One(rows Rows) (id int64, err error) {
	if rows.Next() {
		err = rows.Scan(&id)
	}
	return id, err
}

// All reads all, which closes them.
func All(rows Rows) (ids []int64, err error) {
	for rows.Next() {
		var id int64
		_ = rows.Scan(&id)
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Done closes them itself.
func Done(rows Rows) error {
	defer rows.Close()
	_, err := One(rows)
	return err
}

// Kept keeps them.
type Kept struct{ rows Rows }

// Keep returns what its caller closes.
func Keep(rows Rows) *Kept { return &Kept{rows} }

// Close closes them.
func (k *Kept) Close() error { return k.rows.Close() }
