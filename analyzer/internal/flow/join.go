package flow

import (
	"maps"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// maxStates is how many states with the same data a block may see before they are joined. 8 keeps three independent flags
// apart, more than any function of the real programs poolvet was tried on needs near one resource.
const maxStates = 8

// visited is what a block has been entered with.
type visited struct {
	keys   map[string]bool
	groups map[string][]*State // by data and deferred calls
}

// admit returns the state with which to execute the block, nil if nothing new would be learned. It takes over st.
func (v *visited) admit(m *Machine, sh *shape, b *ssa.BasicBlock, st *State) *State {
	key := st.key(sh)
	if v.keys[key] {
		return nil // the block was executed in exactly this state
	}
	group := st.Data.Key() + st.defersKey()
	states := v.groups[group]
	if len(states) >= maxStates {
		joined := m.join(sh, b, states[len(states)-1], st)
		m.prune(joined, sh, b)
		key = joined.key(sh)
		if v.keys[key] {
			return nil // nothing new after joining
		}
		states[len(states)-1] = joined.Clone()
		v.keys[key] = true
		return joined
	}
	v.keys[key] = true
	v.groups[group] = append(states, st.Clone())
	return st
}

// join forgets what x and y do not agree on. Both have the same data, deferred calls and frames.
func (m *Machine) join(sh *shape, b *ssa.BasicBlock, x, y *State) *State {
	j := x.Clone()
	for c, v := range j.truth {
		if w, ok := y.truth[c]; !ok || w != v {
			delete(j.truth, c)
		}
	}
	at := "@" + strconv.Itoa(b.Index)
	for v, s := range x.env() {
		if t := y.env()[v]; t != s {
			j.env()[v] = m.meet(j, x, y, s, t, Sym{Op: OpJoin, Tag: "v" + strconv.Itoa(sh.index[v]) + at})
		}
	}
	for l, s := range x.mem {
		if t := y.mem[l]; t != s {
			j.mem[l] = m.meet(j, x, y, s, t, Sym{Op: OpJoin, Args: []*Sym{l.Base}, Tag: "m" + l.Path + at})
		}
	}
	return j
}

// meet returns a symbol for a value that is s in x and t in y, and keeps what both know of it: its truth, whether it is nil,
// and which constants it is or is not.
func (m *Machine) meet(j, x, y *State, s, t *Sym, name Sym) *Sym {
	if keep := m.Hooks.Keep; keep != nil {
		switch {
		case keep(x, s):
			return s // what the client follows is not forgotten
		case t != nil && keep(y, t):
			for l, v := range y.mem {
				if _, ok := j.mem[l]; !ok {
					j.mem[l] = v // what leads to it in y
				}
			}
			return t
		}
	}
	p := m.u.intern(name)
	if t == nil {
		return p // one of them does not know it at all
	}
	if v, ok := m.Known(x, s); ok {
		if w, ok := m.Known(y, t); ok && v == w {
			return m.Bool(v)
		}
	}
	same := func(a, b, of *Sym) {
		v, ok := m.Known(x, a)
		if w, known := m.Known(y, b); ok && known && v == w {
			j.truth[of] = v
		}
	}
	same(m.IsNil(s), m.IsNil(t), m.IsNil(p))
	for c := range x.truth {
		if c.Op == OpEq && c.Args[0] == s && c.Args[1].Op == OpConst {
			same(c, m.equal(t, c.Args[1]), m.equal(p, c.Args[1]))
		}
	}
	return p
}

// retire makes room for a new value of an instruction that is executed again: what an earlier iteration left under the same
// symbol is renamed, and what was known of it is forgotten.
func (m *Machine) retire(st *State, v ssa.Value) {
	stale := func(s *Sym) bool { return s.Op == OpOpaque && s.V == v && s.Gen == 0 }
	memo := map[*Sym]*Sym{}
	var rename func(*Sym) *Sym
	rename = func(s *Sym) *Sym {
		if r, ok := memo[s]; ok {
			return r
		}
		r := s
		if stale(s) {
			c := *s
			c.Gen = 1
			r = m.u.intern(c)
		} else if len(s.Args) > 0 {
			c := *s
			c.Args = make([]*Sym, len(s.Args))
			changed := false
			for i, a := range s.Args {
				c.Args[i] = rename(a)
				changed = changed || c.Args[i] != a
			}
			if changed {
				r = m.u.intern(c)
			}
		}
		memo[s] = r
		return r
	}
	for i, f := range st.frames {
		st.frames[i] = renameAll(f, rename)
	}
	for l, s := range st.mem {
		if base, val := rename(l.Base), rename(s); base != l.Base || val != s {
			delete(st.mem, l)
			st.mem[Loc{base, l.Path}] = val
		}
	}
	isV := func(s *Sym) bool { return s.Op == OpOpaque && s.V == v }
	for c := range st.truth {
		if c.Mentions(isV) {
			delete(st.truth, c)
		}
	}
	for i, d := range st.defers {
		if c := d.Call.rename(rename); c != d.Call {
			st.defers = slices.Clone(st.defers) // other states share the stack
			st.defers[i].Call = c
		}
	}
	st.Data = st.Data.Rename(rename)
}

// renameAll returns f with its symbols renamed: f itself if nothing changes, else a copy, as other states may share it.
func renameAll(f map[ssa.Value]*Sym, rename func(*Sym) *Sym) map[ssa.Value]*Sym {
	g, copied := f, false
	for k, s := range f {
		r := rename(s)
		if r == s {
			continue // most values do not come from the instruction that is executed again
		}
		if !copied {
			g, copied = maps.Clone(f), true
		}
		g[k] = r
	}
	return g
}
