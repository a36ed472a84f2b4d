package run

import (
	"errors"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// A recorder knows what happens to the connections of one pair of pools during a run, and makes go wrong what the input says.
type recorder struct {
	mu     sync.Mutex
	in     input
	widths []int // of the events so far: in how many ways each can end
	holds  []*hold
	wants  []want
	before int // connections that were in use before
}

// hold is the time in which a connection is out of its pool.
type hold struct {
	pool, conn      any
	stack           []uintptr
	released, dirty bool
}

// want is that a connection is asked for while others of the pool are held.
type want struct {
	stack []uintptr
	held  []*hold
}

var errAcquire = errors.New("no connection")

// begin starts a run, with so many connections in use.
func (r *recorder) begin(in input, inUse int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.in, r.widths, r.holds, r.wants, r.before = in, nil, nil, nil, inUse
}

// Choose chooses how the next event ends.
func (r *recorder) Choose(outcomes int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.choose(outcomes)
}

func (r *recorder) choose(outcomes int) int {
	point := len(r.widths)
	r.widths = append(r.widths, outcomes)
	for _, c := range r.in.choices {
		if c.point == point {
			return c.outcome
		}
	}
	return 0
}

// want notes that a connection is asked for, and reports whether it can be had.
func (r *recorder) want(pool any) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	var held []*hold
	for _, h := range r.holds {
		if h.pool == pool && !h.released {
			held = append(held, h)
		}
	}
	r.wants = append(r.wants, want{callers(), held})
	return r.choose(2) == 0
}

// got notes that a connection is handed out.
func (r *recorder) got(pool, conn any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holds = append(r.holds, &hold{pool: pool, conn: conn, stack: callers()})
}

// put notes that a connection comes back.
func (r *recorder) put(conn any, dirty bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.holds {
		if h.conn == conn && !h.released {
			h.released, h.dirty = true, dirty
		}
	}
}

// out returns how many connections have not come back.
func (r *recorder) out() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, h := range r.holds {
		if !h.released {
			n++
		}
	}
	return n
}

// ended adds to the result what is out when the process ends.
func (r *recorder) ended(to *Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.holds {
		if !h.released {
			note(&to.Ended, h.stack, r.in)
		}
	}
}

// report adds to the result what the run has shown.
func (r *recorder) report(to *Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range r.holds {
		note(&to.Takes, h.stack, r.in)
		switch {
		case !h.released:
			note(&to.Leaks, h.stack, r.in)
		case h.dirty:
			note(&to.Dirty, h.stack, r.in)
		}
	}
	for _, w := range r.wants {
		note(&to.Asks, w.stack, r.in)
		for _, h := range w.held {
			if h.released {
				note(&to.Waits, w.stack, r.in)
			} else {
				note(&to.Lost, w.stack, r.in)
			}
		}
	}
}

// callers returns where the client is called from.
func callers() []uintptr {
	var stack [64]uintptr
	return slices.Clone(stack[:runtime.Callers(3, stack[:])])
}

// note adds a site, if it is a new one.
func note(sites *[]Site, stack []uintptr, in input) {
	for _, s := range *sites {
		if slices.Equal(s.stack, stack) {
			return // it is known
		}
	}
	var lines []int
	spawned := true
	frames := runtime.CallersFrames(stack)
	for {
		frame, more := frames.Next()
		if strings.Contains(frame.File, "/batch/p") && path.Base(frame.File) != "shared.go" {
			lines = append(lines, frame.Line)
		}
		if strings.HasSuffix(frame.Function, "/generated/run.once") {
			spawned = false
		}
		if !more {
			break
		}
	}
	for _, s := range *sites {
		if slices.Equal(s.Lines, lines) {
			return // it is known
		}
	}
	*sites = append(*sites, Site{lines, in.String(), spawned, stack})
}
