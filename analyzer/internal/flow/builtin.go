package flow

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
		for _, a := range c.Args[1:] {
			m.leak(st, a, c.Instr)
		}
		if v != nil {
			m.SetResult(st, c, m.Opaque(v, "", v.Type()))
		}
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
