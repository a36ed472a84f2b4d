package flow

import (
	"go/token"
	"maps"

	"golang.org/x/tools/go/ssa"
)

// Hooks are the client's decisions. A nil hook decides nothing.
type Hooks struct {
	// Call is asked at each call, at the time it runs. It returns the states after the call, each with the result bound by
	// Machine.SetResult; known is false if the client leaves the call to the machine, which assumes nothing of it.
	Call func(st *State, c *Call) (after []*State, known bool)
	// Leak is told that a symbol becomes reachable from outside the functions being executed.
	Leak func(st *State, s *Sym, in ssa.Instruction)
	// Store is told of each store, after it.
	Store func(st *State, l Loc, s *Sym, in *ssa.Store)
	// Keep says that a call of unknown effect leaves a variable with this content alone.
	Keep func(st *State, s *Sym) bool
	// Stop says that nothing more is to be learned on this path.
	Stop func(st *State) bool
	// Wait is told of an instruction, other than a call, at which the goroutine may wait for another: a send, a receive, a
	// select without a default.
	Wait func(st *State, in ssa.Instruction)
}

// maxDepth bounds how deep function literals are executed in place.
const maxDepth = 6

// Machine executes functions of one program. It is for one question and one goroutine.
type Machine struct {
	Hooks  Hooks
	u      universe
	shapes map[*ssa.Function]*shape
	fates  map[*ssa.Function]fate
	active []*ssa.Function // being executed, innermost last
	visits int
	// MaxVisits bounds the blocks executed in one Run. A function that needs more is left alone.
	MaxVisits int
	// KeepParams keeps what a path finds out about parameters to the end, as the outcome may depend on it.
	KeepParams bool
	// GaveUp is set when the function was too large to be executed on all paths.
	GaveUp bool
}

// NewMachine returns a machine with the given hooks.
func NewMachine(h Hooks) *Machine {
	return &Machine{
		Hooks: h,

		MaxVisits: 4000,

		u:      universe{byKey: map[string]*Sym{}, vals: map[ssa.Value]int{}},
		shapes: map[*ssa.Function]*shape{},
		fates:  map[*ssa.Function]fate{},
	}
}

// Exit is one way a function ends.
type Exit struct {
	State   *State
	Results []*Sym
	At      ssa.Instruction // the return, or the panic that was recovered; nil if unwinding
}

// Run executes fn from its entry. bind may set parameters and free variables; the others stand for themselves.
func (m *Machine) Run(fn *ssa.Function, d Data, bind func(*State)) []Exit {
	st := newState(d)
	for _, p := range fn.Params {
		st.Bind(p, m.Opaque(p, "", p.Type()))
	}
	for _, p := range fn.FreeVars {
		st.Bind(p, m.Opaque(p, "", p.Type()))
	}
	if bind != nil {
		bind(st)
	}
	return m.exec(fn, st)
}

// Bind sets the symbol of a parameter or free variable in the current function.
func (st *State) Bind(v ssa.Value, s *Sym) { st.env()[v] = s }

// Depth is how many functions are being executed: 1 in the function that Run was given.
func (m *Machine) Depth() int { return len(m.active) }

// Inline executes fn in place, in the caller's state, and returns its exits with the caller's values restored. ok is false
// if it cannot be executed: no body, recursion, or too deep.
func (m *Machine) Inline(st *State, fn *ssa.Function, args, free []*Sym) (exits []Exit, ok bool) {
	if len(fn.Blocks) == 0 || len(m.active) >= maxDepth || len(args) != len(fn.Params) || len(free) != len(fn.FreeVars) {
		return nil, false
	}
	for _, a := range m.active {
		if a == fn {
			return nil, false // recursion
		}
	}
	in := st.Clone()
	env := map[ssa.Value]*Sym{}
	for i, p := range fn.Params {
		env[p] = args[i]
	}
	for i, p := range fn.FreeVars {
		env[p] = free[i]
	}
	in.frames = append(in.frames, env)
	exits = m.exec(fn, in)
	for i := range exits {
		s := exits[i].State
		s.frames = s.frames[:len(s.frames)-1]
		top := len(s.frames) - 1
		s.frames[top] = maps.Clone(s.frames[top]) // the exits share the caller's values until here
	}
	return exits, true
}

type work struct {
	block, pred *ssa.BasicBlock
	st          *State
}

// exec runs fn in the innermost frame of st, which it takes over.
func (m *Machine) exec(fn *ssa.Function, st *State) []Exit {
	m.active = append(m.active, fn)
	defer func() { m.active = m.active[:len(m.active)-1] }()
	sh := m.shape(fn)
	seen := make([]visited, len(fn.Blocks))
	var exits []Exit
	queue := []work{{block: fn.Blocks[0], st: st}}
	for len(queue) > 0 && !m.GaveUp {
		w := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		m.enter(w)
		m.prune(w.st, sh, w.block)
		v := &seen[w.block.Index]
		if v.keys == nil {
			*v = visited{keys: map[string]bool{}, groups: map[string][]*State{}}
		}
		s := v.admit(m, sh, w.block, w.st)
		if s == nil {
			continue // already executed from an equal state
		}
		if m.visits++; m.visits > m.MaxVisits {
			m.GaveUp = true
		}
		next, out := m.block(w.block, s)
		exits = append(exits, out...)
		for i := len(next) - 1; i >= 0; i-- { // the first successor is executed first
			queue = append(queue, next[i])
		}
	}
	return exits
}

