package run

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const (
	roomy = 64 // connections of a pool in which nobody waits
	spent = 16 // connections that are leaked before they are taken back

	// patience is for what no input and no connection explains: a function that waits, a count that is wrong. Nothing else is decided
	// by it.
	patience = 60 * time.Second
)

// Options are those of Main.
type Options struct {
	Out  string // the file for the results
	Deep int    // how many things can go wrong in one run
	Runs int    // of one function at most

	// Skip is the names of cases that are known to end the process: a goroutine of theirs panics.
	Skip []string

	// Only is the names of the cases that are run; all if it is empty.
	Only []string

	// Server is the connection string of a real server. What needs a bubble is passed over with one, as time passes there.
	Server string
}

// Main runs the cases and writes their results, one JSON object a line, in the order of the cases.
func Main(t *testing.T, cases []Case, o Options) {
	server = o.Server
	results := make([]Result, len(cases))
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			w := new(worker)
			for i := range next {
				done := make(chan Result, 1)
				current := w
				go func() { done <- current.result(t, cases[i], o) }()
				select {
				case results[i] = <-done:
				case <-time.After(patience):
					results[i] = Result{Name: cases[i].Name, Fault: "does not return"}
					w = new(worker) // the other one is lost
				}
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	wg.Wait()

	f, err := os.Create(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewEncoder(f)
	for _, r := range results {
		if err := lines.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A worker keeps its pools from one run to the next.
type worker struct {
	pgx, sql pools
}

// pools returns the pools for a case, in which there is room.
func (w *worker) pools(c Case) pools {
	kept := &w.pgx
	if c.SQL != nil {
		kept = &w.sql
	}
	if *kept != nil && (*kept).inUse() > spent {
		(*kept).reclaim()
		if !settles(*kept, 0) {
			(*kept).close()
			*kept = nil
		}
	}
	if *kept == nil {
		*kept = newPools(c, roomy)
	}
	return *kept
}

// settles waits until so many connections are in use. A pool closes those that come back broken in goroutines of its own.
func settles(p pools, inUse int) bool {
	if _, ok := p.(*sqlPools); ok {
		return p.inUse() == inUse
	}
	for end := time.Now().Add(patience / 6); time.Now().Before(end); time.Sleep(50 * time.Microsecond) {
		if p.inUse() == inUse {
			return true
		}
	}
	return false
}

func newPools(c Case, size int) pools {
	if c.SQL != nil {
		p, err := newSQL(size)
		if err != nil {
			panic(err) // the connection string is ours
		}
		return p
	}
	p, err := newPGX(size)
	if err != nil {
		panic(err) // the connection string is ours
	}
	return p
}

// result runs a case under all its inputs: first those under which all goes well, then those under which one thing goes wrong at
// any place, then two.
func (w *worker) result(t *testing.T, c Case, o Options) Result {
	r := Result{Name: c.Name}
	if slices.Contains(o.Skip, c.Name) {
		r.Fault = "panics in a goroutine"
		return r
	}
	if len(o.Only) > 0 && !slices.Contains(o.Only, c.Name) {
		return r
	}
	if server != "" && c.Cancels {
		return r // when it releases is not known
	}
	queue := c.branches()
	confirmed, refuted := false, false
	for len(queue) > 0 {
		in := queue[0]
		queue = queue[1:]
		if r.Runs == o.Runs {
			r.Capped = true
			break // too many
		}
		r.Runs++
		waits := len(r.Waits)
		widths, leaks, ok := w.run(t, c, in, &r)
		if len(in.choices) < o.Deep {
			queue = append(queue, in.next(widths)...)
		}
		if !ok {
			continue // it panics: the process would end
		}
		switch blocks := false; {
		case server != "": // see there
		case c.Concurrent:
			at := &r.Blocks
			if leaks {
				at = &r.Stuck
			}
			if *at == "" && bubble(t, c, in, 1, nil) {
				*at = in.String()
			}
		case len(r.Waits) > waits && !confirmed:
			confirmed = true
			if blocks = bubble(t, c, in, 1, nil); !blocks {
				r.Fault = "does not wait in a pool of one: " + in.String()
			}
		case len(r.Waits)+len(r.Lost) == 0 && !refuted:
			refuted = true
			if blocks = bubble(t, c, in, 1, nil); blocks {
				r.Fault = "waits in a pool of one: " + in.String()
			}
		}
	}
	return r
}

// run runs a case with one input in pools where nobody waits. It returns in how many ways each event can end, whether something is
// leaked, and false if the function panics.
func (w *worker) run(t *testing.T, c Case, in input, r *Result) (widths []int, leaks, ok bool) {
	if c.Cancels && c.SQL != nil {
		bubble(t, c, in, roomy, func(p pools, panicked bool) {
			widths, leaks, ok = finish(p, in, r, panicked)
		})
		return widths, leaks, ok
	}
	p := w.pools(c)
	panicked := once(context.Background(), p, c, in)
	return finish(p, in, r, panicked)
}

// finish puts into the result what a run has shown.
func finish(p pools, in input, r *Result, panicked bool) (widths []int, leaks, ok bool) {
	rec := p.recorder()
	settled := settles(p, rec.before+rec.out())
	if panicked {
		rec.ended(r)
		if r.Panic == "" {
			r.Panic = in.String()
		}
		return rec.widths, false, false
	}
	if !settled {
		r.Fault = fmt.Sprintf("%d are out, the pool says %d: %s", rec.out(), p.inUse()-rec.before, in)
	}
	rec.report(r)
	return rec.widths, rec.out() > 0, true
}

// once runs a case with one input, and reports whether it panics.
func once(ctx context.Context, p pools, c Case, in input) (panicked bool) {
	defer func() {
		if recover() != nil {
			panicked = true
		}
	}()
	p.recorder().begin(in, p.inUse())
	_ = p.run(ctx, c, in)
	return false
}

// bubble runs a case with one input in a bubble, with pools of some size, and reports whether everybody waited: time passes there
// only then. What is to be looked at after the run is.
func bubble(t *testing.T, c Case, in input, size int, look func(p pools, panicked bool)) (blocked bool) {
	defer func() {
		if recover() != nil {
			blocked = true // goroutines are left that wait for each other
		}
	}()
	synctest.Test(t, func(*testing.T) {
		p := newPools(c, size)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		panicked := once(ctx, p, c, in)
		blocked = ctx.Err() != nil
		synctest.Wait() // database/sql releases in a goroutine
		if look != nil {
			look(p, panicked)
		}
		cancel()
		synctest.Wait()
		p.reclaim()
		synctest.Wait()
		p.close()
	})
	return blocked
}
