package program

import (
	"fmt"
	"slices"
	"strings"
)

// Renamed returns a copy of the function under another number, so that both can stand in one package.
func (f *Function) Renamed(number int) *Function {
	c := *f
	c.Name = fmt.Sprintf("F%06d", number)
	from, to := strings.TrimPrefix(f.Name, "F"), strings.TrimPrefix(c.Name, "F")
	c.Body = clone(f.Body)
	c.Helpers = nil
	for _, h := range f.Helpers {
		copied := *h
		copied.Body = clone(h.Body)
		copied.Name = strings.Replace(h.Name, from, to, 1)
		c.Helpers = append(c.Helpers, &copied)
	}
	c.Each(func(n *Node) { n.Helper = strings.Replace(n.Helper, from, to, 1) })
	return &c
}

// clone copies statements.
func clone(body []*Node) []*Node {
	var copied []*Node
	for _, n := range body {
		c := *n
		c.Body, c.Else = clone(n.Body), clone(n.Else)
		copied = append(copied, &c)
	}
	return copied
}

// edits are the ways to make one statement smaller: what stands instead of it, or nil if the way makes no difference.
var edits = []func(n *Node) (instead []*Node, ok bool){
	func(*Node) ([]*Node, bool) { return nil, true },
	func(n *Node) ([]*Node, bool) { return n.Body, len(n.Body) > 0 },
	func(n *Node) ([]*Node, bool) { return n.Else, n.Op == If && len(n.Else) > 0 },
	func(n *Node) ([]*Node, bool) {
		if n.Op != Switch || len(n.Else) == 0 {
			return nil, false
		}
		return n.Else[0].Body, true
	},
	func(n *Node) ([]*Node, bool) {
		c := *n
		c.Else = nil
		return []*Node{&c}, n.Op == If && len(n.Else) > 0
	},
	func(n *Node) ([]*Node, bool) { // the plainest way to write it
		c := *n
		c.Style = 0
		if c.Op == Defer && n.Style == UnlessFlag {
			c.Var = ""
		}
		instead := []*Node{&c}
		if acquires(n.Op) && (n.Style == ErrInside || n.Style == ErrElse) {
			c.Body = nil
			instead = append(instead, n.Body...)
		}
		return instead, n.Style != 0
	},
	func(n *Node) ([]*Node, bool) {
		c := *n
		c.Cond = "a"
		return []*Node{&c}, n.Cond != "" && n.Cond != "a" && !strings.HasSuffix(n.Cond, "nil")
	},
	func(n *Node) ([]*Node, bool) { // what a helper takes is taken here
		return []*Node{{Op: Query, Var: n.Var, On: n.On}}, n.Op == Get && strings.HasPrefix(n.Var, "rows")
	},
}

// Smaller returns all functions that are the given one after one edit, as far as they compile.
func (f *Function) Smaller() []*Function {
	var all []*Function
	try := func(edit func(*Function) bool) {
		c := f.Renamed(0)
		if edit(c) && c.Valid() {
			all = append(all, c)
		}
	}
	for i := range f.Size() {
		for _, edit := range edits {
			try(func(c *Function) bool { return c.replace(i, edit) })
		}
	}
	try(func(c *Function) bool { c.Handle = Param; return f.Handle != Param })
	try(func(c *Function) bool { c.Named = false; return f.Named })
	for i, h := range f.Helpers {
		used := false
		f.Each(func(n *Node) { used = used || n.Helper == h.Name })
		try(func(c *Function) bool { c.Helpers = slices.Delete(c.Helpers, i, i+1); return !used })
	}
	return all
}

// replace puts something else in the place of a statement, by its number in the order of Each.
func (f *Function) replace(number int, edit func(*Node) ([]*Node, bool)) bool {
	at, done := 0, false
	var in func(body []*Node) []*Node
	in = func(body []*Node) []*Node {
		var next []*Node
		for _, n := range body {
			if at == number && !done {
				instead, ok := edit(n)
				done, at = ok, at+1
				if !ok {
					instead = []*Node{n}
				}
				next = append(next, instead...)
				continue
			}
			at++
			n.Body, n.Else = in(n.Body), in(n.Else)
			next = append(next, n)
		}
		return next
	}
	f.Body = in(f.Body)
	for _, h := range f.Helpers {
		h.Body = in(h.Body)
	}
	return done
}
