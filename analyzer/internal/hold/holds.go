// Package hold looks at what is done while a connection is held: a second one is wanted, one that is busy is used, something slow is
// waited for. It counts how many connections a goroutine holds at once.
//
// It does not know how a resource is followed, what a function takes and which pools are one: it asks the rooms below.
package hold

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/slow"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// Wait is a place where a goroutine may wait for a connection while it holds one, or uses one that is busy.
type Wait struct {
	At     ssa.Instruction // the call that wants it, or the wait for goroutines that do
	Kind   WaitKind
	Take   fact.Take
	Holder Holder
	Sure   bool // it is the same pool by the same variable; else nothing shows two
	Conns  int  // how many connections the goroutine has then; see MaxConns
}

// WaitKind is what is wrong at a wait.
type WaitKind uint8

const (
	SecondConn    WaitKind = iota // the call takes another connection of the pool
	BusyConn                      // the call uses a connection or transaction that is busy
	ForGoroutines                 // it waits for goroutines that take one
	InHook                        // the pool runs it to make or to hand out a connection
	BothOrders                    // the pools are two, and elsewhere they are taken in the other order
	WhereTheyMeet                 // a type is given for an interface whose methods are called while a connection is held
)

// Holder is what holds the connection meanwhile.
type Holder struct {
	Site     *release.Site       // a call that took it
	Param    *ssa.Parameter      // or a parameter
	Runner   ssa.CallInstruction // or a call that holds it while it runs a function that it is given
	Receiver ssa.CallInstruction // or the receiver of a call that took it
	Resource catalog.Resource
	Name     string // of another package: what is said of it
}

// Pos is where the connection was taken.
func (h Holder) Pos() token.Pos {
	switch {
	case h.Site != nil:
		return h.Site.Pos()
	case h.Param != nil:
		return h.Param.Pos()
	case h.Runner != nil:
		return h.Runner.Common().Pos()
	case h.Receiver != nil:
		return h.Receiver.Common().Pos()
	}
	return token.NoPos
}

// holding is a connection that is held, with its pool.
type holding struct {
	Holder
	pool  handle.Ref
	known bool // which pool it is of is known; else it may be any of the kind
}

// Finder finds what is wanted while a connection is held.
type Finder struct {
	*slow.Finder
	Latents []fact.Latent // what importers have to look at
	Needs   []Need        // entry points that hold more than one connection at once, by position

	paths     *release.Paths
	lends     map[*ssa.Function][]fact.Lend
	waits     []*Wait
	pairs     []pair
	slowHolds []*SlowHold

	held   map[ssa.Instruction]int // how many connections are held at a wait
	atOnce map[ssa.Instruction]int // how many there are at most, with those that are wanted
	conns  map[*ssa.Function]int   // see ConnsOf
}

// New looks at every connection that a function of the package holds.
func New(s *slow.Finder, paths *release.Paths) *Finder {
	h := &Finder{
		Finder: s,
		paths:  paths,
		lends:  map[*ssa.Function][]fact.Lend{},
		held:   map[ssa.Instruction]int{},
		atOnce: map[ssa.Instruction]int{},
		conns:  map[*ssa.Function]int{},
	}
	for _, fn := range h.Funcs {
		for _, site := range h.paths.SitesOf(fn) {
			h.bySite(fn, site)
		}
		h.byParams(fn)
		h.byReceived(fn)
		h.byRunners(fn)
		h.byReceivers(fn)
	}
	h.inHooks()
	h.inBothOrders()
	h.whereTheyMeet()
	h.settle()
	h.Needs = h.countConns()
	return h
}

// settle sorts the waits by position. Of several holders of one place the surest is told first, and of each holder one wait.
func (h *Finder) settle() {
	slices.SortStableFunc(h.waits, func(a, b *Wait) int {
		return cmp.Or(cmp.Compare(diag.PosOf(a.At), diag.PosOf(b.At)), cmp.Compare(b.certainty(), a.certainty()), cmp.Compare(a.Holder.Pos(), b.Holder.Pos()))
	})
	h.waits = slices.CompactFunc(h.waits, func(a, b *Wait) bool { return a.At == b.At && a.Holder == b.Holder })
}

