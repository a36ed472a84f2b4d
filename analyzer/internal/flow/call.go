package flow

import (
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Mode is how a call is made.
type Mode uint8

const (
	Normal  Mode = iota
	InDefer      // it runs now, at the end of the function that deferred it
	Go           // it runs in a goroutine of its own
)

// Call is a call with its symbols, as the client sees it.
type Call struct {
	Instr  ssa.CallInstruction
	Mode   Mode
	Fn     *Sym   // the function called, nil for a method of an interface
	Recv   *Sym   // the receiver of a method, nil otherwise
	Args   []*Sym // without the receiver
	Object *types.Func
	Static *ssa.Function // the function called, if there is only one; nil for interfaces and unknown function values
}

// syms lists the symbols of the call.
func (c *Call) syms() []*Sym {
	var out []*Sym
	if c.Fn != nil {
		out = append(out, c.Fn)
	}
	if c.Recv != nil {
		out = append(out, c.Recv)
	}
	return append(out, c.Args...)
}

// Symbols lists the symbols a callee is given: function value, receiver and arguments.
func (c *Call) Symbols() []*Sym { return c.syms() }

func (c *Call) rename(f func(*Sym) *Sym) *Call {
	d := *c
	changed := false
	move := func(s *Sym) *Sym {
		if s == nil {
			return nil
		}
		r := f(s)
		changed = changed || r != s
		return r
	}
	d.Fn, d.Recv = move(c.Fn), move(c.Recv)
	d.Args = make([]*Sym, len(c.Args))
	for i, a := range c.Args {
		d.Args[i] = move(a)
	}
	if !changed {
		return c
	}
	return &d
}

// Value returns the value of the call, nil if it has none (go, defer).
func (c *Call) Value() ssa.Value {
	if v, ok := c.Instr.(*ssa.Call); ok {
		return v
	}
	return nil
}

// Method returns the receiver and arguments as the parameters of a declared function: the receiver first.
func (c *Call) Params() []*Sym {
	if c.Recv == nil {
		return c.Args
	}
	return append([]*Sym{c.Recv}, c.Args...)
}

// prepare collects what a call instruction is given at this point.
func (m *Machine) prepare(st *State, in ssa.CallInstruction, mode Mode) *Call {
	common := in.Common()
	c := &Call{Instr: in, Mode: mode}
	for _, a := range common.Args {
		c.Args = append(c.Args, m.Sym(st, a))
	}
	if common.IsInvoke() {
		c.Recv, c.Object = m.Sym(st, common.Value), common.Method
		return c
	}
	c.Fn = m.Sym(st, common.Value)
	c.resolve()
	return c
}

// resolve finds the declared function behind the function value, and splits off the receiver.
func (c *Call) resolve() {
	fn := c.Fn.Fn()
	if fn == nil {
		return // a function value of unknown origin
	}
	c.Static = fn
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return // a literal
	}
	c.Object = obj.Origin()
	isMethod := obj.Signature().Recv() != nil
	switch {
	case isMethod && c.Fn.Op == OpClosure && len(c.Fn.Args) == 1 && isForwarder(fn): // a bound method: rows.Close
		c.Recv = c.Fn.Args[0]
		c.Static = fn.Prog.FuncValue(obj)
	case isMethod && len(c.Args) > 0 && len(fn.FreeVars) == 0: // a method, or a method expression
		c.Recv, c.Args = c.Args[0], c.Args[1:]
		if isForwarder(fn) && strings.HasSuffix(fn.Name(), "$thunk") {
			c.Static = fn.Prog.FuncValue(obj)
		}
	}
}

// call executes a call. It takes over st.
func (m *Machine) call(st *State, c *Call) []*State {
	if b, ok := c.Instr.Common().Value.(*ssa.Builtin); ok && !c.Instr.Common().IsInvoke() {
		return m.builtin(st, c, b.Name())
	}
	if fn := c.Static; fn != nil && isForwarder(fn) {
		if after, ok := m.Enter(st, c); ok {
			return after
		}
	}
	if m.Hooks.Call != nil {
		if after, known := m.Hooks.Call(st, c); known {
			return after
		}
	}
	m.Unknown(st, c)
	return []*State{st}
}

// isForwarder recognizes what ssa makes for a bound method value, a method expression or a promoted method: a body that only
// calls the method.
func isForwarder(fn *ssa.Function) bool {
	return fn.Synthetic != "" && fn.Syntax() == nil && fn.Parent() == nil && fn.Origin() == nil && len(fn.Blocks) == 1
}

