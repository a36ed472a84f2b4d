package program

import (
	"fmt"
	"strings"
)

// episode returns statements that take something, do something with it, and mostly release it.
func (g *generator) episode(at here) []*Node {
	on := g.on(at)
	ops := []Op{Query, Query, Query, QueryRow}
	switch {
	case on.strict:
		ops = []Op{Exec}
	case on.kind == Pool:
		ops = append(ops, Begin, Begin, Acquire)
	case g.f.Library == PGX && on.kind != Stmt:
		ops = append(ops, Begin)
	}
	if on.kind != Stmt && !on.strict {
		if g.f.Library == PGX {
			ops = append(ops, SendBatch)
		} else if g.chance(50) {
			ops = append(ops, Prepare)
		}
	}
	op := pick(g, ops...)
	if op == Exec {
		return g.exec(at)
	}
	n := &Node{Op: op, On: on.name}
	kind := g.f.made(n)
	n.Var = g.name(kindNames[kind])
	n.Style = g.weighted(60, 8, 6, 8, 8, 4, 6)
	if n.Style == ErrIgnore && at.calm || !fallible(op) {
		n.Style = ErrReturn
	}
	after := g.after(at, n.Var, kind)
	if (on.kind == Tx || on.kind == Conn) && (kind == Rows || kind == Row || kind == Batch) {
		after = g.child(at, on, n.Var, kind)
	}
	switch {
	case g.f.inside(n):
		n.Body = after
		return []*Node{n}
	case !at.helper && kind != Stmt && g.chance(12):
		return append([]*Node{g.outsource(n, kind)}, after...)
	case kind != Stmt && g.chance(8) && fallible(op):
		return g.maybe(at, n, kind, after)
	}
	return append([]*Node{n}, after...)
}

// child returns what is done with something that was taken from a transaction or a connection. That cannot do anything else before
// it is released, so it is released where it stands.
func (g *generator) child(at here, on handle, name string, kind Kind) []*Node {
	at = at.without(on.name)
	switch {
	case kind == Row:
		return []*Node{{Op: Release, On: name, Style: pick(g, Plain, Checked)}}
	case kind == Rows && g.chance(40):
		return g.consumed(at, name)
	case g.chance(50):
		return []*Node{{Op: Closure, Body: append([]*Node{{Op: Defer, On: name}}, g.use(g.inLiteral(at), name, kind)...)}}
	}
	return append(g.use(at.holding(name), name, kind), g.release(name, kind)...)
}

// maybe takes something under a condition, into a variable that is there already.
func (g *generator) maybe(at here, n *Node, kind Kind, after []*Node) []*Node {
	n.Assign = true
	if len(at.conds) == 0 {
		n.Assign = false
		return append([]*Node{n}, after...)
	}
	cond := g.cond(at)
	taken := cond
	if g.chance(60) {
		taken = n.Var + " != nil"
	}
	return []*Node{
		{Op: Declare, Var: n.Var, Kind: kind},
		{Op: If, Cond: cond, Body: []*Node{n}},
		{Op: If, Cond: taken, Body: after},
	}
}

// outsource moves a statement that takes something into a helper that returns it.
func (g *generator) outsource(n *Node, kind Kind) *Node {
	h := &Helper{
		Name: fmt.Sprintf("open%s%d", strings.TrimPrefix(g.f.Name, "F"), g.count), Param: g.name("in"), Kind: Pool, Result: kind, Out: g.name("out"),
	}
	for _, known := range []struct {
		prefix string
		kind   Kind
	}{{"tx", Tx}, {"conn", Conn}, {"stmt", Stmt}} {
		if strings.HasPrefix(n.On, known.prefix) {
			h.Kind = known.kind
		}
	}
	inner := *n
	inner.On, inner.Var, inner.Style = h.Param, h.Out, pick(g, ErrReturn, ErrReturn, ErrWrap)
	h.Body = []*Node{&inner}
	if conds := g.ownConds(nil); g.chance(30) && len(conds) > 0 {
		leave := &Node{Op: If, Cond: pick(g, conds...), Body: []*Node{{Op: Return, Style: 1}}}
		if g.chance(60) {
			leave.Body = append([]*Node{{Op: Release, On: h.Out}}, leave.Body...)
		}
		h.Body = append(h.Body, leave)
	}
	g.f.Helpers = append(g.f.Helpers, h)
	get := &Node{Op: Get, Var: n.Var, On: n.On, Helper: h.Name, Style: n.Style}
	return get
}

