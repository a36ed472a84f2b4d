package release

import (
	"cmp"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Moment is something that some path does while the resource of a question is held: a call, or a wait for another goroutine.
type Moment struct {
	At     ssa.Instruction
	Via    ssa.CallInstruction // the call that led to it, if it stands in a declared function that was executed in place
	Given  ParamSet            // what leads the callee to the resource
	Parent ParamSet            // what is the connection or transaction that the resource occupies
}

// ParamSet is a set of parameters, the receiver being number 0. Those beyond the 64th are never in it.
type ParamSet uint64

// Has reports whether parameter i is in the set.
func (s ParamSet) Has(i int) bool { return i >= 0 && s&(1<<i) != 0 }

// Moments is what happens while a resource is held. A call that was executed in place is one of the entered: what counts of it
// is what happened inside.
type Moments struct {
	All     map[Moment]bool
	Entered map[ssa.CallInstruction]bool
}

// join returns what happens in either.
func (m Moments) join(other Moments) Moments {
	if m.All == nil {
		return other
	}
	maps.Copy(m.All, other.All)
	maps.Copy(m.Entered, other.Entered)
	return m
}

// Sorted lists the moments by position.
func (m Moments) Sorted() []Moment {
	return slices.SortedFunc(maps.Keys(m.All), func(a, b Moment) int {
		pos := func(in ssa.CallInstruction) int {
			if in == nil {
				return 0
			}
			return int(in.Common().Pos())
		}
		return cmp.Or(
			cmp.Compare(diag.PosOf(a.At), diag.PosOf(b.At)), cmp.Compare(pos(a.Via), pos(b.Via)),
			cmp.Compare(a.Given, b.Given), cmp.Compare(a.Parent, b.Parent),
		)
	})
}

// occupies reports whether a question is about something that takes a connection, so that what happens meanwhile matters.
func (q *question) occupies(h *hold) bool {
	switch h.class.Resource {
	case catalog.Pool, catalog.Listener, funcClass.Resource, valueClass.Resource:
		return false // no connection of a pool
	case catalog.Stmt:
		return q.site != nil && q.site.Holds != catalog.Nothing // go-pg's
	}
	return q.site != nil || q.watched
}

// note records a call that is made while the resource is held.
func (q *question) note(st *flow.State, c *flow.Call) {
	h := dataOf(st)
	if c.Mode == flow.Go || st.Panicking() || !q.occupies(h) {
		return // another goroutine's, or on a way out that is the exception
	}
	m := Moment{At: c.Instr}
	for i, s := range c.Params() {
		if i >= 64 {
			break // nobody writes such a function
		}
		if reaches(st, s) {
			m.Given |= 1 << i
		}
		if h.parent != nil && handleOf(s) == h.parent {
			m.Parent |= 1 << i
		}
	}
	if row := q.p.RowOf(c.Object, c.Instr); row != nil {
		if handle := q.p.Base(program.WorksOn(c.Instr, row)); handle != nil && reaches(st, q.m.Sym(st, handle)) {
			m.Given |= 1 << program.HandleIndex(c.Instr, row) // at the other end of a query builder
		}
	}
	q.add(m)
}

// wait records that the goroutine waits for another while the resource is held.
func (q *question) wait(st *flow.State, in ssa.Instruction) {
	if h := dataOf(st); h.status != obligation.Held || !q.occupies(h) {
		return // nothing that matters is held
	}
	if send, ok := in.(*ssa.Send); ok && reaches(st, q.m.Sym(st, send.X)) {
		return // who receives it has the connection
	}
	q.add(Moment{At: in})
}

func (q *question) add(m Moment) {
	if len(q.inside) > 0 {
		m.Via = q.inside[0]
	}
	if q.moments.All == nil {
		q.moments = Moments{map[Moment]bool{}, map[ssa.CallInstruction]bool{}}
	}
	q.moments.All[m] = true
}

// enter executes a call in place, and remembers it.
func (q *question) enter(st *flow.State, c *flow.Call) (after []*flow.State, ok bool) {
	if c.Static.Parent() == nil {
		q.inside = append(q.inside, c.Instr)
		defer func() { q.inside = q.inside[:len(q.inside)-1] }()
	}
	after, ok = q.m.Enter(st, c)
	if ok && q.moments.Entered != nil {
		q.moments.Entered[c.Instr] = true
	}
	return after, ok
}

// Within reports whether something of a function is among the moments: it was executed in place.
func (m Moments) Within(fn *ssa.Function) bool {
	for at := range m.All {
		if fn != nil && at.At.Parent() == fn {
			return true
		}
	}
	return false
}
