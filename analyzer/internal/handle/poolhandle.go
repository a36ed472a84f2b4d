package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Kind says whether a call on a handle takes a connection of a pool.
type Kind uint8

const (
	NoPool      Kind = iota // a transaction or connection, or nobody knows
	SurePool                // its type says so
	LikelyPool              // it may be several things, and nothing shows that it is another
	CallersPool             // the caller decides
)

// KindOf is what a handle is.
func (h *Handles) KindOf(v ssa.Value) Kind {
	v = h.Runner(program.Bare(v))
	if v == nil {
		return NoPool // a query without what it is to run on
	}
	class := h.Cat.Type(v.Type())
	switch {
	case class != nil && class.Resource == catalog.Pool && !SharesType(v.Type()) && !types.IsInterface(v.Type()):
		return SurePool
	case h.IsTx(v):
		return NoPool
	case class != nil && class.Resource == catalog.Stmt:
		return h.statementKind(v)
	case h.aroundTx(v.Type()):
		return NoPool
	}
	if p, ok := v.(*ssa.Parameter); ok {
		if p.Parent().Parent() != nil || h.mayBeEither(p.Type()) {
			return CallersPool // whoever runs a literal gives it a transaction as often as not
		}
		return LikelyPool // a struct that has a pool
	}
	if h.mayBeTx(v) {
		if program.ParamOf(parentOf(v), v) >= 0 {
			return CallersPool // the field of a receiver that has a pool or a transaction
		}
		return NoPool
	}
	if call := program.ResultOf(v); call != nil && types.IsInterface(v.Type()) && h.OwnCallee(call) == nil {
		return NoPool // whatever another package returns
	}
	return LikelyPool
}

// statementKind is what a prepared statement takes its connections from. One that is kept was prepared on a pool: those of a
// transaction end with it.
func (h *Handles) statementKind(v ssa.Value) Kind {
	if _, ok := v.(*ssa.Parameter); ok || h.mayBeTx(v) {
		return NoPool // it may be one of a transaction
	}
	if call := program.ResultOf(v); call != nil {
		obj, _ := program.Callee(call)
		if row := h.Cat.Func(obj); row != nil && row.Resource == catalog.Stmt {
			return h.KindOf(h.Base(program.WorksOn(call, row)))
		}
		return NoPool // a function that may have looked at a transaction
	}
	return LikelyPool
}

// Runner is what a query builder runs on: the argument of RunWith. It is nil if that is not seen.
func (h *Handles) Runner(v ssa.Value) ssa.Value {
	call := program.ResultOf(v)
	if call == nil {
		return v
	}
	obj, _ := program.Callee(call)
	if obj == nil || obj.Pkg() == nil || obj.Signature().Results().Len() != 1 || !h.Cat.IsLibrary(obj.Pkg().Path()) || h.Cat.Func(obj) != nil {
		return v // not a step of a builder
	}
	for range program.MaxUses * 6 {
		obj, _ := program.Callee(call)
		if catalog.RunsOn(obj) {
			return program.Bare(program.Argument(call, 0))
		}
		if obj == nil || obj.Signature().Recv() == nil {
			return nil // the builder begins here
		}
		if call = program.ResultOf(origin.Given(call)[0]); call == nil {
			return nil // a builder from elsewhere
		}
	}
	return nil
}

// mayBeTx reports whether a transaction or a connection, or a statement of one, comes to the place of a value somewhere in the
// package.
func (h *Handles) mayBeTx(v ssa.Value) bool {
	if h.txs == nil {
		h.txs = h.findTxs()
	}
	for _, n := range h.Graph.Backward(h.Graph.Of(v)) {
		if h.txs[n] {
			return true
		}
	}
	return false
}

// aroundTx reports whether a type is a struct of the program's own around a transaction or a connection.
func (h *Handles) aroundTx(typ types.Type) bool {
	if p, ok := typ.Underlying().(*types.Pointer); ok {
		typ = p.Elem()
	}
	st, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	found := false
	for f := range st.Fields() {
		class := h.Cat.Type(f.Type())
		if class == nil || SharesType(f.Type()) {
			continue // something else, or nobody knows
		}
		switch class.Resource {
		case catalog.Pool:
			return false // it has both
		case catalog.Tx, catalog.Conn, catalog.Session:
			found = true
		}
	}
	return found
}

// mayBeEither reports whether a value of a type works on a pool or on a transaction, as its maker likes: an interface that both
// have, a handle of gorm, a struct around such an interface.
func (h *Handles) mayBeEither(typ types.Type) bool {
	if types.IsInterface(typ) {
		return !catalog.OnlyPool(typ)
	}
	if h.Cat.Type(typ) != nil {
		return true // gorm
	}
	named := typ
	if p, ok := types.Unalias(typ).(*types.Pointer); ok {
		named = p.Elem()
	}
	if n, ok := types.Unalias(named).(*types.Named); ok && n.Obj().Pkg() == h.Pass.Pkg {
		return h.ownsTx(named)
	}
	st, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if types.IsInterface(f.Type()) && !catalog.OnlyPool(f.Type()) && h.queries(f.Type()) {
			return true
		}
	}
	return false
}