// after returns what is done with something that was taken.
func (g *generator) after(at here, name string, kind Kind) []*Node {
	if kind == Stmt {
		return append([]*Node{{Op: Defer, On: name}}, g.block(at.with(handle{name, Stmt, false}).deeper())...)
	}
	if !at.helper && kind != Row && g.chance(7) {
		return g.given(at, name, kind)
	}
	if g.chance(8) && (kind == Rows || kind == Tx || kind == Conn) {
		box := g.name("box")
		wrap := &Node{Op: Wrap, Var: box, Kind: boxOf[kind], On: name}
		if g.chance(50) {
			return append([]*Node{wrap, {Op: Defer, On: box}}, g.use(at, name, kind)...)
		}
		return append(append([]*Node{wrap}, g.use(at.holding(box), name, kind)...), &Node{Op: Release, On: box})
	}
	if g.chance(6) && (kind == Rows || kind == Conn || kind == Batch) {
		release := g.name("release")
		method := &Node{Op: Method, Var: release, On: name}
		if g.chance(50) {
			return append([]*Node{method, {Op: Defer, On: release}}, g.use(at, name, kind)...)
		}
		return append(append([]*Node{method}, g.use(at.holding(release), name, kind)...), &Node{Op: Release, On: release})
	}
	if g.chance(5) && kind != Row {
		alias := g.name(kindNames[kind])
		return append([]*Node{{Op: Alias, Var: alias, Kind: kind, On: name}}, g.ends(at, alias, kind)...)
	}
	return g.ends(at, name, kind)
}

// given hands something to a helper that does the rest.
func (g *generator) given(at here, name string, kind Kind) []*Node {
	h := &Helper{Name: fmt.Sprintf("finish%s%d", strings.TrimPrefix(g.f.Name, "F"), g.count), Param: g.name("given"), Kind: kind}
	g.f.Helpers = append(g.f.Helpers, h)
	inner := here{conds: g.ownConds(nil), depth: at.depth + 2, helper: true, calm: true}
	inner.handles = []handle{{h.Param, kind, false}}
	if kind == Rows || kind == Batch {
		inner.handles = nil
	}
	h.Body = g.ends(inner, h.Param, kind)
	return []*Node{{Op: Call, On: name, Helper: h.Name}}
}

// ends returns what is done with something and how it is released, if it is.
func (g *generator) ends(at here, name string, kind Kind) []*Node {
	if kind == Row {
		return g.row(at, name)
	}
	if kind == Rows && g.chance(35) {
		return g.consumed(at, name)
	}
	switch g.weighted(40, 30, 10, 5, 4) {
	case 0:
		return g.deferring(at, name, kind)
	case 1:
		return append(g.use(at.holding(name), name, kind), g.release(name, kind)...)
	case 2: // on some inputs only, or in two ways
		if len(at.conds) == 0 {
			break
		}
		n := &Node{Op: If, Cond: g.cond(at), Body: g.release(name, kind)}
		if g.chance(50) {
			n.Else = g.release(name, kind)
		}
		return append(g.use(at.holding(name), name, kind), n)
	case 3:
		return []*Node{{Op: Closure, Body: append([]*Node{{Op: Defer, On: name}}, g.use(g.inLiteral(at), name, kind)...)}}
	}
	return g.use(at, name, kind) // never
}

