// Package measure observes what programs do to the connections of a database: in their pools, and on the server.
//
// What never ends cannot be waited for. So the evidence is a state, not the clock: who holds a connection, who waits for one, and
// what the server is doing. Await waits for the state and has a bound, which is for mistakes: it ends the program.
package measure

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	patience = 30 * time.Second // with a state that should come at once
	most     = 200              // connections that Room opens at most
)

// TooMany is what the server says when it has no connection left.
const TooMany = "53300"

// Lab is one experiment on one server. What it cannot do ends the program.
type Lab struct {
	DSN string // for the program that is observed

	observer *pgx.Conn // reads pg_stat_activity
	holder   *pgx.Conn // locks tables
	peak     int       // of sessions
}

// Open connects to the server. The two connections of the lab stay open, so what is left for the others does not change.
func Open(dsn, admin string) *Lab {
	observer, err := pgx.Connect(context.Background(), admin)
	check(err)
	holder, err := pgx.Connect(context.Background(), admin)
	check(err)
	return &Lab{DSN: dsn + " application_name=proof", observer: observer, holder: holder}
}

// Close ends the experiment.
func (l *Lab) Close() {
	check(errors.Join(l.holder.Close(context.Background()), l.observer.Close(context.Background())))
}

// Setup makes the tables of an experiment, and ends when nobody is connected.
func (l *Lab) Setup(statements ...string) {
	for _, s := range statements {
		_, err := l.observer.Exec(context.Background(), s)
		check(err)
	}
	l.Quiet()
}

// Count runs a query that returns a number.
func (l *Lab) Count(query string) (n int) {
	check(l.observer.QueryRow(context.Background(), query).Scan(&n))
	return n
}

// Lock stops every statement that uses a table until it is unlocked, as if each took very long.
func (l *Lab) Lock(table string) (unlock func()) {
	_, err := l.holder.Exec(context.Background(), "begin; lock table "+table)
	check(err)
	return func() {
		_, err := l.holder.Exec(context.Background(), "rollback")
		check(err)
	}
}

// Activity is what the sessions of the program do on the server.
type Activity struct {
	Sessions      int
	Running       int // statements that make progress
	Locked        int // statements that wait for Lock
	InTransaction int // sessions in a transaction that does nothing
}

// Activity asks the server.
func (l *Lab) Activity() (a Activity) {
	check(l.observer.QueryRow(context.Background(), `select count(*),
		count(*) filter (where state = 'active' and wait_event_type is distinct from 'Lock'),
		count(*) filter (where state = 'active' and wait_event_type = 'Lock'),
		count(*) filter (where state like 'idle in transaction%')
		from pg_stat_activity where application_name = 'proof'`).Scan(&a.Sessions, &a.Running, &a.Locked, &a.InTransaction))
	l.peak = max(l.peak, a.Sessions)
	return a
}

// Peak returns the largest number of sessions that Activity has seen. Await asks all the time.
func (l *Lab) Peak() int { return l.peak }

// Quiet waits until the program has no session.
func (l *Lab) Quiet() {
	l.Await("no session", func() bool { return l.Activity().Sessions == 0 })
}

// Room returns how many connections the server admits for the program.
func (l *Lab) Room() int {
	var conns []*pgx.Conn
	defer l.Quiet()
	defer func() {
		for _, c := range conns {
			check(c.Close(context.Background()))
		}
	}()
	for len(conns) < most {
		c, err := pgx.Connect(context.Background(), l.DSN)
		if Refused(err) {
			return len(conns)
		}
		check(err)
		conns = append(conns, c)
	}
	log.Panicf("the server admits %d connections and more", most)
	return 0
}

// Refused reports whether an error is the server's that has no connection left.
func Refused(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == TooMany
}

// Await waits for a state.
func (l *Lab) Await(state string, reached func() bool) {
	for end := time.Now().Add(patience); !reached(); time.Sleep(2 * time.Millisecond) {
		l.Activity()
		if time.Now().After(end) {
			log.Panicf("not reached in %v: %s; the server: %+v", patience, state, l.Activity())
		}
	}
}

// Print writes a line of the result.
func (l *Lab) Print(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func check(err error) {
	if err != nil {
		log.Panic(err)
	}
}
