// Package holdwait reports a call that waits for a connection while its goroutine holds one of the same pool.
//
// # What it reports
//
// A call that may take a second connection of a pool while rows are open, a row is unscanned, a transaction is open, or a
// connection or a batch is held: directly, in a helper, a method of a repository, another package, or behind an interface whose
// implementations are visible. So also in a function that is run meanwhile: the callback of BeginFunc, AcquireFunc, ForEachRow,
// CollectRows, CopyFrom, a batch, gorm's, bun's and xorm's Transaction, of a helper of the program's own that does such a thing
// (WithTx(ctx, func(tx) error)), the body of a loop over an iterator that reads rows; and in a function that is given a
// transaction, a connection or rows.
//
// A wait for goroutines that need a connection while one is held: Wait, a receive, or a send to workers.
//
// Which pool it is: a program has one as a rule, which it reaches by many handles (a field of the service, a field of the
// repository, a getter). Two handles of one kind count as one pool unless something shows two: two pools in one struct, two
// constructors, a role in the names (primary, replica), a map of pools. A finding that rests on this says so and is a warning; where
// it is the same variable, it is an error. Two pools are reported if a package takes them in both orders.
//
// A call of a method of an interface of which no implementation is visible is reported where the two meet: where an importer gives
// a type for the interface.
//
// Another use of a pgx connection or transaction whose rows or batch are open, or of one of database/sql in a package that opens its
// pool with a driver for PostgreSQL. That takes no second connection; pgx answers "conn busy", and on a *sql.Conn over pgx the call
// never returns.
//
// A hook of pgxpool that asks for a connection: each new connection, or each one that is handed out, needs another one.
//
// The message says how many connections one goroutine has then. The command lists the exported functions and handlers that hold more
// than one.
//
// # Why
//
//	goroutine 1   takes A ......... wants B ─┐
//	goroutine 2   takes B ......... wants A ─┤   all connections are held by those who wait:
//	pool of 2     [A] [B]  idle: none       ─┘   nobody returns one, no query runs, nothing is logged
//
// n goroutines that each hold one connection of a pool of n and want a second one wait for ever. With a pool of 4 and no
// deadlines, 4 workers deadlocked in less than half a second, before the first transaction was through; 3 workers ran 9,638
// transactions in 5 s. The database is idle meanwhile. A deadline turns the deadlock into an outage: all four fail when it ends.
// A goroutine that holds at most Cm connections needs a pool of Tn × (Cm − 1) + 1 for Tn goroutines; in a server, where requests
// have no bound, the only safe Cm is 1.
//
// # Example
//
//	rows, err := pool.Query(ctx, "select id from orders")
//	// …
//	for rows.Next() {
//		// …
//		_, err = pool.Exec(ctx, "update orders set seen = now() where id = $1", id) // a second connection
//	}
//
// Better:
//
//	rows, err := pool.Query(ctx, "select id from orders")
//	// …
//	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64]) // reads all and closes
//	// …
//	_, err = pool.Exec(ctx, "update orders set seen = now() where id = any($1)", ids)
//
// Inside a transaction, run everything on the transaction, and give it to the helpers.
//
// # When it is silent
//
// On what runs on the transaction or the connection itself, a savepoint too; on rows that are closed or read to the end before; on a
// second pool, in a fixed order; on helpers that use the transaction which they are given or find in the context; on a function
// value, an interface or a callee of which nothing is known; and on a connection that is never released, which is for lostrelease
// to say.
//
// # Options
//
// Rows in the setting catalog describe wrappers that poolvet cannot read. With strict, code that is not known is taken to use what it is
// given.
//
// # Fix
//
// There is none that could be applied: whether the second query belongs into the transaction, before it or after it changes what the
// program does. The message names the handle to use.
package holdwait
