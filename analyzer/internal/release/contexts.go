package release

import (
	"iter"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
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

// derivation lists a context and those that it is derived from.
func derivation(ctx *flow.Sym) iter.Seq[*flow.Sym] {
	return func(yield func(*flow.Sym) bool) {
		for ctx != nil && ctx.Op == flow.OpPred && yield(ctx) {
			switch ctx.Tag {
			case "ctxcancel", "ctxdeadline":
				ctx = ctx.Args[1]
			case "ctxpass":
				ctx = ctx.Args[0]
			default:
				return // the context of a request, or something else
			}
		}
	}
}

// endedBy reports whether calling cancel ends the context.
func endedBy(ctx, cancel *flow.Sym) bool {
	for c := range derivation(ctx) {
		if (c.Tag == "ctxcancel" || c.Tag == "ctxdeadline") && c.Args[2] == cancel {
			return true
		}
	}
	return false
}

// ctxExcuse is the excuse for a resource that its context ends: at a deadline, or with the request.
func (q *question) ctxExcuse(st *flow.State) Excuse {
	for c := range derivation(dataOf(st).ctx) {
		if c.Tag == "ctxdeadline" || c.Tag == "ctxrequest" {
			return EndsOnCtx
		}
	}
	return NoExcuse
}

// canceledAround reports whether the context of a resource is one that the function around a literal makes, and cancels in a deferred
// call: what the literal leaves behind is released when that function returns. again is true if the literal runs in a loop there.
func (q *question) canceledAround(st *flow.State) (ends, again bool) {
	ctx := dataOf(st).ctx
	if ctx == nil || ctx.Captured() == nil {
		return false, false // not of a literal
	}
	val, made := flow.CapturedValue(ctx.Captured())
	if val == nil || !cancelDeferred(val) {
		return false, false // nothing is known of it
	}
	for _, m := range made {
		use := q.p.runBy(m)
		if use == nil {
			return false, false // whenever somebody likes, and as often
		}
		again = again || repeat.InLoop(use)
	}
	return true, again
}

// runBy is what runs a literal, if that runs it once: it calls the literal where it stands, or in a goroutine, or gives it to a library's
// function that does.
func (p *Paths) runBy(made *ssa.MakeClosure) ssa.CallInstruction {
	if len(*made.Referrers()) != 1 {
		return nil // kept in a variable
	}
	call, ok := (*made.Referrers())[0].(ssa.CallInstruction)
	if !ok {
		return nil // stored
	}
	obj, _ := program.Callee(call)
	st, row := p.Cat.StarterOf(obj), p.Cat.Func(obj)
	if call.Common().Value == ssa.Value(made) || st != nil && !st.Each || row != nil && row.Callback && row.Kind != catalog.Consume {
		return call
	}
	return nil
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