// Enter executes the body of a call's function in place and binds its results. ok is false if that cannot be done; st is
// untouched then.
func (m *Machine) Enter(st *State, c *Call) (after []*State, ok bool) {
	fn := c.Static
	if fn == nil {
		return nil, false
	}
	var free []*Sym
	if c.Fn != nil && c.Fn.Op == OpClosure && c.Fn.Fn() == fn {
		free = c.Fn.Args
	}
	exits, ok := m.Inline(st, fn, c.Params(), free)
	if !ok {
		return nil, false
	}
	for _, e := range exits {
		switch {
		case e.State.panic:
		case len(e.Results) == 1:
			m.SetResult(e.State, c, e.Results[0])
		case len(e.Results) > 1:
			m.SetResult(e.State, c, m.Tuple(e.Results))
		case e.At != nil && c.Value() != nil:
			m.SetResult(e.State, c, m.Opaque(c.Value(), "", c.Value().Type()))
		}
		after = append(after, e.State)
	}
	return after, true
}

// SetResult binds the result of a call; a call without a value ignores it.
func (m *Machine) SetResult(st *State, c *Call, s *Sym) {
	if v := c.Value(); v != nil && c.Mode != InDefer {
		st.env()[v] = s
	}
}

// ResultParts returns fresh symbols for the results of a call, one per result.
func (m *Machine) ResultParts(c *Call) []*Sym {
	sig := c.Instr.Common().Signature()
	v := c.Value()
	out := make([]*Sym, sig.Results().Len())
	for i := range out {
		t := sig.Results().At(i).Type()
		switch {
		case v == nil: // go or defer: nobody sees it, and nothing is known of it
			out[i] = m.u.intern(Sym{Op: OpJoin, Tag: "result" + strconv.Itoa(i) + "@" + strconv.Itoa(int(c.Instr.Pos())), T: t})
		case len(out) == 1:
			out[i] = m.Opaque(v, "", t)
		default:
			out[i] = m.Opaque(v, "#"+strconv.Itoa(i), t)
		}
	}
	return out
}

// SetResults binds all results of a call.
func (m *Machine) SetResults(st *State, c *Call, parts []*Sym) {
	switch len(parts) {
	case 0:
	case 1:
		m.SetResult(st, c, parts[0])
	default:
		m.SetResult(st, c, m.Tuple(parts))
	}
}

// Unknown is a call of which nothing is known: its results are new, and what its arguments point to may have changed.
func (m *Machine) Unknown(st *State, c *Call) {
	parts := m.ResultParts(c)
	if c.Object != nil {
		switch c.Object.FullName() {
		case "errors.Is", "errors.As", "errors.AsType":
			parts[len(parts)-1] = m.Pred(c.Object.Name(), c.Args...)
		case "errors.New", "fmt.Errorf":
			st.truth[m.IsNil(parts[0])] = false
		case "(*sync/atomic.Bool).CompareAndSwap", "(*sync/atomic.Int32).CompareAndSwap", "sync/atomic.CompareAndSwapInt32":
			parts[0] = m.Bool(true) // a guard that lets the first one through
		}
	}
	m.Clobber(st, c)
	m.keepNil(st, c, parts)
	if n := len(parts) - 1; n >= 0 {
		switch m.fateOf(c.Static) {
		case neverError:
			parts[n] = m.Nil()
		case alwaysError:
			st.truth[m.IsNil(parts[n])] = false
		}
	}
	m.SetResults(st, c, parts)
}

// Clobber forgets the content of the variables that a call is given a pointer to.
func (m *Machine) Clobber(st *State, c *Call) {
	seen := map[*Sym]bool{}
	var visit func(*Sym)
	visit = func(s *Sym) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		for i, a := range s.Args {
			if s.Op == OpClosure && a.IsLocal() && i < len(s.Fn().FreeVars) && !assigned(s.Fn().FreeVars[i]) {
				visit(st.mem[Loc{a, ""}]) // the literal sees the variable, and leaves it as it is
				continue
			}
			visit(a)
		}
		if !s.IsLocal() {
			return // the memory of others is not followed that far
		}
		for _, l := range st.locs() {
			if l.Base == s {
				visit(st.mem[l])
			}
		}
	}
	for _, s := range c.syms() {
		visit(s)
	}
	anchor, _ := c.Instr.(ssa.Value)
	for _, l := range st.locs() {
		if !seen[l.Base] || !l.Base.IsLocal() || isArgs(l.Base) {
			continue
		}
		if s := st.mem[l]; m.Hooks.Keep != nil && m.Hooks.Keep(st, s) {
			continue // the client knows better
		}
		st.mem[l] = m.changed(anchor, c, l)
	}
}

// changed is what a call left in a variable.
func (m *Machine) changed(anchor ssa.Value, c *Call, l Loc) *Sym {
	tag := "after" + strconv.Itoa(int(c.Instr.Pos())) + l.Path
	if anchor != nil {
		return m.u.intern(Sym{Op: OpOpaque, V: anchor, Tag: tag, Args: []*Sym{l.Base}})
	}
	return m.u.intern(Sym{Op: OpJoin, Tag: tag, Args: []*Sym{l.Base}})
}

// isArgs recognizes the slice of variadic arguments, which only the callee sees.
func isArgs(base *Sym) bool {
	a, ok := base.V.(*ssa.Alloc)
	return ok && a.Comment == "varargs"
}