// Found lists the waits by position, one for each place.
func (h *Finder) Found() []*Wait {
	return slices.CompactFunc(slices.Clone(h.waits), func(a, b *Wait) bool { return a.At == b.At })
}

// certainty orders what is said of one place.
func (w *Wait) certainty() int {
	switch {
	case w.Kind == BusyConn:
		return 3
	case w.Sure && !w.Take.Assumed:
		return 2
	case w.Holder.Param == nil:
		return 1
	}
	return 0
}

// bySite looks at what is done while a call's connection is held.
func (h *Finder) bySite(fn *ssa.Function, site *release.Site) {
	if len(site.Moments.All) == 0 || site.Holds == catalog.Server || site.Holds == catalog.Nothing {
		return // nothing is held, or a connection of no pool
	}
	if !site.Released && !site.EndsOnCtx() && (site.Discarded || len(site.Losses) > 0 && !site.Kept) {
		return // it is never released: lostrelease says that, and its mend is another
	}
	held, busy, ok := h.heldBy(site)
	if !ok {
		return // where it comes from is not known
	}
	if busy {
		h.onBusy(site)
		return // it occupies a connection that is held anyway
	}
	all := site.Moments
	if site.Escapes && h.mayWant(fn, noParam) {
		all = h.paths.Retrace(fn, site)
	}
	h.during(held, all, site.Call)
}

// heldBy is the connection that a site holds. It is busy if it is the connection of a transaction or of another that is held.
func (h *Finder) heldBy(site *release.Site) (held holding, busy, ok bool) {
	if site.Holds == catalog.Parent {
		return held, true, true
	}
	for _, k := range h.ByCallee(site.Call) {
		if k.Spawned {
			continue // a goroutine's
		}
		if k.Busy || h.txByName(k.HandleValue) {
			return held, true, true
		}
		if catalog.AnyPool(k.Kind) {
			return held, false, false // of things that are no connections
		}
		held = holding{Holder: Holder{Site: site, Resource: site.Class.Resource}, pool: h.RefOf(k), known: true}
		return held, false, true
	}
	return held, false, false
}

// during looks at everything that is done while a connection is held. own is the call that took it.
func (h *Finder) during(held holding, all release.Moments, own ssa.CallInstruction) {
	byItself := map[ssa.CallInstruction]bool{}
	for m := range all.All {
		if call, ok := m.At.(ssa.CallInstruction); ok && m.Via == nil && h.looksItself(call, m) {
			byItself[call] = true
		}
	}
	for _, m := range all.Sorted() {
		if m.Via != nil && byItself[m.Via] {
			continue // it is told inside the callee
		}
		call, isCall := m.At.(ssa.CallInstruction)
		if call != own && !all.Entered[call] {
			h.slowIn(held, m)
		}
		switch {
		case !isCall:
			h.waitFor(held, m.At, m.Via)
		case call == own || all.Entered[call]:
			// lostrelease has it, or what happened inside counts
		default:
			h.call(held, call, m, all)
		}
	}
}

// call looks at a call that is made while a connection is held.
func (h *Finder) call(held holding, call ssa.CallInstruction, m release.Moment, all release.Moments) {
	for _, k := range h.ByCallee(call) {
		if k.Busy || k.Spawned || h.isGiven(held, call, k, m) {
			continue // it uses what is held, or a goroutine that nobody waits for takes it
		}
		if m.Via == nil {
			h.add(held, call, k)
		} else if k, ok := h.seenFrom(m.Via, call, k); ok && !k.Busy {
			h.add(held, m.Via, k)
		}
	}
	h.insideCallee(held, call, m)
	h.latent(held, call, m)
	h.waitFor(held, call, m.Via)
	for i, a := range call.Common().Args {
		if fn := program.Literal(a); h.runsNow(call, i) && !all.Within(fn) {
			h.given(held, call, a)
		}
	}
}

