// Package fanout reports more goroutines on the database than it can bear.
//
// # What it reports
//
// Goroutines without a bound that each take a connection: started in a loop over items or messages, one for each request, or by
// each level of a recursion. They may be started by a go statement, an errgroup without SetLimit, a WaitGroup, conc, pond or
// ants without a maximum, lo/parallel, or a function of the program's own that starts what it is given: one in a package that
// reaches a database by its code, another by a row of kind start in the setting catalog. If it starts as many as a parameter says,
// what its caller gives is the bound. The connection may be taken in a helper, a method, another package or behind an interface.
//
// What looks like a bound and is none: a limit or a semaphore whose size follows the length of the collection, a negative limit,
// a semaphore that is taken after the work, a limit that each level of a recursion makes anew.
//
// A constant bound that is larger than the pool, if the limit of the pool is known; else larger than max-conns (15, if it is not
// set).
//
// More than max-parallel queries (4, if it is not set) that one function starts in parallel, one statement after the other.
//
// Goroutines of a loop that share a transaction or a connection: it does one thing at a time.
//
// It is an error if the goroutines share a transaction or a connection, or if the program shows that the pool has no limit. All
// else is a warning.
//
// In strict mode also goroutines without a bound on a pool whose limit is known, if the function sets a deadline: the pool
// bounds them, and the damage is latency.
//
// # Why
//
// All of them want a connection at once. Whoever comes next waits behind them, until its deadline: other requests too, which have
// nothing to do with it. Without a limit on the pool each goroutine takes a connection of the server, until that has none left;
// poollimit shows it. Measured with the examples below, while the first statements run:
//
//	bad: 100 items, pool of 4
//	  goroutines that have a connection: 4, that wait for one: 96
//	  a query of somebody else: waits behind 96
//	  connections wanted at once, that query included: 101
//	good: 100 items, pool of 4
//	  goroutines that have a connection: 2, that wait for one: 0
//	  a query of somebody else: is answered
//	  connections wanted at once, that query included: 3
//
// # Example
//
//	func Touch(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
//		g, ctx := errgroup.WithContext(ctx)
//		for _, id := range ids {
//			g.Go(func() error { // goroutines started here each take a connection with no bound (up to len(ids); Pool.Exec); call g.SetLimit with a number that fits the pool
//				_, err := pool.Exec(ctx, "update items set seen = now() where id = $1", id)
//				return err
//			})
//		}
//		return g.Wait()
//	}
//
// With a limit, sized from the pool:
//
//	func Touch(ctx context.Context, pool *pgxpool.Pool, ids []int64) error {
//		g, ctx := errgroup.WithContext(ctx)
//		g.SetLimit(max(1, int(pool.Config().MaxConns)/2)) // the other half is for others
//		for _, id := range ids {
//			g.Go(func() error {
//				_, err := pool.Exec(ctx, "update items set seen = now() where id = $1", id)
//				return err
//			})
//		}
//		return g.Wait()
//	}
//
// # When it is silent
//
// The analyzer is silent on goroutines that take no connection; on a fixed number of workers that read a channel of jobs; on
// bounds whose value is not known (a flag, a parameter), as somebody has thought of them; on semaphores and mutexes taken before the
// start or before the query, on rate limiters, on chunks that are waited for, on a Wait in the same round; on a start that
// depends on a slot that was free (TryAcquire); on one goroutine for each pool, and on a goroutine that builds its own; where the
// group is made by code that is not known; and on what a row says is bounded.
//
// # Options
//
// The setting max-parallel (4) is how many queries one function may start, one statement after the other. max-conns (15) is the largest
// bound on goroutines while the limit of the pool is not known. Rows of the kinds start and join in the setting catalog make functions
// of your own known that start goroutines and wait for them. With strict, advice is reported too: goroutines that wait for a pool with
// a limit, under a deadline.
//
// # Fix
//
// There is none that could be applied: which number is right depends on the pool and on the other users of the server.
package fanout
