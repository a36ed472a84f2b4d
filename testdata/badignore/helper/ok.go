// Package helper helps tests: most rules pass over it.
package helper

import (
	"database/sql"
	"testing"
)

func okForTests(t *testing.T, open func() *sql.DB) {
	db := open() //poolvet:ignore straypool one for each test
	t.Cleanup(func() { _ = db.Close() })
}
