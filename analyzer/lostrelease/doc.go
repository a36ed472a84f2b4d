// Package lostrelease reports database connections that never come back to the pool.
//
// # What it reports
//
// Rows, transactions, connections, batch results, statements and pools that are not released on some path: a return between
// the acquire and the release, a branch that forgets it, a result that is discarded, a row that is never scanned, a deferred
// release inside a loop, a variable that takes the next resource before the last is released. It follows them through helper
// functions, wrapper types and packages.
//
// # Why
//
// Each of them keeps one connection of the pool. With pgxpool neither the garbage collector nor the end of the context brings it back.
// Measured with the examples below: a pool of 4 is empty after 4 calls, and call 5 waits for ever.
//
//	bad: one call after the other, pool of 4
//	  calls that return: 4
//	  connections acquired after them: 4
//	  after a garbage collection: 4
//	  call 5 waits for a connection: true, statements running on the server: 0
//	  when all contexts have ended: calls that fail: 1, connections acquired: 4
//	good: one call after the other, pool of 4
//	  calls that return: 100
//	  connections acquired after them: 0
//
// # Example
//
//	func Title(ctx context.Context, pool *pgxpool.Pool, job int64) (string, error) {
//		rows, err := pool.Query(ctx, "select id, title from jobs") // rows is not closed on all paths: return at L24 (the connection never goes back to the pool)
//		if err != nil {
//			return "", err
//		}
//		for rows.Next() {
//			var id int64
//			var title string
//			if err := rows.Scan(&id, &title); err != nil {
//				return "", err
//			}
//			if id == job {
//				return title, nil // L24
//			}
//		}
//		return "", rows.Err()
//	}
//
// With a deferred release every path gives the connection back:
//
//	rows, err := pool.Query(ctx, "select id, title from jobs")
//	if err != nil {
//		return "", err
//	}
//	defer rows.Close()
//
// # When it is silent
//
// The analyzer is silent when the resource is returned, stored, sent to a channel or given to code that is not known, as the
// obligation goes with it; when rows are read to the end, or given to pgx.CollectRows or another function that closes them;
// when a helper releases it, in this package or another; when a context that the function itself ends, or the one around a literal,
// releases it (database/sql only: pgx ignores the context once the resource is held); and on every path that ends the process.
//
// # Options
//
// Rows in the setting catalog describe what poolvet cannot read: a function that acquires, releases, or takes over what it is given. With
// strict, losses that matter less are reported as advice: those that the end of a request's context or of a transaction mends, and
// what is given to code that is not known.
//
// # Fix
//
// A deferred release behind the error check, where the variable is local and assigned once, is not in a loop, and is seen by no function
// literal, and the check returns. It is offered only if it ends what is held: not for the batch of a transaction. All other cases are
// described and not applied.
package lostrelease
