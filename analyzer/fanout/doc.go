// Package fanout reports more goroutines on the database than it can bear.
//
// # What it reports
//
// Goroutines without a bound that each take a connection: started in a loop over items or messages, one for each request, by
// an errgroup without SetLimit, a WaitGroup, conc, pond, ants or lo/parallel without a maximum, by a function of the program's
// own that starts what it is given, or by each level of a recursion. The connection may be taken in a helper, a method, another
// package or behind an interface.
//
// What looks like a bound and is none: a limit or a semaphore as large as the collection, a negative limit, one that is made
// anew by each level of a recursion.
//
// A bound that is larger than the pool, as far as its limit is known; else larger than max-conns.
//
// More than max-parallel queries (4, if it is not set) that one function starts in parallel, one statement after the other.
//
// Goroutines that share a transaction or a connection: it does one thing at a time.
//
// In strict mode also goroutines without a bound on a pool that has a limit, if what they do has a deadline: the pool bounds
// them, the damage is latency.
//
// # Why
//
// With a pool of 4 and queries of 200 ms, nine at once take three rounds, and with a deadline of 250 ms for waiting and
// querying five of the nine fail. Without a limit on the pool each goroutine takes a connection of the server: of 100, 21 failed
// with SQLSTATE 53300 on a server with 20 connections.
//
// # Example
//
//	g, ctx := errgroup.WithContext(ctx)
//	for _, id := range ids {
//		g.Go(func() error { // goroutines of g each take a connection with no bound (one for each of ids; Pool.Exec); bound them, as with g.SetLimit
//			_, err := pool.Exec(ctx, "update items set seen = now() where id = $1", id)
//			return err
//		})
//	}
//	return g.Wait()
//
// With a limit, sized from the pool:
//
//	g, ctx := errgroup.WithContext(ctx)
//	g.SetLimit(int(pool.Config().MaxConns) - 1)
//	for _, id := range ids {
//		g.Go(func() error {
//			_, err := pool.Exec(ctx, "update items set seen = now() where id = $1", id)
//			return err
//		})
//	}
//	return g.Wait()
//
// # When it is silent
//
// The analyzer is silent on goroutines that take no connection; on bounds that are a parameter, a field, a flag, a capacity or
// a number of processors, as somebody has thought of them; on semaphores taken before the start or before the query, on rate
// limiters, on workers that read a channel of jobs, on chunks that are waited for, on a Wait in the same round; on one
// goroutine for each pool; and where the group is made by code that is not known.
package fanout
