package program

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Generate returns the function with a number in the sequence of a seed. It depends on nothing else.
func Generate(seed uint64, number int) *Function {
	g := &generator{r: rand.New(rand.NewPCG(seed, uint64(number)))}
	g.budget = 3 + g.r.IntN(9)
	g.f = &Function{
		Name:    fmt.Sprintf("F%06d", number),
		Library: Library(g.r.IntN(2)),
		Named:   g.chance(30),
	}
	if g.chance(30) {
		g.f.Handle = Handle(g.r.IntN(int(handles)))
	}
	at := here{handles: []handle{{"pool", Pool, false}}, conds: []string{"a", "b", "!a", "!b", "a && b", "a || b", "n > 1"}}
	if g.chance(12) {
		at.handles = append(at.handles, handle{"replica", Pool, false})
	}
	if g.chance(6) {
		g.f.Body = append(g.f.Body, &Node{Op: Cancel})
	}
	if g.chance(10) {
		g.f.Body = append(g.f.Body, &Node{Op: Recover})
		at.recovers = true
	}
	g.f.Body = append(g.f.Body, g.episode(at)...)
	if g.chance(50) {
		g.f.Body = append(g.f.Body, g.block(at)...)
	}
	if !g.f.Valid() {
		panic(fmt.Sprintf("%s is not valid", g.f.Name)) // a fault of the generator
	}
	return g.f
}

// Concurrent reports whether the function starts goroutines.
func (f *Function) Concurrent() bool { return f.Has(Go) }

// generator has the random numbers of one function.
type generator struct {
	r        *rand.Rand
	f        *Function
	count    int // of names
	budget   int // statements that are left
	bits     int // inputs of helpers and literals so far
	loops    int // whose rounds are an input
	switched bool
}

// chance is true so many times in a hundred.
func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

// name returns a new name.
func (g *generator) name(kind string) string {
	g.count++
	return fmt.Sprintf("%s%d", kind, g.count)
}

var kindNames = map[Kind]string{Conn: "conn", Tx: "tx", Rows: "rows", Row: "row", Batch: "results", Stmt: "stmt"}

// pick returns one of several.
func pick[T any](g *generator, of ...T) T { return of[g.r.IntN(len(of))] }

// weighted returns an index with the probability of its weight.
func (g *generator) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := g.r.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

// handle is what statements can run on.
type handle struct {
	name string
	kind Kind

	// strict is set for a *sql.Conn. Its Close waits for what was taken from it, so that is released before.
	strict bool
}

// here is what is known at some place of the function.
type here struct {
	handles  []handle
	live     []string // must be released by hand
	conds    []string
	depth    int
	loop     bool
	helper   bool // in a helper: there are no others to call
	spawned  bool // in a goroutine
	calm     bool // must not panic, as a goroutine may run it
	recovers bool
}

// with returns a place where one more handle is known.
func (at here) with(h handle) here {
	at.handles = append(at.handles[:len(at.handles):len(at.handles)], h)
	return at
}

// without returns a place where one handle is not to be used.
func (at here) without(name string) here {
	var others []handle
	for _, h := range at.handles {
		if h.name != name {
			others = append(others, h)
		}
	}
	at.handles = others
	return at
}

// holding returns a place where something has to be released.
func (at here) holding(name string) here {
	at.live = append(at.live[:len(at.live):len(at.live)], name)
	return at
}

// deeper returns a place inside a statement.
func (at here) deeper() here {
	at.depth++
	return at
}

// inLiteral returns a place in a function literal: what is outside is not released by its returns.
func (g *generator) inLiteral(at here) here {
	at = at.deeper()
	at.conds = g.ownConds(at.conds)
	at.live, at.loop, at.recovers = nil, false, false
	return at
}

// ownConds returns the conditions of another function: a helper, or a literal in one with the given conditions. Mostly they have
// inputs of their own, as what is known outside is not known there.
func (g *generator) ownConds(outside []string) []string {
	switch {
	case g.chance(5):
		return outside
	case g.bits >= 4:
		return nil // there are no more inputs
	}
	bit := string(rune('c' + g.bits))
	g.bits++
	return []string{bit, bit, "!" + bit}
}

// on chooses what a statement runs on. Inside something it is mostly that.
func (g *generator) on(at here) handle {
	last := at.handles[len(at.handles)-1]
	if last.name != "pool" && g.chance(65) {
		return last
	}
	return pick(g, at.handles...)
}

// cond chooses a condition.
func (g *generator) cond(at here) string { return pick(g, at.conds...) }

// block returns a few statements.
func (g *generator) block(at here) []*Node {
	var body []*Node
	for range 1 + g.weighted(5, 3, 1) {
		if g.budget <= 0 {
			break // it is large enough
		}
		body = append(body, g.some(at)...)
	}
	return body
}