// seenFrom is what an inner call takes as seen by the call that has led to it: with the handle that is given there.
func (h *Finder) seenFrom(via, inner ssa.CallInstruction, k take.Taking) (take.Taking, bool) {
	fn := program.Outermost(inner.Parent())
	if _, callee := h.Callee(via); callee == fn && k.HandleValue != nil {
		if i := program.ParamOf(fn, h.outward(fn, k.HandleValue)); i >= 0 {
			k.Handle = i
			out, ok := h.Mapped(via, k.Take)
			out.Root = k.Root
			return out, ok
		}
	}
	k.Chain = append([]string{h.NameOf(via)}, k.Chain...)
	return k, true
}

// isGiven reports whether a call takes its connection by way of what it is given: the transaction, or something that has it.
func (h *Finder) isGiven(held holding, call ssa.CallInstruction, k take.Taking, m release.Moment) bool {
	obj, _ := program.Callee(call)
	if row := h.RowOf(obj, call); row != nil {
		return m.Given.Has(program.HandleIndex(call, row))
	}
	if k.Handle >= 0 && m.Given.Has(k.Handle) || call.Common().IsInvoke() && m.Given.Has(0) {
		return true
	}
	if k.Either && (m.Given != 0 || held.Param != nil) {
		return true // the context may carry what is held
	}
	for i, a := range origin.Given(call) {
		if m.Given.Has(i) && !program.IsContext(a.Type()) && !ignores(obj, i) {
			return true // the callee is looked at with what it is given
		}
	}
	return false
}

// ignores reports whether a function has no name for its parameter i, the receiver being number 0.
func ignores(fn *types.Func, i int) bool {
	if fn == nil {
		return false // a function value
	}
	if fn.Signature().Recv() != nil {
		i--
	}
	return i >= 0 && i < fn.Signature().Params().Len() && !named(fn.Signature().Params().At(i))
}

// insideCallee looks into a function of this package that is given what is held as some interface, by which it may not be seen
// that it is held: what it takes elsewhere is a second connection.
func (h *Finder) insideCallee(held holding, call ssa.CallInstruction, m release.Moment) {
	_, fn := h.Callee(call)
	if !h.Analyzed(fn) || fn.Parent() != nil {
		return // another package's
	}
	for i, p := range fn.Params {
		if !m.Given.Has(i) || program.IsContext(p.Type()) || !types.IsInterface(p.Type()) || h.heldParam(fn, p) != nil || !h.mayWant(fn, i) {
			continue // it is looked at by itself, or wants nothing
		}
		class := catalog.Class{Resource: held.Resource}
		for _, inner := range h.paths.Watch(fn, p, class).Sorted() {
			c, isCall := inner.At.(ssa.CallInstruction)
			if !isCall || inner.Via != nil {
				continue
			}
			for _, k := range h.ByCallee(c) {
				if k.Busy || k.Spawned || h.isGiven(held, c, k, inner) {
					continue // as above
				}
				k.Handle = program.ParamOf(fn, k.HandleValue)
				if mapped, ok := h.Mapped(call, k.Take); ok && !mapped.Busy {
					mapped.Root = k.Root
					h.add(held, call, mapped)
				}
			}
		}
	}
}

// add notes a wait, if the connection that is wanted may be of the pool that is held.
func (h *Finder) add(held holding, at ssa.Instruction, k take.Taking) {
	h.addAs(SecondConn, held, at, k)
}

func (h *Finder) addAs(kind WaitKind, held holding, at ssa.Instruction, k take.Taking) {
	ref := h.RefOf(k)
	if k.Idle || h.txByName(k.HandleValue) {
		return // it never waits, or runs on a transaction
	}
	like := h.Compare(held.pool, ref)
	if like == handle.Unlike {
		h.notePair(held, at, k)
		return
	}
	if !held.known && h.otherRole(held, ref) {
		return // a transaction by the name of one pool, a pool by that of another
	}
	h.waits = append(h.waits, &Wait{At: at, Kind: kind, Take: k.Take, Holder: held.Holder, Sure: like == handle.SamePool && held.known})
}

// otherRole reports whether the names of a parameter and of a pool give them different roles.
func (h *Finder) otherRole(held holding, ref handle.Ref) bool {
	return held.Param != nil && handle.RoleOf(held.Param.Name()) != handle.RoleOf(h.RefName(ref))
}
