// Package request has what the parts of a program share while they serve a request.
package request

import "database/sql"

// Context is one request. Its transaction is begun by whoever handles it.
type Context struct {
	User string
	Tx   *sql.Tx
}
