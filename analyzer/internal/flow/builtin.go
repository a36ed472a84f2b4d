package flow

import "strings"

func (m *Machine) builtin(st *State, c *Call, name string) []*State {
	v := c.Value()
	switch name {
	case "recover":
		if !st.unwinding || v == nil {
			m.SetResult(st, c, m.Nil())
			break // no panic is under way; a directly deferred recover stops none
		}
		st.unwinding = false
		s := m.Opaque(v, "", v.Type())
		st.truth[m.IsNil(s)] = false
		st.env()[v] = s
	case "len", "cap":
		m.SetResult(st, c, m.u.intern(Sym{Op: OpLen, Tag: name, Args: c.Args}))
	case "append":
		m.extend(st, c)
	case "ssa:wrapnilchk":
		m.SetResult(st, c, c.Args[0])
	case "panic": // deferred or in a goroutine
		st.panic = c.Mode == InDefer
	default:
		if v != nil {
			m.SetResult(st, c, m.Opaque(v, "", v.Type()))
		}
	}
	return []*State{st}
}

// extend is append: the new slice has the elements of the old one and the ones that are added. Only those that matter to the
// client are followed, as one element that may be at any index.
func (m *Machine) extend(st *State, c *Call) {
	v := c.Value()
	if v == nil || m.Hooks.Keep == nil {
		m.SetResults(st, c, m.ResultParts(c))
		return // nobody sees the result
	}
	s := m.Opaque(v, "", v.Type())
	for _, a := range c.Args {
		base := LocOf(a)
		for _, l := range st.locs() {
			inside := l.Base == base.Base && within(l.Path, base.Path) && strings.HasPrefix(l.Path[len(base.Path):], "[")
			if inside && m.Hooks.Keep(st, st.mem[l]) {
				st.mem[Loc{s, anyIndex}] = st.mem[l]
			}
		}
	}
	m.SetResult(st, c, s)
}

// anyIndex is the path of an element at an index that is not known.
const anyIndex = "[?]"

// element returns what the client follows among the elements of a collection, nil if there is none.
func (m *Machine) element(st *State, l Loc) *Sym {
	i := strings.LastIndexByte(l.Path, '[')
	if i < 0 || m.Hooks.Keep == nil || !st.Within(l.Base, func(s *Sym) bool { return m.Hooks.Keep(st, s) }) {
		return nil
	}
	for _, k := range st.locs() { // in a fixed order, as there may be several
		if k.Base == l.Base && strings.HasPrefix(k.Path, l.Path[:i]+"[") && m.Hooks.Keep(st, st.mem[k]) {
			return st.mem[k]
		}
	}
	return nil
}