// deferring releases something with a deferred call.
func (g *generator) deferring(at here, name string, kind Kind) []*Node {
	d := &Node{Op: Defer, On: name, Style: pick(g, Plain, Plain, Plain, InClosure, UnlessNil)}
	var last []*Node
	if kind == Tx {
		last = []*Node{{Op: Release, On: name, Style: pick(g, CommitPlain, CommitChecked, CommitChecked)}}
	}
	switch {
	case g.chance(6) && len(at.conds) > 0:
		d.Style, d.Cond = IfCond, g.cond(at)
	case g.chance(10) && g.f.Named && at.depth == 0 && kind == Tx:
		d.Style = OnError
	case g.chance(10) && kind == Tx:
		d.Style, d.Var = UnlessFlag, g.name("done")
		last = append(last, &Node{Op: SetFlag, On: d.Var})
		if g.chance(30) {
			last[0], last[1] = last[1], last[0]
		}
	}
	if g.chance(15) && len(at.conds) > 0 {
		return append(append([]*Node{{Op: If, Cond: g.cond(at), Body: g.block(at.deeper())}, d}, g.use(at, name, kind)...), last...)
	}
	return append(append([]*Node{d}, g.use(at, name, kind)...), last...)
}

// release releases something at once.
func (g *generator) release(name string, kind Kind) []*Node {
	n := &Node{Op: Release, On: name, Style: pick(g, Plain, Plain, Checked)}
	if kind == Tx {
		n.Style = pick(g, Plain, CommitPlain, CommitChecked, CommitChecked)
	}
	return []*Node{n}
}

// row returns what is done with a row.
func (g *generator) row(at here, name string) []*Node {
	scan := &Node{Op: Release, On: name, Style: pick(g, Plain, Checked)}
	switch g.weighted(60, 25, 10, 5) {
	case 0:
		return []*Node{scan}
	case 1:
		return append(g.rest(at.deeper().holding(name)), scan)
	case 2:
		if len(at.conds) == 0 {
			break
		}
		return []*Node{{Op: If, Cond: g.cond(at), Body: []*Node{scan}}}
	}
	return nil
}

// use returns what is done with something while it is open.
func (g *generator) use(at here, name string, kind Kind) []*Node {
	at = at.deeper()
	if g.budget <= 0 {
		return nil
	}
	switch kind {
	case Rows:
		if g.chance(25) {
			return g.rest(at)
		}
		return append(g.consumedWith(at, name, pick(g, Read, Read, Read, Next)), g.rest(at)...)
	case Tx, Conn:
		if kind == Conn && g.f.Library == SQL {
			return g.block(at.with(handle{name, kind, true}))
		}
		return g.block(at.with(handle{name, kind, false}))
	}
	return g.rest(at)
}

// rest returns a few statements or none. There may be nothing to run them on.
func (g *generator) rest(at here) []*Node {
	if len(at.handles) == 0 || g.chance(40) {
		return nil
	}
	return g.block(at)
}

// consumed reads rows to their end, which releases them.
func (g *generator) consumed(at here, name string) []*Node {
	switch g.weighted(4, 3, 2) {
	case 0:
		nodes := g.consumedWith(at.deeper(), name, Read)
		if g.chance(60) {
			nodes = append(nodes, &Node{Op: Err, On: name})
		}
		return nodes
	case 1:
		return []*Node{{Op: Drain, On: name, Style: g.weighted(4, 1)}}
	}
	return g.consumedWith(at.deeper(), name, Each)
}

// consumedWith reads rows, and does something with each of them.
func (g *generator) consumedWith(at here, name string, op Op) []*Node {
	n := &Node{Op: op, On: name, Style: g.weighted(10, 2, 2, 2, 2)}
	inner := at.deeper()
	inner.loop = op == Read
	if op == Each {
		inner = g.inLiteral(at)
	}
	inner = inner.holding(name)
	if len(at.handles) > 0 && g.chance(55) {
		n.Body = g.block(inner)
	} else if g.chance(30) {
		n.Body = g.exit(inner)
	}
	return []*Node{n}
}
