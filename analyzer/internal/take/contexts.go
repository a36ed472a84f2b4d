package take

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// maxContextCalls bounds how many functions deep a context is followed that they return.
const maxContextCalls = 3

// ContextEnd is what is known of the end of a context.
type ContextEnd struct {
	Made   *ssa.Call        // a call that makes it without a deadline: context.Background(); nil if none is seen to
	params []*ssa.Parameter // it may be what a caller gives
	other  bool             // it may be another one, of which nothing is known
}

// Endless reports whether no deadline ends the context, wherever it comes from.
func (e ContextEnd) Endless() bool { return e.Made != nil && len(e.params) == 0 && !e.other }

// EndOf follows a context back to where it is made.
func (t *Taker) EndOf(v ssa.Value) ContextEnd {
	w := &contextTrace{Taker: t, seen: map[ssa.Value]bool{}}
	w.follow(v)
	return w.ContextEnd
}

// contextTrace is one walk from a context to what it is made of.
type contextTrace struct {
	*Taker
	ContextEnd
	seen  map[ssa.Value]bool
	depth int // of calls
}

func (w *contextTrace) follow(v ssa.Value) {
	if w.seen[v] {
		return // ctx = context.WithValue(ctx, …) in a loop
	}
	w.seen[v] = true
	switch v := v.(type) {
	case *ssa.Call:
		w.call(v, 0)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			w.call(call, v.Index)
			return
		}
		w.other = true
	case *ssa.Phi:
		for _, e := range v.Edges {
			w.follow(e)
		}
	case *ssa.ChangeInterface:
		w.follow(v.X)
	case *ssa.ChangeType:
		w.follow(v.X)
	case *ssa.Parameter:
		w.parameter(v)
	case *ssa.UnOp:
		if v.Op != token.MUL {
			w.other = true // from a channel
			return
		}
		w.variable(v.X)
	default: // a context of the program's own, a field, one out of a map
		w.other = true
	}
}

// call is a context that a function returns.
func (w *contextTrace) call(call *ssa.Call, result int) {
	obj, fn := w.Callee(call)
	endless, _ := catalog.EndlessContext(obj)
	switch {
	case endless:
		if w.Made == nil {
			w.Made = call
		}
	case catalog.ContextCarries(obj):
		if w.endedBySomebody(call) {
			w.other = true
			return
		}
		w.follow(program.Argument(call, 0))
	case w.Analyzed(fn) && fn.Parent() == nil && w.depth < maxContextCalls:
		w.returned(call, fn, result)
	default: // of another package, or behind an interface
		w.other = true
	}
}

// returned is a context that a function of this package returns.
func (w *contextTrace) returned(call *ssa.Call, fn *ssa.Function, result int) {
	for _, r := range program.ReturnsOf(fn) {
		if result >= len(r.Results) {
			continue // ssa counts otherwise
		}
		inner := &contextTrace{Taker: w.Taker, seen: map[ssa.Value]bool{}, depth: w.depth + 1}
		inner.follow(r.Results[result])
		w.other = w.other || inner.other
		if w.Made == nil {
			w.Made = inner.Made
		}
		for _, p := range inner.params {
			if i := slices.Index(fn.Params, p); i >= 0 {
				w.follow(program.GivenFor(call, i))
			} else {
				w.other = true // of a function around it
			}
		}
	}
}

// parameter is a context that a caller gives. That of a literal which is called where it stands is known.
func (w *contextTrace) parameter(p *ssa.Parameter) {
	fn := p.Parent()
	if fn.Parent() == nil {
		w.params = append(w.params, p)
		return
	}
	use := w.Uses[fn]
	if use == nil || program.LiteralCalled(use) != fn {
		w.other = true // whoever runs it decides
		return
	}
	w.follow(program.GivenFor(use, slices.Index(fn.Params, p)))
}

// variable is a context in a variable of this package or of a function around the one that uses it.
func (w *contextTrace) variable(addr ssa.Value) {
	root := w.Variable(addr)
	switch x := root.(type) {
	case *ssa.Global:
		if x.Pkg != w.Pkg {
			w.other = true // another package may assign it
			return
		}
	case *ssa.Alloc:
		if handsOut(x) {
			w.other = true // whoever has its address may assign it
			return
		}
	default: // a field
		w.other = true
		return
	}
	stored := w.AssignedTo(root)
	w.other = w.other || len(stored) == 0
	for _, v := range stored {
		w.follow(v)
	}
}

// handsOut reports whether something gets the address of a variable, other than a literal that captures it.
func handsOut(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.MakeClosure, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Val == ssa.Value(a) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

// endedBySomebody reports whether the function that ends a derived context is given away, or called after a time: then the
// context has an end that is not seen here.
func (t *Taker) endedBySomebody(call *ssa.Call) bool {
	if _, both := call.Type().(*types.Tuple); !both {
		return false // nothing ends it, as with context.WithValue
	}
	for _, ref := range *call.Referrers() {
		e, ok := ref.(*ssa.Extract)
		if !ok {
			if _, returned := ref.(*ssa.Return); returned {
				return true // with its context
			}
			continue // the context alone
		}
		if _, isFunc := e.Type().Underlying().(*types.Signature); isFunc && e.Index == 1 && t.givenAway(e) {
			return true
		}
	}
	return false
}

// givenAway reports whether a function goes anywhere but to a call or a defer in the function that has it.
func (t *Taker) givenAway(cancel ssa.Value) bool {
	for _, ref := range *cancel.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call, *ssa.Defer:
			if ref.(ssa.CallInstruction).Common().Value != cancel {
				return true // time.AfterFunc(d, cancel)
			}
		case *ssa.Store:
			a, ok := ref.Addr.(*ssa.Alloc)
			if !ok || handsOut(a) || t.calledLater(a) {
				return true // a field, or a goroutine with a timer
			}
		case *ssa.DebugRef:
		default:
			return true
		}
	}
	return false
}

// calledLater reports whether a literal that captures the variable waits for something, or gives it away.
func (t *Taker) calledLater(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		c, ok := ref.(*ssa.MakeClosure)
		if !ok {
			continue // a use in the function itself
		}
		if slices.ContainsFunc(program.Family(c.Fn.(*ssa.Function)), func(f *ssa.Function) bool { return program.HasInstr(f, t.Pauses) }) {
			return true
		}
	}
	return false
}
