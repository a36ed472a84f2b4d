package program

import "strings"

// scope is what the variables hold that can be named at some place.
type scope map[string]Kind

// with returns a scope with one more variable.
func (s scope) with(name string, kind Kind) scope {
	if name == "" || kind == None {
		return s
	}
	next := make(scope, len(s)+1)
	for n, k := range s {
		next[n] = k
	}
	next[name] = kind
	return next
}

// place is where statements stand, as far as it decides which are allowed.
type place struct {
	loop   bool
	helper *Helper // the result of Give
	quiet  bool    // in a function that returns nothing
}

// Valid reports whether the function compiles: whether what its statements name is there, and of a kind that they can work on.
func (f *Function) Valid() bool {
	top := scope{"pool": Pool, "replica": Pool}
	if !f.valid(f.Body, top, place{}) {
		return false
	}
	for _, h := range f.Helpers {
		s := scope{h.Param: h.Kind}
		if !f.valid(h.Body, s, place{helper: h}) {
			return false
		}
		if h.Result == None {
			continue
		}
		for _, n := range h.Body {
			if n.Var != "" && !n.Assign && !f.inside(n) {
				s = s.with(n.Var, f.made(n))
			}
		}
		if s[h.Out] != h.Result {
			return false
		}
		if last := h.Body[len(h.Body)-1].Op; last == Return || last == Panic {
			return false // it returns nothing that it has
		}
	}
	return true
}

// inside reports whether what the statement makes is known in its body only.
func (f *Function) inside(n *Node) bool {
	return n.Op == InTx || n.Op == InConn || acquires(n.Op) && (n.Style == ErrInside || n.Style == ErrElse) && fallible(n.Op)
}

// acquires reports whether a statement takes something that it leaves in a variable.
func acquires(op Op) bool { return op <= Prepare || op == Get }

// fallible reports whether it also returns an error.
func fallible(op Op) bool { return op != QueryRow && op != SendBatch }

// valid checks statements one after the other.
func (f *Function) valid(body []*Node, s scope, at place) bool {
	for _, n := range body {
		if !f.fits(n, s, at) {
			return false
		}
		inner, innerScope := at, s
		if f.inside(n) {
			innerScope = s.with(n.Var, f.made(n))
		}
		switch n.Op {
		case Loop, Read:
			inner.loop = true
		case Closure, Each, InTx, InConn:
			inner = place{quiet: n.Op == Closure && n.Style == Deferred}
		case Go:
			inner = place{quiet: true}
		}
		if !f.valid(n.Body, innerScope, inner) || !f.valid(n.Else, s, inner) {
			return false
		}
		if !f.inside(n) && !n.Assign {
			s = s.with(n.Var, f.made(n))
		}
	}
	return true
}

// fits checks one statement without those inside it.
func (f *Function) fits(n *Node, s scope, at place) bool {
	if n.Assign && s[n.Var] != f.made(n) {
		return false
	}
	if name, test := strings.CutSuffix(n.Cond, " != nil"); test && s[name] == None {
		return false
	}
	if strings.HasPrefix(n.Cond, "!done") && s[n.Cond[1:]] != Flag {
		return false
	}
	on := s[n.On]
	if n.On != "" && on == None {
		return false
	}
	switch n.Op {
	case Break, Continue:
		return at.loop
	case Give:
		return at.helper != nil && at.helper.Result == on
	case Panic:
		return !at.quiet
	case Call:
		h := f.helper(n.Helper)
		return h != nil && h.Kind == on && h.Result == None
	case Get:
		h := f.helper(n.Helper)
		return h != nil && h.Kind == on && h.Result != None
	case Read, Next, Drain, Each, Err:
		return on == Rows
	case Alias:
		return on == n.Kind
	case Wrap:
		return boxOf[on] == n.Kind
	case Method:
		return on == Rows || on == Conn || on == Batch
	case SetFlag:
		return on == Flag
	case Acquire, InConn:
		return on == Pool
	case Query, QueryRow, Exec:
		return on == Pool || on == Tx || on == Conn || on == Stmt
	case SendBatch:
		return f.Library == PGX && (on == Pool || on == Tx || on == Conn)
	case Prepare:
		return f.Library == SQL && (on == Pool || on == Tx || on == Conn)
	case Begin, InTx:
		return on == Pool || on == Conn && (n.Op == Begin || f.Library == PGX) || on == Tx && f.Library == PGX
	case Release, Defer:
		return on != Pool && on != Flag && (n.Style != CommitPlain && n.Style != CommitChecked || on == Tx)
	}
	return true
}

// boxOf is the box around something.
var boxOf = map[Kind]Kind{Rows: RowsBox, Tx: TxBox, Conn: ConnBox}
