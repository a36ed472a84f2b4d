// Package slowhold reports slow work that is done while a transaction or a connection is held.
//
// # What it reports
//
// While a transaction is open or a connection is acquired: HTTP and gRPC requests, mail, object stores and other services, a
// process that is waited for, a sleep, a library's retry loop, a Wait, a channel operation without a default, a lock under which a
// connection is taken or something slow is done elsewhere, streaming to a client, waiting for a notification on a pooled
// connection. In the function itself, in a helper, a method, another package, or behind an interface whose visible
// implementations all do it; in a function that is run meanwhile, such as the callback of BeginFunc; in a function that is given
// a transaction; and in what a handler runs in the middle of it (next.ServeHTTP, c.Next).
//
// With rules: {slowhold: {rows: true}} also while rows or a batch are open.
//
// All findings are warnings: how slow it is, only the program's users know.
//
// # Why
//
// A connection that is held does nothing for others. With a pool of 10 and an HTTP call of 500 ms inside each transaction, the
// pool serves at most 20 transactions a second, whatever the database could do; when the other service hangs, the pool is
// exhausted as soon as 10 requests wait for it, and everything that needs the database hangs with it.
//
// # Example
//
//	tx, err := pool.Begin(ctx)
//	// …
//	resp, err := http.Post(hook, "application/json", body) // the connection waits for somebody else's server
//	// …
//	err = tx.Commit(ctx)
//
// Better:
//
//	resp, err := http.Post(hook, "application/json", body)
//	// …
//	tx, err := pool.Begin(ctx)
//	// …
//	err = tx.Commit(ctx)
//
// Or write down in the transaction what is to be done, and do it afterwards: an outbox.
//
// # When it is silent
//
// On work in memory, in goroutines that are waited for too, and on short critical sections; on sleeps of a constant 10 ms or less
// outside a loop; on a send to a channel with a buffer; on a select with a default; on what is done before or after; in another
// goroutine that nobody waits for; on callees of which nothing is known; and at a call that holdwait speaks of, which says more.
//
// A helper of the program in a package without a database is looked at by its syntax alone: what it calls counts, and a select
// without a default, but not its locks, its receives and its function literals. For one of another module, and for one behind an
// interface, a row of the kind slow makes it known.
//
// # Options
//
// With rules: {slowhold: {rows: true}} slow calls while rows are open count too. Rows of the kind slow in the setting catalog make slow
// functions of your own known.
//
// # Fix
//
// There is none that could be applied: what may happen before the transaction and what after its commit is for you to decide.
package slowhold
