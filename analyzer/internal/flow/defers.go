package flow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// pushDefer remembers a deferred call with the symbols it is given now.
func (m *Machine) pushDefer(st *State, in *ssa.Defer) {
	c := m.prepare(st, in, InDefer)
	owner := in.Parent()
	for owner.Synthetic == "range-over-func yield" && owner.Parent() != nil {
		owner = owner.Parent() // the body of a range over a function defers in the function that has the loop
	}
	d := Deferred{Call: c, owner: owner}
	same := -1
	n := 0
	for k, e := range st.defers {
		if e.Call.Instr != in {
			continue // another statement
		}
		if slices.Equal(e.Call.syms(), c.syms()) {
			return // the same call is pending already
		}
		if n++; same < 0 && !m.keeps(st, e.Call) {
			same = k
		}
	}
	if n >= maxPending {
		if same < 0 {
			return // all pending ones matter to the client
		}
		st.defers = slices.Delete(slices.Clone(st.defers), same, same+1)
	}
	st.defers = append(slices.Clip(st.defers), d)
}

// maxPending is how many pending calls of one defer statement in a loop are kept apart: one of an earlier iteration and one
// of the current.
const maxPending = 2

// keeps reports whether a pending call matters to the client.
func (m *Machine) keeps(st *State, c *Call) bool {
	if m.Hooks.Keep == nil {
		return false
	}
	return slices.ContainsFunc(c.syms(), func(s *Sym) bool { return m.Hooks.Keep(st, s) })
}

// runDefers runs the deferred calls of fn, the last one first. It takes over st.
func (m *Machine) runDefers(st *State, fn *ssa.Function) []*State {
	i := len(st.defers) - 1
	for i >= 0 && st.defers[i].owner != fn {
		i--
	}
	if i < 0 {
		return []*State{st}
	}
	d := st.defers[i]
	st.defers = slices.Delete(slices.Clone(st.defers), i, i+1)
	var out []*State
	for _, s := range m.call(st, d.Call) {
		if m.Hooks.Stop != nil && m.Hooks.Stop(s) {
			continue // the client has seen enough
		}
		if s.panic {
			out = append(out, s) // the others run while it unwinds
			continue
		}
		out = append(out, m.runDefers(s, fn)...)
	}
	return out
}

// RunDeferred runs the pending deferred calls of fn on a copy of the state: what would be, if fn returned now.
func (m *Machine) RunDeferred(st *State, fn *ssa.Function) []*State {
	return m.runDefers(st.Clone(), fn)
}