// enter gives the phis of a block the values of the edge it is entered by.
func (m *Machine) enter(w work) {
	if w.pred == nil {
		return // the entry block has no phis
	}
	pred := predIndex(w.block, w.pred)
	var phis []*ssa.Phi
	var vals []*Sym
	for _, in := range w.block.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		phis = append(phis, phi)
		vals = append(vals, m.Sym(w.st, phi.Edges[pred]))
	}
	for i, phi := range phis {
		w.st.env()[phi] = vals[i]
	}
	if m.backEdge(w) {
		m.forgetLoads(w.st)
	}
}

// backEdge reports whether the edge closes a loop.
func (m *Machine) backEdge(w work) bool { return w.block.Dominates(w.pred) }

// forgetLoads drops what is known of memory that others can write: a loop may wait for it to change.
func (m *Machine) forgetLoads(st *State) {
	for c := range st.truth {
		if c.Mentions(func(s *Sym) bool { return s.Op == OpLoad && !isFixed(s) }) {
			delete(st.truth, c)
		}
	}
}

// block executes a block and returns where control goes.
func (m *Machine) block(b *ssa.BasicBlock, st *State) (next []work, exits []Exit) {
	states := []*State{st}
	for _, in := range b.Instrs {
		switch in := in.(type) {
		case *ssa.Phi:
			// set by enter
		case *ssa.If:
			for _, s := range states {
				next = append(next, m.branch(b, s, in)...)
			}
			return next, exits
		case *ssa.Jump:
			for _, s := range states {
				next = append(next, work{b.Succs[0], b, s})
			}
			return next, exits
		case *ssa.Return:
			for _, s := range states {
				results := make([]*Sym, len(in.Results))
				for i, r := range in.Results {
					results[i] = m.Sym(s, r)
				}
				exits = append(exits, Exit{s, results, in})
			}
			return next, exits
		case *ssa.Panic:
			if isNoReturn(in) {
				return nil, exits // the call before it ends the process
			}
			for _, s := range states {
				exits = append(exits, m.unwind(b.Parent(), s, in)...)
			}
			return nil, exits
		default:
			var after []*State
			for _, s := range states {
				if m.Hooks.Wait != nil && waits(in) {
					m.Hooks.Wait(s, in)
				}
				for _, t := range m.step(s, in) {
					switch {
					case m.Hooks.Stop != nil && m.Hooks.Stop(t):
						continue // the client has seen enough
					case t.panic:
						exits = append(exits, m.unwind(b.Parent(), t, in)...)
					default:
						after = append(after, t)
					}
				}
			}
			states = after
		}
	}
	return next, exits
}

// waits reports whether a goroutine may wait at an instruction for another one.
func waits(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Send:
		return true
	case *ssa.Select:
		return in.Blocking
	case *ssa.UnOp:
		return in.Op == token.ARROW
	}
	return false
}

// isNoReturn recognizes the panic that ssa puts behind a call that does not return.
func isNoReturn(p *ssa.Panic) bool {
	mi, ok := p.X.(*ssa.MakeInterface)
	if !ok {
		return false
	}
	c, ok := mi.X.(*ssa.Const)
	return ok && c.Value != nil && c.Value.ExactString() == `"noreturn"` && !p.Pos().IsValid()
}

// branch splits a state at a condition.
func (m *Machine) branch(b *ssa.BasicBlock, st *State, in *ssa.If) []work {
	cond := m.Sym(st, in.Cond)
	if v, ok := m.Known(st, cond); ok {
		if v {
			return []work{{b.Succs[0], b, st}}
		}
		return []work{{b.Succs[1], b, st}}
	}
	var out []work
	no := st.Clone()
	if m.Assume(st, cond, true) {
		out = append(out, work{b.Succs[0], b, st})
	}
	if m.Assume(no, cond, false) {
		out = append(out, work{b.Succs[1], b, no})
	}
	return out
}

// unwind runs the deferred calls of fn after a panic. If one of them recovers, fn returns its named results.
func (m *Machine) unwind(fn *ssa.Function, st *State, at ssa.Instruction) []Exit {
	st.panic, st.unwinding = false, true
	var exits []Exit
	for _, s := range m.runDefers(st, fn) {
		switch {
		case s.panic: // a deferred call panics in its turn
			exits = append(exits, m.unwind(fn, s, at)...)
		case s.unwinding: // goes on in the caller
			s.panic, s.unwinding = true, false
			exits = append(exits, Exit{State: s})
		default:
			exits = append(exits, m.recovered(fn, s, at)...)
		}
	}
	return exits
}

// recovered returns from fn after a recover: ssa has a block of its own for that.
func (m *Machine) recovered(fn *ssa.Function, st *State, at ssa.Instruction) []Exit {
	if fn.Recover == nil {
		return []Exit{{State: st, At: at}}
	}
	_, exits := m.block(fn.Recover, st)
	for i := range exits {
		exits[i].At = at
	}
	return exits
}
