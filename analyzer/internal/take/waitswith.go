package take

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Context notes the context of a library's call.
func (t *Taker) Context(k *Taking, row *catalog.Row) {
	if !row.Waits() || t.ChangesSchema(k.Call, row) {
		return // it gives up by itself, or is made before the program serves
	}
	for i, a := range k.Call.Common().Args {
		if program.IsContext(a.Type()) {
			k.CtxValue, k.CtxArg = a, i
			if !k.Call.Common().IsInvoke() && k.Call.Common().Signature().Recv() != nil {
				k.CtxArg--
			}
			return
		}
	}
	k.CtxArg = -1
	if row.ContextInHandle() == "" {
		k.Bare = true
		return
	}
	ctx, known := t.HandleContext(program.WorksOn(k.Call, row))
	k.CtxValue, k.Bare = ctx, known && ctx == nil
}

// inherit notes the context of a call of the program's own function, by what that does with it.
func (k *Taking) inherit(call ssa.CallInstruction) {
	k.CtxValue, k.Bare, k.CtxArg = nil, k.Ctx == fact.ByHandle, -1
	if k.Ctx > 0 {
		k.CtxValue, k.CtxArg = program.GivenFor(call, k.Ctx-1), k.Ctx-1
		if call.Common().IsInvoke() || call.Common().Signature().Recv() != nil {
			k.CtxArg--
		}
	}
}

// contextFor is what the callers of fn have to know of the context that it waits with.
func (t *Taker) contextFor(fn *ssa.Function, k Taking) int {
	if k.Busy || k.Spawned || k.CtxValue == nil && !k.Bare || t.WorkLoop(k.Call) {
		return fact.Settled // a worker's context lives as long as the worker: the deadline belongs to each query
	}
	if k.CtxValue == nil {
		return t.asksHandle(k)
	}
	end := t.EndOf(k.CtxValue)
	if len(end.params) == 1 && !end.other {
		return slices.Index(fn.Params, end.params[0]) + 1 // 0 in a literal: it is a parameter of the function around it
	}
	if end.Endless() {
		return t.asksHandle(k)
	}
	return fact.Settled
}

func (t *Taker) asksHandle(k Taking) int {
	if k.Handle >= 0 && t.KindOf(k.HandleValue) == handle.CallersPool {
		return fact.ByHandle
	}
	return fact.Settled // it is reported in the function itself, or takes nothing
}

// ChangesSchema reports whether a library's call changes the schema.
func (t *Taker) ChangesSchema(call ssa.CallInstruction, row *catalog.Row) bool {
	return row.ForSchema() || slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool {
		return isText(a.Type()) && catalog.ChangesSchema(t.Graph.Text(a))
	})
}

// WorkLoop reports whether a call stands in a loop that goes on for as long as there is work.
func (t *Taker) WorkLoop(call ssa.CallInstruction) bool {
	if !repeat.InLoop(call) {
		return false // a retry has one success
	}
	for _, l := range repeat.LoopsAround(call.Block()) {
		if len(l.Trips()) > 0 || l.RangedMap() != nil {
			continue // over a collection
		}
		for _, b := range call.Parent().Blocks {
			if l.Blocks[b] && slices.ContainsFunc(b.Instrs, t.Pauses) {
				return true
			}
		}
	}
	return false
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
