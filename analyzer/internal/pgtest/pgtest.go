// Package pgtest gives tests a PostgreSQL server of their own, so that what poolvet says can be compared with what happens.
package pgtest

import (
	"os"
	"testing"
)

// Env names the variable with the connection string of a server to use instead of a private one. The test must be allowed to
// open as many connections there as it needs.
const Env = "POOLVET_TEST_DSN"

// Server is a running PostgreSQL.
type Server struct {
	DSN   string // of an ordinary role, for which superuser_reserved_connections are out of reach
	Admin string // of a superuser, to look at pg_stat_activity; the same as DSN on the server of the variable
}

// Start returns a server with the given max_connections, which ends with the test. Its data is in a temporary folder, its socket
// too; nothing listens on the network. Where neither PostgreSQL nor the variable is there, the test is skipped.
func Start(t testing.TB, maxConnections int) *Server {
	t.Helper()
	if dsn := os.Getenv(Env); dsn != "" {
		return &Server{DSN: dsn, Admin: dsn}
	}
	return start(t, maxConnections)
}

// skip is the one line that says what is missing.
func skip(t testing.TB) {
	t.Helper()
	t.Skipf("needs PostgreSQL: install it (Debian: apt-get install postgresql), or set %s to a connection string", Env)
}
