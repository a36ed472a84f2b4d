package summary

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// OpenWait is a call that waits for a connection of a pool for as long as that takes: no deadline ends it.
type OpenWait struct {
	Call    ssa.CallInstruction
	Take    Take
	Setter  string    // the method that sets the context of the handle, where calls take none themselves
	Made    *ssa.Call // what makes the context: context.Background(); nil if there is none
	Arg     int       // the argument that is the context, receiver not counted; -1 if it is none
	Own     bool      // the context is made out of another one, so as to outlive that: context.WithoutCancel
	Caller  string    // the caller's context, where one is in scope that may be passed on: "r.Context()"
	Assumed bool      // it rests on an interface, or on a handle that may be several things
}

// What a Take says of its context besides a parameter.
const (
	settled  = 0  // it has a deadline, or is reported where it is made, or nothing is known of it
	byHandle = -1 // it has none: whether there is a wait depends on the handle
)

// openWaits lists the calls of the package that wait without a deadline, in the order of the functions.
func (t *taker) openWaits() []*OpenWait {
	var out []*OpenWait
	for _, fn := range t.funcs {
		for call := range callsOf(fn) {
			if w := t.waitAt(fn, call); w != nil {
				out = append(out, w)
			}
		}
	}
	return out
}

// waitAt judges one call, nil if it does not wait, or something ends the wait.
func (t *taker) waitAt(fn *ssa.Function, call ssa.CallInstruction) *OpenWait {
	obj, _ := t.callee(call)
	row := t.rowOf(obj, call)
	takes := t.at(call)
	if row != nil {
		if t.atStartOnly(call, row) {
			return nil
		}
		if row.Transient && row.Holds == catalog.Nothing && row.Waits() {
			takes = []taking{t.brief(call, row)}
		}
	}
	for _, k := range takes {
		if k.inner || k.Busy {
			continue // it is judged in its literal, or takes no connection
		}
		w := t.endless(call, k)
		if w == nil || t.probe(fn, k) || t.justBuilt(call, k.handle) || t.atStart(fn, call, k) {
			continue // it has an end, or nobody else can have the connections
		}
		if row != nil {
			w.Setter = row.ContextInHandle()
		}
		if !w.Own {
			w.Caller = t.callersContext(call)
		}
		return w
	}
	return nil
}

// brief is the connection that a call takes to prepare a statement.
func (t *taker) brief(call ssa.CallInstruction, row *catalog.Row) taking {
	k := taking{Take: Take{From: row.Short(), At: t.place(call.Common().Pos())}, call: call, handle: t.base(worksOn(call, row))}
	t.context(&k, row)
	return k
}

// context notes the context of a library's call.
func (t *taker) context(k *taking, row *catalog.Row) {
	if !row.Waits() || t.changesSchema(k.call, row) {
		return // it gives up by itself, or is made before the program serves
	}
	for i, a := range k.call.Common().Args {
		if isContext(a.Type()) {
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
	ctx, known := t.handleContext(worksOn(k.call, row))
	k.ctx, k.bare = ctx, known && ctx == nil
}

// inherit notes the context of a call of the program's own function, by what that does with it.
func (k *taking) inherit(call ssa.CallInstruction) {
	k.ctx, k.bare, k.arg = nil, k.Ctx == byHandle, -1
	if k.Ctx > 0 {
		k.ctx, k.arg = argValue(call, k.Ctx-1), k.Ctx-1
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
	if k.Handle >= 0 && t.kindOf(k.handle) == callersPool {
		return byHandle
	}
	return settled // it is reported in the function itself, or takes nothing
}

// endless is a call that waits without a deadline on something that is a pool, nil if it is none.
func (t *taker) endless(call ssa.CallInstruction, k taking) *OpenWait {
	if k.ctx == nil && !k.bare {
		return nil // nothing is known of its context
	}
	w := &OpenWait{Call: call, Take: k.Take, Arg: k.arg, Assumed: k.Assumed}
	if k.ctx != nil {
		end := t.endOf(k.ctx)
		if !end.endless() {
			return nil
		}
		w.Made = end.made
		obj, _ := callee(end.made)
		_, w.Own = catalog.EndlessContext(obj)
	}
	kind := surePool
	switch {
	case k.handle != nil:
		kind = t.kindOf(k.handle)
	case k.bare, k.Assumed && t.givenByRunner(call):
		return nil // what it works on is not known
	}
	if kind == noPool || kind == callersPool {
		return nil
	}
	w.Assumed = w.Assumed || kind == likelyPool
	return w
}

// givenByRunner reports whether a call is on something that whoever runs the literal around it gives it: repositories on a
// transaction.
func (t *taker) givenByRunner(call ssa.CallInstruction) bool {
	p, ok := bare(call.Common().Value).(*ssa.Parameter)
	return ok && p.Parent().Parent() != nil
}

// probe reports whether a call only asks if the database is there, of a pool that is being set up: it is in no field or variable
// that outlives the function, and nobody waits for the answer.
func (t *taker) probe(fn *ssa.Function, k taking) bool {
	if !strings.HasSuffix(k.From, ".Ping") && !strings.HasSuffix(k.From, ".PingContext") || k.Pool != "" {
		return false
	}
	for f := fn; f != nil; f = f.Parent() {
		if t.entries[f] != "" {
			return false // a readiness probe: it takes its connection from the pool of the requests
		}
	}
	return true
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

// atStartOnly reports whether a call is one that programs make before they serve: it changes the schema, or prepares a statement
// that is kept.
func (t *taker) atStartOnly(call ssa.CallInstruction, row *catalog.Row) bool {
	if t.changesSchema(call, row) {
		return true
	}
	if row.Resource != catalog.Stmt {
		return false
	}
	for _, s := range t.info(call.Parent()).sites {
		if s.Call == call && s.Kept {
			return true
		}
	}
	return false
}

// changesSchema reports whether a library's call changes the schema.
func (t *taker) changesSchema(call ssa.CallInstruction, row *catalog.Row) bool {
	return row.ForSchema() || slices.ContainsFunc(call.Common().Args, func(a ssa.Value) bool {
		return isText(a.Type()) && catalog.ChangesSchema(t.graph.Text(a))
	})
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}
