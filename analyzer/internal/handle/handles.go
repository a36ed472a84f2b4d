// Package handle finds out which pool a handle is of, and whether it is a pool at all or a transaction, by its type, by where it is
// kept, and by what comes to its place. [Handles.Compare] says whether two are of one pool.
//
// It does not know which calls take a connection by way of a handle.
package handle

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Handles says which pool a handle is of.
type Handles struct {
	*limit.Pools
	txs map[origin.Node]bool // transactions and connections
}

// New is asked with the pools of a package.
func New(pools *limit.Pools) *Handles { return &Handles{Pools: pools} }

// OuterValue is the variable of the function around a literal that a captured value is of.
func (h *Handles) OuterValue(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return v
	}
	if f, ok := load.X.(*ssa.FreeVar); ok {
		if bound := program.Bindings(f); len(bound) > 0 {
			return bound[0]
		}
	}
	return v
}

// FromContext reports whether a handle may be a transaction that a context carries: what a function returns that looks into
// its context.
func (h *Handles) FromContext(v ssa.Value) bool { return h.carried(v, program.MaxUses*3) }

func (h *Handles) carried(v ssa.Value, depth int) bool {
	if v == nil || depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return h.carried(e, depth-1) })
	case *ssa.Extract:
		return h.carried(v.Tuple, depth-1)
	case *ssa.TypeAssert:
		return h.carried(v.X, depth-1)
	case *ssa.MakeInterface:
		return h.carried(v.X, depth-1)
	case *ssa.ChangeInterface:
		return h.carried(v.X, depth-1)
	case *ssa.UnOp:
		return h.carried(v.X, depth-1)
	case *ssa.FieldAddr:
		return h.carried(v.X, depth-1)
	case *ssa.Alloc:
		return optioned(v) || slices.ContainsFunc(program.StoredIn(v), func(s ssa.Value) bool { return h.carried(s, depth-1) })
	case *ssa.FreeVar:
		return slices.ContainsFunc(program.Bindings(v), func(b ssa.Value) bool { return h.carried(b, depth-1) })
	case *ssa.Call:
		return h.carriedBy(v, depth)
	}
	return false
}

// optioned reports whether a variable is given to functions of which nothing is known: options, which may put a transaction in
// the place of the pool.
func optioned(a *ssa.Alloc) bool {
	for _, ref := range *a.Referrers() {
		if call, ok := ref.(*ssa.Call); ok {
			if obj, fn := program.Callee(call); obj == nil && fn == nil {
				return true
			}
		}
	}
	return false
}

// LooksIntoContext reports whether a function takes a transaction out of its context, or asks whether there is one: it then does
// without a connection of its own.
func (h *Handles) LooksIntoContext(fn *ssa.Function) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool {
		switch v := in.(type) {
		case *ssa.TypeAssert:
			return h.isHeldType(v.AssertedType) && h.FromContext(v)
		case *ssa.Call:
			results := v.Call.Signature().Results()
			if results.Len() == 0 {
				return false
			}
			typ := results.At(0).Type()
			asks := types.Identical(typ.Underlying(), types.Typ[types.Bool])
			return (asks || h.isHeldType(typ)) && h.asksContext(v, program.MaxUses)
		}
		return false
	})
}

func (h *Handles) isHeldType(typ types.Type) bool {
	class := h.Cat.Type(typ)
	return class != nil && (class.Resource == catalog.Tx || class.Resource == catalog.Conn || class.Resource == catalog.Session)
}

// asksContext reports whether a call of a function of this package leads to a look into a context.
func (h *Handles) asksContext(call *ssa.Call, depth int) bool {
	obj, fn := program.Callee(call)
	if obj != nil && obj.FullName() == "(context.Context).Value" {
		return true
	}
	if depth == 0 || !h.Analyzed(fn) {
		return false
	}
	for inner := range program.CallsOf(fn) {
		if c, ok := inner.(*ssa.Call); ok && h.asksContext(c, depth-1) {
			return true
		}
	}
	return false
}

// carriedBy is carried for what a call returns.
func (h *Handles) carriedBy(call *ssa.Call, depth int) bool {
	obj, fn := program.Callee(call)
	if obj != nil && obj.FullName() == "(context.Context).Value" {
		return true
	}
	if row := h.Cat.Func(obj); row != nil {
		return row.Alias && h.carried(program.WorksOn(call, row), depth-1)
	}
	if h.Analyzed(fn) {
		if slices.ContainsFunc(program.Returned(fn), func(r ssa.Value) bool { return h.carried(r, depth-1) }) {
			return true
		}
	} else if (h.Cat.Type(call.Type()) == nil || SharesType(call.Type())) && slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return program.IsContext(a.Type()) }) {
		return true // a function of another package, which may look into the context
	}
	return slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return !program.IsContext(a.Type()) && h.carried(a, depth-1) })
}

// IsTx reports whether a handle is a transaction or a connection: by its type, or because it is made of one.
func (h *Handles) IsTx(v ssa.Value) bool { return h.madeOfTx(v, program.MaxUses*2) }

func (h *Handles) madeOfTx(v ssa.Value, depth int) bool {
	if v == nil || depth == 0 || program.IsNil(v) {
		return false
	}
	if class := h.Cat.Type(v.Type()); class != nil && !types.IsInterface(v.Type()) || class != nil && class.Resource != catalog.Pool {
		switch class.Resource {
		case catalog.Pool:
			return false
		case catalog.Tx, catalog.Conn, catalog.Session:
			return !SharesType(v.Type()) || h.begun(v, depth)
		}
	}
	switch v := v.(type) {
	case *ssa.ChangeType:
		return h.madeOfTx(v.X, depth-1)
	case *ssa.Extract:
		return h.madeOfTx(v.Tuple, depth-1)
	case *ssa.Phi: // a statement that is made one of the transaction where there is one
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return h.madeOfTx(e, depth-1) })
	case *ssa.Call:
		return h.begun(v, depth)
	case *ssa.FreeVar:
		return slices.ContainsFunc(program.Bindings(v), func(b ssa.Value) bool { return h.madeOfTx(b, depth-1) })
	case *ssa.Alloc:
		return slices.ContainsFunc(program.StoredIn(v), func(s ssa.Value) bool { return h.madeOfTx(s, depth-1) })
	}
	return h.madeOfTx(program.Whole(v), depth-1)
}

// begun reports whether a value comes from a call that begins a transaction, or is given one: New(tx), q.WithTx(tx).
func (h *Handles) begun(v ssa.Value, depth int) bool {
	if e, ok := v.(*ssa.Extract); ok {
		v = e.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok {
		return false
	}
	obj, _ := program.Callee(call)
	if row := h.Cat.Func(obj); row != nil {
		if row.Kind == catalog.Acquire && (row.Resource == catalog.Tx || row.Resource == catalog.Conn) {
			return true
		}
		if row.Alias || row.Resource == catalog.Stmt {
			return h.madeOfTx(program.WorksOn(call, row), depth-1)
		}
		return false
	}
	return slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return !program.IsContext(a.Type()) && h.madeOfTx(a, depth-1) })
}

// SharesType reports whether pools and transactions of a library have one type: gorm's.
func SharesType(typ types.Type) bool { return typ.String() == "*gorm.io/gorm.DB" }
