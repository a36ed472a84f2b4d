//go:build !unix

package pgtest

import "testing"

// start runs no server here: initdb and signals are those of Unix.
func start(t testing.TB, _ int) *Server {
	t.Helper()
	skip(t)
	return nil
}
