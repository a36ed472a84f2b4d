// Package own names a spawner that rows describe, and nothing that has to do with a database.
package own

import "example.com/poolvet/testdata/fanout/configured/lib"

// Background starts f.
func Background(f func()) { lib.Safe(f) }

// Each starts f for each number.
func Each(n int, f func()) {
	for range n {
		lib.Safe(f)
	}
}

var queue = lib.NewQueue()

// Later hands f to the workers of a queue.
func Later(f func()) { queue.Put(func() { f() }) }
