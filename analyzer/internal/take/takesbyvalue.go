package take

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

// ofMethodValue is what a method of this package takes that is called by way of a method value or a method expression.
func (t *Taker) ofMethodValue(call ssa.CallInstruction, fn *ssa.Function) []Taking {
	given := origin.Given(call)
	var out []Taking
	for _, k := range t.Of(fn) {
		if k.Handle >= len(given) {
			continue // ssa counts otherwise
		}
		if k.Handle >= 0 {
			k.HandleValue = given[k.Handle]
			k.Busy = k.Busy || t.IsTx(k.HandleValue)
		}
		k.Chain, k.Call = append([]string{fn.Name()}, k.Chain...), call
		out = append(out, k)
	}
	return out
}

// ofTable is what the functions take that are listed in a literal, of which a call runs one or each.
func (t *Taker) ofTable(call ssa.CallInstruction) []Taking {
	load, ok := call.Common().Value.(*ssa.UnOp)
	if !ok {
		return nil // of unknown origin
	}
	at, ok := load.X.(*ssa.IndexAddr)
	if !ok {
		return nil
	}
	var out []Taking
	for _, e := range origin.Elements(t.Plain(at.X)) {
		out = append(out, t.ofNamed(call, e)...)
	}
	return out
}

// ByImplementations is what a call through an interface takes, if one of the visible implementations takes it.
func (t *Taker) ByImplementations(call ssa.CallInstruction) []fact.Take {
	m := call.Common().Method.Origin()
	if typ := t.Concrete(call.Common().Value); typ != nil {
		return t.byMethod(typ, m)
	}
	for _, impl := range t.Implementations(m) {
		var takes []fact.Take
		if impl.Fact != nil {
			takes = impl.Fact.Takes
		} else if fn := t.Own(impl.Fn); fn != nil {
			takes = t.Told(fn)
		}
		for _, k := range takes {
			if !k.Busy {
				k.Assumed, k.Handle = true, -1
				return []fact.Take{k}
			}
		}
	}
	return nil
}

// byMethod is what the method of a type takes that is known to be behind an interface.
func (t *Taker) byMethod(typ types.Type, m *types.Func) []fact.Take {
	obj, _, _ := types.LookupFieldOrMethod(typ, true, m.Pkg(), m.Name())
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	if own := t.Own(fn); own != nil {
		return t.Told(own)
	}
	if f := t.Facts.Func(fn); f != nil {
		return f.Takes
	}
	return nil
}
