package summary

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// What a Take says of its context besides a parameter.
const (
	settled  = 0  // it has a deadline, or is reported where it is made, or nothing is known of it
	byHandle = -1 // it has none: whether there is a wait depends on the handle
)

// context notes the context of a library's call.
func (t *taker) context(k *taking, row *catalog.Row) {
	if !row.Waits() || t.changesSchema(k.call, row) {
		return // it gives up by itself, or is made before the program serves
	}
	for i, a := range k.call.Common().Args {
		if program.IsContext(a.Type()) {
			k.ctx, k.arg = a, i
			if !k.call.Common().IsInvoke() && k.call.Common().Signature().Recv() != nil {
				k.arg--
			}
			return
		}
	}
	k.arg = -1
	if row.ContextInHandle() == "" {
		k.bare = true
		return
	}
	ctx, known := t.HandleContext(program.WorksOn(k.call, row))
	k.ctx, k.bare = ctx, known && ctx == nil
}

// inherit notes the context of a call of the program's own function, by what that does with it.
func (k *taking) inherit(call ssa.CallInstruction) {
	k.ctx, k.bare, k.arg = nil, k.Ctx == byHandle, -1
	if k.Ctx > 0 {
		k.ctx, k.arg = program.GivenFor(call, k.Ctx-1), k.Ctx-1
		if call.Common().IsInvoke() || call.Common().Signature().Recv() != nil {
			k.arg--
		}
	}
}

// contextFor is what the callers of fn have to know of the context that it waits with.
func (t *taker) contextFor(fn *ssa.Function, k taking) int {
	if k.Busy || k.Spawned || k.ctx == nil && !k.bare || t.workLoop(k.call) {
		return settled // a worker's context lives as long as the worker: the deadline belongs to each query
	}
	if k.ctx == nil {
		return t.asksHandle(k)
	}
	end := t.endOf(k.ctx)
	if len(end.params) == 1 && !end.other {
		return slices.Index(fn.Params, end.params[0]) + 1 // 0 in a literal: it is a parameter of the function around it
	}
	if end.endless() {
		return t.asksHandle(k)
	}
	return settled
}

func (t *taker) asksHandle(k taking) int {
	if k.Handle >= 0 && t.KindOf(k.handle) == handle.CallersPool {
		return byHandle
	}
	return settled // it is reported in the function itself, or takes nothing
}

// changesSchema reports whether a library's call changes the schema.
func (t *taker) changesSchema(call ssa.CallInstruction, row *catalog.Row) bool {
	return row.ForSchema() || slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool {
		return program.IsText(a.Type()) && catalog.ChangesSchema(t.Graph.Text(a))
	})
}

// workLoop reports whether a call stands in a loop that goes on for as long as there is work.
func (t *taker) workLoop(call ssa.CallInstruction) bool {
	if !repeat.InLoop(call) {
		return false // a retry has one success
	}
	for _, l := range repeat.LoopsAround(call.Block()) {
		if len(l.Trips()) > 0 || l.RangedMap() != nil {
			continue // over a collection
		}
		for _, b := range call.Parent().Blocks {
			if l.Blocks[b] && slices.ContainsFunc(b.Instrs, t.pauses) {
				return true
			}
		}
	}
	return false
}
