// Package nodeadline reports waits for a connection that no deadline ends, and retries without a pause.
//
// It is off until it is turned on, with rules: {nodeadline: true}.
//
// # What it reports
//
// A call that takes a connection of a pool, and waits for it with a context that has no deadline: context.Background,
// context.TODO, context.WithoutCancel, and what is derived from them without a timeout, by WithValue, WithCancel,
// signal.NotifyContext, errgroup.WithContext and their like. The context may be in a variable of the function or the package, be
// captured, or come from a function of the program.
//
// A call that takes a connection and no context: db.Query of database/sql, Get and Select of sqlx, a query of gorm without
// WithContext, of xorm without Context.
//
// A call of a function of the program that waits with the context it is given, in this package or another one, also behind an
// interface: the message names the library's call and the way to it.
//
// If the context of the caller is in scope, the message says so: a parameter, r.Context() of a request, that of gin, echo, fiber,
// of a stream of grpc. It does not for a goroutine that nobody waits for, nor for a deferred call: the caller's context may have
// ended when they run, and what they need is a timeout of their own.
//
// A call in a loop that comes back to it after each failure, without a pause, and as often as it fails; or in a function literal
// that a function of the package runs in such a loop.
//
// It is an error if the call itself is a library's on a pool, and a warning if the connection is taken by a function that it
// calls, behind an interface, or on a handle that may be a transaction. A retry is a warning.
//
// # Why
//
// A pool that is exhausted returns no error: it lets its users wait. With a deadline the request fails, its slot in the server is
// free, and a message says what happened. Without one it waits until a connection comes back, and so does every request after it:
// the process hangs, the database is idle, and nothing is logged. Neither ConnectTimeout of pgx nor statement_timeout helps: both
// begin with a connection. The context is the only deadline of this wait.
//
// A loop that asks again at once keeps the pool exhausted, and the database busy with attempts, for as long as the trouble lasts.
//
// # Example
//
//	func (s *Store) Count(ctx context.Context) (n int, err error) {
//		// context.Background() has no deadline, and ctx is in scope: pool.QueryRow waits for a connection for ever when the pool is exhausted; pass ctx
//		err = s.pool.QueryRow(context.Background(), "select count(*) from users").Scan(&n)
//		return n, err
//	}
//
// With the caller's context, or with a deadline of its own where the caller is gone:
//
//	func (s *Store) Audit(ctx context.Context, action string) {
//		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
//		go func() {
//			defer cancel()
//			s.pool.Exec(ctx, "insert into audit (action) values ($1)", action)
//		}()
//	}
//
// # When it is silent
//
// The analyzer is silent on a context that is a parameter or in a field, on one that a request has, and on every one of which
// some part is not known: whoever made it may have set a deadline. Whether a parameter has one is asked where it is given.
//
// It is silent on calls that take no connection: queries on a transaction or on a connection that is held, Commit, Rollback, Close.
// To clean up with context.WithoutCancel is right there.
//
// It is silent before the program serves, as nobody else has the connections then: in main and init and in what only they call, in
// the commands of cobra and urfave/cli, on a pool that the function has just built, in a function that makes a part of the program
// around the pool, and in what changes the schema or runs migrations. A statement that is prepared to be kept counts as start-up.
// Not before: a loop of main over its work, and goroutines. Ping of a pool that is a parameter or a variable of the function is
// silent too, except in a handler: that is how pools are set up. Ping of a pool in a field or a package variable is not: a readiness
// probe takes its connection from the pool of the requests.
//
// It is silent on a worker's loop with the context of the worker: the deadline belongs to each query, not to the loop.
//
// It is silent where something else ends the wait: the PoolTimeout of go-pg, DefaultContextTimeout of gorm if the package sets
// it, a timer that cancels the context.
//
// A loop over items is no retry. Nor is one that sleeps, waits for a timer, a channel or a limiter, asks a context or the time, has
// a limit on its rounds, or tries another value when one is taken already.
//
// Code for tests is passed over: what hangs there, go test ends.
//
// # Options
//
// The rule is off until rules: {nodeadline: true} turns it on.
//
// # Fix
//
// There is none that could be applied: how long a query may take is for you to decide.
package nodeadline
