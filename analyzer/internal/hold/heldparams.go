package hold

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// byParams looks at what a function does while it has a transaction, a connection or rows that it is given.
func (h *Finder) byParams(fn *ssa.Function) {
	if h.notLent(fn) {
		return // its transaction is nil
	}
	for i, p := range fn.Params {
		class := h.heldParam(fn, p)
		if class == nil || !h.mayWant(fn, i) {
			continue // nothing is held, or nothing wanted
		}
		held := holding{Holder: Holder{Param: p, Resource: class.Resource}, pool: handle.Ref{Kind: h.FamilyOfType(p.Type())}}
		if ref, ok := h.givenBy(fn, i); ok {
			held.pool, held.known = ref, true
		}
		h.during(held, h.paths.Watch(fn, p, *class), nil)
	}
}

// notLent reports whether a literal is given to a function that would hold a connection for it, but is given no pool.
func (h *Finder) notLent(fn *ssa.Function) bool {
	use := h.Uses[fn]
	if use == nil {
		return false
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) == fn {
			_, lends := h.lentAt(use, i)
			return len(lends) > 0 && len(h.heldFor(use, i)) == 0
		}
	}
	return false
}

// heldParam is the class of a parameter that has a connection of a pool, nil if it has none. A *pgx.Conn may be of no pool; a
// *gorm.DB may be a pool, unless the function is a hook of gorm's.
func (h *Finder) heldParam(fn *ssa.Function, p *ssa.Parameter) *catalog.Class {
	if v, ok := p.Object().(*types.Var); ok && !named(v) {
		return nil // it does not use it: its callers are told
	}
	if !handle.SharesType(p.Type()) {
		return h.heldType(p.Type())
	}
	if fn.Signature.Recv() == nil || !catalog.GormHook(fn.Name()) || fn.Params[0] == p {
		return nil
	}
	return &catalog.Class{Resource: catalog.Tx}
}

// heldType is the class of a type whose values have a connection of a pool, nil for another type.
func (h *Finder) heldType(t types.Type) *catalog.Class {
	class := h.Cat.Type(t)
	if class == nil || catalog.OfNoPool(t) {
		return nil
	}
	switch class.Resource {
	case catalog.Tx, catalog.Conn, catalog.Rows, catalog.Batch, catalog.Line:
		return class
	}
	return nil
}

// noParam is no parameter at all.
const noParam = -2 // -1 is that of a connection whose handle is no parameter

// mayWant reports whether a function takes a connection that is not that of its parameter i, so that following the parameter
// is worth the work.
func (h *Finder) mayWant(fn *ssa.Function, i int) bool {
	return slices.ContainsFunc(h.Of(fn), func(k take.Taking) bool { return !k.Busy && !k.Spawned && k.Handle != i }) || h.waitsForOthers(fn) || h.maySlow(fn)
}

// lentBy is the pool of the connection that a literal is lent, if the call that it is given to tells.
func (h *Finder) lentBy(fn *ssa.Function) (ref handle.Ref, ok bool) {
	use := h.Uses[fn]
	if use == nil {
		return handle.Ref{}, false // stored, or called where it stands
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) != fn {
			continue
		}
		if lent := h.heldFor(use, i); len(lent) == 1 {
			return h.RefOf(lent[0]), true
		}
		if obj, _ := program.Callee(use); h.Cat.Func(obj) != nil {
			return h.begunOn(program.WorksOn(use, h.Cat.Func(obj))) // a transaction on what the function around it holds
		}
	}
	return handle.Ref{}, false
}

// givenBy is the pool of what the calls of this package give for a parameter, if they agree.
func (h *Finder) givenBy(fn *ssa.Function, i int) (ref handle.Ref, ok bool) {
	if ref, ok := h.lentBy(fn); ok {
		return ref, true
	}
	for _, call := range h.Graph.Callers(fn) {
		from, known := h.begunOn(program.GivenFor(call, i))
		if !known || ok && h.Compare(from, ref) != handle.SamePool {
			return handle.Ref{}, false
		}
		ref, ok = from, true
	}
	ref.Value = nil // it is a value of the caller's
	return ref, ok
}

// begunOn is the pool that a transaction or connection was taken from, if the call that took it is in sight.
func (h *Finder) begunOn(v ssa.Value) (handle.Ref, bool) {
	if v == nil {
		return handle.Ref{}, false
	}
	call := program.ResultOf(h.Plain(v))
	if call == nil {
		return handle.Ref{}, false
	}
	for _, k := range h.ByCallee(call) {
		if !k.Busy && !k.Spawned {
			return h.RefOf(k), true
		}
	}
	return handle.Ref{}, false
}

// txByName reports whether a handle is a parameter that may be a pool or a transaction, by its type, and is a transaction by its
// name: what gorm's programs call tx.
func (h *Finder) txByName(v ssa.Value) bool {
	if v == nil {
		return false
	}
	p, ok := h.Plain(v).(*ssa.Parameter)
	return ok && (handle.SharesType(p.Type()) || types.IsInterface(p.Type())) && slices.ContainsFunc(handle.Words(p.Name()), func(w string) bool {
		return w == "tx" || w == "txn" || w == "trx"
	})
}
