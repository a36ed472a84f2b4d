// Command probe does with the real libraries what scripts say, and prints what the client and the server then show.
//
// It knows nothing of poolvet's catalog: a test makes the scripts from its rows, with what each row claims as Want, and compares.
// The scripts are on standard input, the results on standard output, in the same order, both as JSON. It is no program under
// analysis.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"
)

// Script is one probe.
type Script struct {
	Row   string // full name of the function
	Claim string // what is probed
	Want  string // what the catalog claims

	Do    string // the verb, see run.go
	Chain string // how to get what the call is made on: "sql/pq.Begin.Query", the client and then calls on what came before
	Func  string // the method to call on it, or the full name of a function; empty: none
	SQL   string // which text, see texts
	Event Event  // what happens to the holder then

	Holds  string // what the holder is said to hold: slot, server, parent
	Show   string // what shows that it does: busy, tx, use, or empty where the count suffices
	Result int    // which result holds
	Handle int    // 1-based index of the argument that is what the chain has made; 0: the receiver
	Driver int    // 1-based index of the argument that names the driver
	DSN    int    // 1-based index of the argument that is a connection string
	Moves  bool   // the call takes over what the chain has made
	Warm   bool   // the pool has two idle connections before
}

// Event is something that may free a holder.
type Event struct {
	Method string // of the holder, or the full name of a function that gets it as an argument; "cancel": the end of its context
	When   string // with which outcome: "", "true", "false", "ok", "err"
	Arg    int    // of a function: which argument the holder is
	Ends   bool   // the method is of the holder's parent
}

// Result is what a probe has shown.
type Result struct {
	Script
	Got string
}

// workers is how many scripts run at once: each has a pool of 2 and at most one connection more, and the server has 20.
const workers = 4

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in struct {
		DSN, Admin string
		Within     time.Duration // of every wait for a state; 0: generous
		Scripts    []Script
	}
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	within = cmp.Or(in.Within, within)
	srv, err := watch(context.Background(), in.DSN, in.Admin)
	if err != nil {
		return err
	}
	results := make([]Result, len(in.Scripts))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range next {
				results[i] = Result{Script: in.Scripts[i], Got: probe(srv, fmt.Sprintf("probe%d-%d", os.Getpid(), i), &in.Scripts[i])}
			}
		})
	}
	for i := range in.Scripts {
		next <- i
	}
	close(next)
	wg.Wait()
	return errors.Join(json.NewEncoder(os.Stdout).Encode(results), srv.end(context.Background()))
}

// scriptWithin bounds a script that hangs although it should not.
const scriptWithin = 60 * time.Second

// probe runs a script and returns what it has shown. What the script leaves open is ended.
func probe(srv *server, app string, sc *Script) string {
	b := newBench(srv, app, sc)
	got := make(chan string, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				got <- fmt.Sprintf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		got <- b.run()
	}()
	defer b.end()
	select {
	case s := <-got:
		return s
	case <-time.After(scriptWithin):
		return "hangs"
	}
}