// some returns one statement, or a few that belong together.
func (g *generator) some(at here) []*Node {
	g.budget--
	switch {
	case len(at.handles) == 0:
		return g.exit(at) // there is nothing to run a statement on
	case at.depth > 4:
		return g.exec(at)
	}
	switch g.weighted(24, 22, 18, 12, 8, 4, 5, 4, 3) {
	case 0:
		return g.episode(at)
	case 1:
		return g.exec(at)
	case 2:
		return g.exit(at)
	case 3:
		if len(at.conds) == 0 {
			return g.exec(at)
		}
		n := &Node{Op: If, Cond: g.cond(at), Body: g.block(at.deeper())}
		if g.chance(40) {
			n.Else = g.block(at.deeper())
		}
		return []*Node{n}
	case 4:
		inner := at.deeper()
		inner.loop = true
		inner.live = nil
		n := &Node{Op: Loop}
		if g.loops == 0 && g.chance(60) {
			g.loops++
			n.Style = pick(g, NTimes, Counted)
		}
		n.Body = g.block(inner)
		return []*Node{n}
	case 5:
		if g.switched {
			return g.exec(at)
		}
		g.switched = true
		n := &Node{Op: Switch, Body: g.block(at.deeper())}
		for range 1 + g.r.IntN(2) {
			n.Else = append(n.Else, &Node{Op: Case, Body: g.block(at.deeper())})
		}
		return []*Node{n}
	case 6:
		n := &Node{Op: Closure, Style: g.r.IntN(2), Body: g.block(g.inLiteral(at))}
		if n.Style == 1 {
			n.Var = g.name("step")
		}
		return []*Node{n}
	case 7:
		return g.goroutine(at)
	}
	return g.lent(at)
}

// exec returns a statement that gives back what it takes.
func (g *generator) exec(at here) []*Node {
	on := g.on(at)
	if !at.helper && g.chance(20) {
		return []*Node{{Op: Call, On: on.name, Helper: g.user(on)}}
	}
	if on.kind == Pool && g.chance(25) {
		row := g.name("row")
		return []*Node{{Op: QueryRow, Var: row, On: on.name}, {Op: Release, On: row, Style: Checked}}
	}
	return []*Node{{Op: Exec, On: on.name, Style: pick(g, Plain, Checked, Checked)}}
}

// user returns a helper that uses a handle.
func (g *generator) user(on handle) string {
	h := &Helper{Name: fmt.Sprintf("use%s%d", strings.TrimPrefix(g.f.Name, "F"), g.count), Param: g.name("in"), Kind: on.kind}
	g.f.Helpers = append(g.f.Helpers, h)
	at := here{handles: []handle{{h.Param, on.kind, on.strict}}, conds: g.ownConds(nil), depth: 3, helper: true, calm: true}
	if g.chance(30) && !on.strict {
		h.Body = g.block(at)
	} else {
		h.Body = []*Node{{Op: Exec, On: h.Param, Style: Checked}}
	}
	return h.Name
}

// exit returns statements that leave the function, a loop or a round, mostly under a condition.
func (g *generator) exit(at here) []*Node {
	if len(at.conds) == 0 {
		return nil // it would always leave
	}
	n := &Node{Op: Return, Style: g.r.IntN(2)}
	switch {
	case at.loop && g.chance(60):
		n = &Node{Op: pick(g, Break, Continue)}
	case !at.calm && (at.recovers && g.chance(40) || g.chance(4)):
		n = &Node{Op: Panic}
	}
	var body []*Node
	if n.Op == Return && g.chance(55) {
		for _, name := range at.live {
			body = append([]*Node{{Op: Release, On: name}}, body...)
		}
	}
	body = append(body, n)
	return []*Node{{Op: If, Cond: g.cond(at), Body: body}}
}

// goroutine returns one that is waited for.
func (g *generator) goroutine(at here) []*Node {
	var pools []handle
	for _, h := range at.handles {
		if h.kind == Pool {
			pools = append(pools, h)
		}
	}
	if at.spawned || len(pools) == 0 {
		return g.exec(at)
	}
	inner := g.inLiteral(at)
	inner.handles, inner.spawned, inner.calm = pools, true, true
	n := &Node{Op: Go, Var: g.name("wg"), Style: g.weighted(4, 1), Body: g.block(inner)}
	if len(at.live) > 0 && g.chance(30) {
		n.Else = []*Node{{Op: Release, On: at.live[len(at.live)-1]}}
	}
	return []*Node{n}
}

// lent returns statements that run with what a function lends to them.
func (g *generator) lent(at here) []*Node {
	on := g.on(at)
	inner := g.inLiteral(at)
	switch {
	case on.kind == Pool && g.chance(40):
		conn := handle{g.name("conn"), Conn, g.f.Library == SQL}
		return []*Node{{Op: InConn, Var: conn.name, On: on.name, Body: g.block(inner.with(conn))}}
	case on.kind == Pool || g.f.Library == PGX && on.kind != Stmt:
		tx := handle{g.name("tx"), Tx, false}
		return []*Node{{Op: InTx, Var: tx.name, On: on.name, Body: g.block(inner.with(tx))}}
	}
	return g.exec(at)
}
