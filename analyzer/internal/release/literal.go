package release

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// onlyUses reports whether all the callee gets of the resource are function literals that use it without releasing or
// storing it: whoever runs them, the resource stays where it is.
func (q *question) onlyUses(st *flow.State, c *flow.Call) bool {
	for _, s := range c.Symbols() {
		if !reaches(st, s) {
			continue
		}
		if s.Op != flow.OpClosure || !obligation.All(q.calling(st, s), obligation.Held) {
			return false
		}
	}
	return true
}

// goroutine is a go statement that is given the resource. If the goroutine releases it, it has taken it over.
func (q *question) goroutine(st *flow.State, c *flow.Call) []*flow.State {
	run := *c
	run.Mode = flow.Normal
	known := false
	out := statuses(q.aside(func() (after []*flow.State) {
		after, known = q.pass(st.Clone(), &run)
		return after
	}))
	switch {
	case known && obligation.All(out, obligation.Held):
		return []*flow.State{st} // it only uses it
	case known && obligation.All(out, obligation.Released):
		return []*flow.State{settle(st, obligation.Released)}
	case known && obligation.Any(out, obligation.Released) && !obligation.Any(out, obligation.Escaped):
		held := change(st.Clone(), func(h *hold) { h.started = c.Instr })
		return []*flow.State{held, settle(st, obligation.Released)} // who started it may still release it
	}
	return []*flow.State{settle(st, obligation.Escaped)} // kept, or not known
}

// aside runs something for the states after it, on which a site's question would stop as settled.
func (q *question) aside(run func() []*flow.State) []*flow.State {
	site := q.site
	q.site = nil
	defer func() { q.site = site }()
	return run()
}

// statuses lists what has become of the resource in each state that goes on.
func statuses(after []*flow.State) []obligation.Outcome {
	var out []obligation.Outcome
	for _, s := range after {
		if !s.Panicking() {
			out = append(out, obligation.Outcome{Status: dataOf(s).status})
		}
	}
	return out
}

// callClosure runs a closure with unknown arguments. The body of a range over a function is run up to twice, as its variables
// may carry something from one iteration to the next.
func (q *question) callClosure(st *flow.State, closure *flow.Sym) []*flow.State {
	fn := closure.Fn()
	if fn == nil {
		return nil
	}
	out := q.callOnce(st, closure, fn, "1")
	if fn.Synthetic != "range-over-func yield" {
		return states(out)
	}
	all := out
	for _, e := range out {
		if e.State.Panicking() || len(e.Results) == 0 {
			continue // the loop is left
		}
		if more, known := q.m.Known(e.State, e.Results[0]); known && !more {
			continue // break, return
		}
		all = append(all, q.callOnce(e.State.Clone(), closure, fn, "2")...)
	}
	return states(all)
}

func states(exits []flow.Exit) []*flow.State {
	var out []*flow.State
	for _, e := range exits {
		out = append(out, e.State)
	}
	return out
}

func (q *question) callOnce(st *flow.State, closure *flow.Sym, fn *ssa.Function, round string) []flow.Exit {
	var args, free []*flow.Sym
	bound := fn.Parent() == nil // a bound method: its free variable is the receiver
	for _, p := range fn.Params {
		args = append(args, q.m.Opaque(p, "call"+round, p.Type()))
	}
	free = closure.Args
	if len(fn.FreeVars) == 0 && !bound {
		free = nil
	}
	exits, ok := q.m.Inline(st, fn, args, free)
	if !ok {
		return []flow.Exit{{State: settle(st, obligation.Escaped)}} // recursion, or a wrapper without a body
	}
	return exits
}
