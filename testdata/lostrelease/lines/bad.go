// Package lines has code that another program has made of another file.
package lines

import "database/sql"

func badDirective(db *sql.DB) bool {
//line query.y:100
	rows, err := db.Query("select 1") // want `rows is not closed on all paths`
	if err != nil {
		return false
	}
	return rows.Next()
}
