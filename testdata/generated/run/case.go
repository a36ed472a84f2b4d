// Package run runs generated functions under every input and says what each of them does to its pools.
//
// The clients are the real ones, pgxpool and database/sql over pgx; the server is package postgres. What happens to a connection
// is known from the hooks of the clients: a connection that has not come back when the function has returned is leaked, and the
// count of the client has to agree. Where goroutines take part, the pool has one connection and time is that of a testing/synctest
// bubble: it passes only if everybody waits. So no result depends on how fast anything is.
package run

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Case is a generated function. One of PGX and SQL is set.
type Case struct {
	Name       string
	Uses       string // a letter for each of its inputs that the function reads
	Concurrent bool   // starts goroutines
	Cancels    bool   // ends a context, at which database/sql releases

	PGX func(ctx context.Context, pool, replica *pgxpool.Pool, a, b, c, d, e, f bool, n, k, m int) error
	SQL func(ctx context.Context, db, replica *sql.DB, a, b, c, d, e, f bool, n, k, m int) error
}

// Result is what a function does.
type Result struct {
	Name   string
	Runs   int
	Capped bool // there are more inputs than were tried

	Takes []Site // take a connection
	Asks  []Site // ask for one
	Leaks []Site // take a connection that is still out when the function has returned
	Dirty []Site // take one that comes back in such a state that the pool closes it
	Waits []Site // ask for a connection while the function holds one that it releases later
	Ended []Site // take a connection that is out when the function panics: the process ends
	Lost  []Site // ask for a connection while the function holds one that is never released

	Blocks string // an input at which goroutines wait for each other for ever, while nothing is leaked
	Stuck  string // one at which they do, and something is
	Panic  string // an input at which it panics: the process would end
	Fault  string // why the result is not to be trusted
}

// Site is a call, and an input under which it does that.
type Site struct {
	Lines []int // of the call, and of the calls in the file that led to it
	Input string

	Spawned bool // it stands in another goroutine
	stack   []uintptr
}

// input is what a function is run with.
type input struct {
	a, b, c, d, e, f bool
	n, k, m          int

	// choices is what does not go well: at which of all the points where that is possible, and how.
	choices []choice
}

// choice is one outcome of something that can end in several ways.
type choice struct{ point, outcome int }

func (in input) String() string {
	var s strings.Builder
	for _, bit := range []struct {
		name string
		set  bool
	}{{"a", in.a}, {"b", in.b}, {"c", in.c}, {"d", in.d}, {"e", in.e}, {"f", in.f}} {
		if bit.set {
			s.WriteString(bit.name + " ")
		}
	}
	fmt.Fprintf(&s, "n=%d k=%d m=%d", in.n, in.k, in.m)
	for _, c := range in.choices {
		fmt.Fprintf(&s, ", outcome %d of event %d", c.outcome, c.point)
	}
	return s.String()
}

// branches returns all inputs that make a difference to the function, while all goes well.
func (c Case) branches() []input {
	all := []input{{}}
	vary := func(letter string, set ...func(*input)) {
		if !strings.Contains(c.Uses, letter) {
			return
		}
		var more []input
		for _, f := range set {
			for _, in := range all {
				f(&in)
				more = append(more, in)
			}
		}
		all = more
	}
	vary("a", func(*input) {}, func(in *input) { in.a = true })
	vary("b", func(*input) {}, func(in *input) { in.b = true })
	vary("c", func(*input) {}, func(in *input) { in.c = true })
	vary("d", func(*input) {}, func(in *input) { in.d = true })
	vary("e", func(*input) {}, func(in *input) { in.e = true })
	vary("f", func(*input) {}, func(in *input) { in.f = true })
	vary("n", func(*input) {}, func(in *input) { in.n = 2 })
	vary("k", func(*input) {}, func(in *input) { in.k = 1 }, func(in *input) { in.k = 2 })
	vary("m", func(*input) {}, func(in *input) { in.m = 1 }, func(in *input) { in.m = 2 })
	return all
}

// next returns the inputs that differ from one by one more choice, after those that it has. The widths say in how many ways each
// of the events of its run can end.
func (in input) next(widths []int) []input {
	from := 0
	if len(in.choices) > 0 {
		from = in.choices[len(in.choices)-1].point + 1
	}
	var all []input
	for point := from; point < len(widths); point++ {
		for outcome := 1; outcome < widths[point]; outcome++ {
			further := in
			further.choices = append(in.choices[:len(in.choices):len(in.choices)], choice{point, outcome})
			all = append(all, further)
		}
	}
	return all
}
