// Package straypool reports database pools that are built in the wrong place or too often.
//
// # What it reports
//
// A pool, a listener or a connection of its own that is built per call: in a loop, in a goroutine that a loop starts, in a
// handler (HTTP, gRPC, connect, gin, echo, chi, fiber, AWS Lambda, queue workers, cron jobs, health checks) or in any function
// that one of them calls, also in other packages and behind interfaces. A constructor of the program's own is not wrong;
// calling it at such a place is.
//
// A broken singleton: a lazy getter that never assigns what it checks, assigns a new variable of the same name or a copy of
// its receiver, or assigns only where something has failed; a sync.Once that is new on each call; a map of pools that never
// gets the pool that was built for a missing key, or gets one for every key and never loses any.
//
// With the setting allow, every construction outside the packages that it lists: pgxpool.New, pgx.Connect, sql.Open and their
// kin of all cataloged libraries, in a call or taken as a value. The list has import paths, in which "..." stands for
// anything; "main" stands for main packages. Without it the command says once where pools are built.
//
// In strict mode also a pool in main that is never closed, or whose deferred Close a log.Fatal or os.Exit skips; a pool for a
// database that the request names; and one that is built on each scrape of a metrics exporter.
//
// # Why
//
// Each pool has connections of its own, and the server counts them all. On a server with 20 connections, a handler that
// builds a pool and does not close it fails at request 17. Nine scripts with a pool of 11 each take 99 connections; with the
// limit of 2 that a script needs they take 18.
//
// # Example
//
//	func list(w http.ResponseWriter, r *http.Request) {
//		pool, err := pgxpool.New(r.Context(), dsn) // pgxpool.New runs on each request (list at L10); build the pool once and share it
//		if err != nil {
//			http.Error(w, "db", http.StatusInternalServerError)
//			return
//		}
//		defer pool.Close()
//		serve(w, pool)
//	}
//
// The pool is built once, where the program starts, and handed to what needs it:
//
//	func list(pool *pgxpool.Pool) http.HandlerFunc {
//		return func(w http.ResponseWriter, r *http.Request) {
//			serve(w, pool)
//		}
//	}
//
// # When it is silent
//
// The analyzer is silent on wiring that runs once (main, providers of wire and fx, constructors); on sync.Once, sync.OnceValue
// and getters that keep what they build; on loops that retry until the first success, and on those that take a lost
// connection anew; on a loop that builds one pool for each of a few databases the program was told of and keeps or closes it;
// on one pool per role or shard; on caches that have a bound or lose entries; on databases in the process (sqlite) and on
// mocks; on constructors that work on a pool they are given; and on functions in a map, a slice or a struct of another package,
// as who runs them is not known.
//
// # Options
//
// The setting allow lists the packages that may construct pools, as import paths; a pattern may hold "...", and "main" stands for all
// main packages. Without it only pools that are built again and again are reported. Rows of the kind construct in the setting catalog
// make constructors of your own known. With strict, advice is reported too: a pool in main that is never closed, a handler that opens
// what a request names, a monitor that opens a connection for each look.
//
// # Fix
//
// There is none that could be applied: where a pool is to be built and who hands it on is for you to decide. The message says which
// packages may.
package straypool
