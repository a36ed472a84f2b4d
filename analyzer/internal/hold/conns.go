package hold

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Need is how many connections one goroutine holds at once in a call of a function that others call: an exported function, a
// handler. With n goroutines in it, a pool of n × (Conns − 1) + 1 connections is safe from deadlock.
type Need struct {
	Func  string
	Pos   token.Pos
	Conns int
}

// MaxConns is told of a recursion that holds a connection on each level: it needs more than any number.
const MaxConns = 9

// countConns sets how many connections are held at each wait, and returns what the entry points need.
func (h *Finder) countConns() []Need {
	for _, w := range h.waits {
		if w.Kind == SecondConn && w.Holder.Param == nil {
			h.held[w.At]++ // several may be held there; a parameter is what a caller holds
		}
	}
	for grown := true; grown; { // what is wanted may itself hold one and want another
		grown = false
		for _, w := range h.waits {
			h.count(w)
			if (w.Kind == SecondConn || w.Kind == ForGoroutines) && w.Conns > h.atOnce[w.At] {
				h.atOnce[w.At], grown = w.Conns, true
			}
		}
		clear(h.conns) // what was found without them
	}
	var out []Need
	for _, fn := range h.Funcs {
		exported := fn.Object() != nil && fn.Object().Exported()
		if n := h.ConnsOf(fn); n > 1 && (exported || h.Entries[fn] != "") {
			out = append(out, Need{Func: fn.RelString(fn.Pkg.Pkg), Pos: fn.Pos(), Conns: n})
		}
	}
	slices.SortFunc(out, func(a, b Need) int { return cmp.Compare(a.Pos, b.Pos) })
	return out
}

// count sets how many connections a goroutine has at a wait.
func (h *Finder) count(w *Wait) {
	switch w.Kind {
	case SecondConn, ForGoroutines:
		w.Conns = min(max(1, h.held[w.At])+h.wantedAt(w), MaxConns)
	case BusyConn:
		w.Conns = 1
	default: // elsewhere, or by two that hold one each
		w.Conns = 2
	}
}

// wantedAt is how many connections are held at once behind a wait.
func (h *Finder) wantedAt(w *Wait) int {
	call, ok := w.At.(ssa.CallInstruction)
	if !ok || w.Kind != SecondConn {
		return 1
	}
	if _, fn := h.Callee(call); h.Analyzed(fn) && h.LeadsTo(fn, program.Outermost(call.Parent()), program.MaxUses) {
		return MaxConns // a recursion
	}
	return max(1, h.connsAt(call))
}

// ConnsOf is the largest number of connections that one goroutine may hold at once in a call of fn.
func (h *Finder) ConnsOf(fn *ssa.Function) int {
	if n, ok := h.conns[fn]; ok {
		return n
	}
	h.conns[fn] = MaxConns // in a recursion that is under way while something is held
	most := 0
	for _, f := range program.Family(fn) {
		for call := range program.CallsOf(f) {
			if _, isGo := call.(*ssa.Go); isGo {
				continue // a goroutine's
			}
			if n := h.connsAt(call); n < MaxConns {
				most = max(most, n)
			}
			most = max(most, h.atOnce[call])
		}
	}
	h.conns[fn] = min(most, MaxConns)
	return h.conns[fn]
}

// connsAt is how many connections a call may hold at once by itself.
func (h *Finder) connsAt(call ssa.CallInstruction) int {
	obj, fn := h.Callee(call)
	own := 0
	for _, k := range h.ByCallee(call) {
		if !k.Busy && !k.Spawned {
			own = 1
		}
	}
	switch {
	case h.RowOf(obj, call) != nil:
		return own
	case h.Analyzed(fn) && fn.Parent() == nil:
		return max(own, h.ConnsOf(fn))
	case obj != nil && !call.Common().IsInvoke():
		if f := h.Facts.Func(obj); f != nil {
			return max(own, f.Conns)
		}
	}
	return own
}