// queries reports whether an interface has a method like one of a library.
func (h *Handles) queries(iface types.Type) bool {
	methods := iface.Underlying().(*types.Interface)
	for m := range methods.Methods() {
		if h.Cat.Shape(m) != nil || h.Cat.Func(m) != nil {
			return true
		}
	}
	return false
}

// ownsTx reports whether a transaction or a connection is stored in a field of a struct type somewhere in the package.
func (h *Handles) ownsTx(typ types.Type) bool {
	return slices.ContainsFunc(h.FieldValues(typ), h.mayBeTx)
}

// findTxs lists the nodes of all transactions and connections of the package.
func (h *Handles) findTxs() map[origin.Node]bool {
	txs := map[origin.Node]bool{}
	add := func(v ssa.Value) {
		class := h.Cat.Type(v.Type())
		if class == nil {
			return // something else
		}
		switch class.Resource {
		case catalog.Tx, catalog.Conn, catalog.Session:
			if !SharesType(v.Type()) || h.begun(v, program.MaxUses*2) {
				txs[h.Graph.Of(v)] = true
			}
		case catalog.Stmt:
			call := program.ResultOf(v)
			if call == nil {
				return
			}
			obj, _ := program.Callee(call)
			if row := h.Cat.Func(obj); row != nil && h.IsTx(program.WorksOn(call, row)) {
				txs[h.Graph.Of(v)] = true
			}
		}
	}
	for _, fn := range h.Funcs {
		for _, p := range fn.Params {
			add(p)
		}
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				switch v := in.(type) {
				case *ssa.FieldAddr, *ssa.IndexAddr, *ssa.Alloc: // where one may be
				case ssa.Value:
					add(v)
				}
			}
		}
	}
	return txs
}

// HandleContext returns the context in a handle, where calls take none themselves. known is false if it may have one that is not
// seen here; a nil context is none.
func (h *Handles) HandleContext(v ssa.Value) (ctx ssa.Value, known bool) {
	if h.BoundsWaits {
		return nil, false // all waits have a timeout
	}
	return h.contextIn(v, program.MaxUses*6)
}

func (h *Handles) contextIn(v ssa.Value, depth int) (ctx ssa.Value, known bool) {
	if depth == 0 {
		return nil, false
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		return nil, true // the caller's handle: see KindOf
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			return nil, h.opensOne(call)
		}
	case *ssa.Call:
		obj, fn := program.Callee(v)
		row := h.Cat.Func(obj)
		switch {
		case catalog.SetsHandleContext(obj):
			return program.Argument(v, 0), true
		case catalog.MaySetContext(obj):
			return nil, false
		case row != nil && row.Alias:
			return h.contextIn(program.WorksOn(v, row), depth-1)
		case h.Analyzed(fn):
			return nil, !h.setsContext(fn) // a getter
		}
		return nil, h.opensOne(v)
	case *ssa.UnOp:
		return nil, h.noneHasContext(h.storedAt(v.X), depth)
	case *ssa.Phi:
		return nil, h.noneHasContext(v.Edges, depth)
	}
	return nil, false
}

// noneHasContext reports whether handles are known to have no context.
func (h *Handles) noneHasContext(handles []ssa.Value, depth int) bool {
	for _, v := range handles {
		if program.IsNil(v) {
			continue // before it is opened
		}
		if ctx, known := h.contextIn(v, depth-1); ctx != nil || !known {
			return false
		}
	}
	return true
}

// opensOne reports whether a call is one of a library that makes a handle: it has no context.
func (h *Handles) opensOne(call *ssa.Call) bool {
	obj, _ := program.Callee(call)
	row := h.Cat.Func(obj)
	return row != nil && (row.Kind == catalog.Construct || row.Kind == catalog.Acquire)
}

// setsContext reports whether a function, or a literal of it, puts a context into a handle.
func (h *Handles) setsContext(fn *ssa.Function) bool {
	for _, f := range program.Family(fn) {
		for call := range program.CallsOf(f) {
			if obj, _ := program.Callee(call); catalog.MaySetContext(obj) {
				return true
			}
		}
	}
	return false
}

// storedAt lists what the package stores in a variable or field.
func (h *Handles) storedAt(addr ssa.Value) []ssa.Value {
	at, outlives := repeat.LocationOf(addr)
	root := h.Variable(addr)
	var out []ssa.Value
	for _, fn := range h.WithInit() {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				s, ok := in.(*ssa.Store)
				if !ok {
					continue
				}
				to, same := repeat.LocationOf(s.Addr)
				if h.Variable(s.Addr) == root || outlives && same && at.Free == "" && to == at {
					out = append(out, s.Val)
				}
			}
		}
	}
	return out
}

// parentOf is the function that a value belongs to, nil if it belongs to the package.
func parentOf(v ssa.Value) *ssa.Function {
	if v == nil {
		return nil
	}
	return v.Parent()
}
