package release

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// context follows contexts: which one is derived from which, and calls of their cancel functions.
func (q *question) context(st *flow.State, c *flow.Call) ([]*flow.State, bool) {
	if c.Object == nil {
		h := dataOf(st)
		if c.Fn == nil || h.status != obligation.Held || h.ctx == nil || !endedBy(h.ctx, c.Fn) {
			return nil, false
		}
		return []*flow.State{settle(st, obligation.Released)}, true
	}
	switch {
	case c.Object.FullName() == "(context.Context).Value" && dataOf(st).status == obligation.Held && reaches(st, c.Recv):
		q.m.SetResult(st, c, dataOf(st).res)
		return []*flow.State{st}, true
	case catalog.ContextDerive(c.Object) && len(c.Args) > 0:
		return q.derive(st, c), true
	case catalog.ContextPass(c.Object) && len(c.Args) > 0:
		q.m.SetResult(st, c, q.m.Pred("ctxpass", c.Args...)) // a value in it can be taken out again
		return []*flow.State{st}, true
	case catalog.RequestContext(c.Object):
		q.m.SetResult(st, c, q.m.Pred("ctxrequest", c.Recv))
		return []*flow.State{st}, true
	}
	return nil, false
}

// derive binds the results of context.WithCancel and its like: a context that knows its parent, and its cancel function.
func (q *question) derive(st *flow.State, c *flow.Call) []*flow.State {
	parts := q.m.ResultParts(c)
	if len(parts) < 2 {
		q.m.Unknown(st, c)
		return []*flow.State{st} // not of the usual form
	}
	tag := "ctxcancel"
	if name := c.Object.Name(); name == "WithTimeout" || name == "WithDeadline" || name == "WithTimeoutCause" || name == "WithDeadlineCause" {
		tag = "ctxdeadline"
	}
	parts[0] = q.m.Pred(tag, parts[0], c.Args[0], parts[1])
	q.m.SetResults(st, c, parts)
	return []*flow.State{st}
}

// endedBy reports whether calling cancel ends the context.
func endedBy(ctx, cancel *flow.Sym) bool {
	for ctx != nil && ctx.Op == flow.OpPred {
		switch ctx.Tag {
		case "ctxcancel", "ctxdeadline":
			if ctx.Args[2] == cancel {
				return true
			}
			ctx = ctx.Args[1]
		case "ctxpass":
			ctx = ctx.Args[0]
		default:
			return false
		}
	}
	return false
}

// ctxExcuse is the excuse for a resource that its context ends: at a deadline, or with the request.
func (q *question) ctxExcuse(st *flow.State) Excuse {
	ctx := dataOf(st).ctx
	for ctx != nil && ctx.Op == flow.OpPred {
		switch ctx.Tag {
		case "ctxdeadline", "ctxrequest":
			return EndsOnCtx
		case "ctxcancel":
			ctx = ctx.Args[1]
		case "ctxpass":
			ctx = ctx.Args[0]
		default:
			return NoExcuse
		}
	}
	if v := captured(ctx); v != nil && q.p.cancelledAround(v) {
		return EndsOnCtx // at the latest when the function around the literal returns
	}
	return NoExcuse
}

// captured is the variable of the function around a literal that a symbol was loaded from, nil if it was not.
func captured(s *flow.Sym) *ssa.FreeVar {
	if s == nil || s.Op != flow.OpLoad || s.Tag != "" {
		return nil
	}
	v, _ := s.Args[0].V.(*ssa.FreeVar)
	return v
}

// cancelledAround reports whether a captured context is one that the function around the literal makes, and cancels in a deferred
// call.
func (p *Paths) cancelledAround(v *ssa.FreeVar) bool {
	bound := program.Bindings(v)
	if len(bound) != 1 {
		return false // one of several
	}
	switch from := bound[0].(type) {
	case *ssa.FreeVar:
		return p.cancelledAround(from)
	case *ssa.Alloc:
		last := lastStore(from)
		return last != nil && cancelDeferred(last.Val)
	}
	return false
}

// lastStore is the store to a variable that comes behind all others, nil if there is none such.
func lastStore(a *ssa.Alloc) *ssa.Store {
	var last *ssa.Store
	for _, ref := range *a.Referrers() {
		s, ok := ref.(*ssa.Store)
		switch {
		case !ok:
			continue // it is read or captured
		case last == nil || behind(s, last):
			last = s
		case !behind(last, s):
			return nil // whichever comes last
		}
	}
	return last
}

// behind reports whether an instruction runs after another one that has always run before it.
func behind(a, b ssa.Instruction) bool {
	if a.Block() != b.Block() {
		return b.Block().Dominates(a.Block())
	}
	return slices.Index(b.Block().Instrs, b) < slices.Index(a.Block().Instrs, a)
}

// cancelDeferred reports whether a context is the first result of context.WithCancel, and the second one is called by a defer.
func cancelDeferred(ctx ssa.Value) bool {
	call := program.ResultOf(ctx)
	if call == nil {
		return false // from elsewhere
	}
	if obj, _ := program.Callee(call); !catalog.ContextDerive(obj) {
		return false
	}
	for _, ref := range *call.Referrers() {
		cancel, ok := ref.(*ssa.Extract)
		if !ok || cancel.Index == 0 {
			continue // the context
		}
		for _, use := range *cancel.Referrers() {
			if d, ok := use.(*ssa.Defer); ok && d.Call.Value == ssa.Value(cancel) {
				return true
			}
		}
	}
	return false
}
