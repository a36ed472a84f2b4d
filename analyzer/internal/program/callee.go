package program

import (
	"fmt"
	"go/token"
	"go/types"
	"iter"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
)

// Callee returns the object and, if there is one, the function that a call names.
func Callee(call ssa.CallInstruction) (*types.Func, *ssa.Function) {
	common := call.Common()
	if common.IsInvoke() {
		return common.Method.Origin(), nil
	}
	fn := common.StaticCallee()
	if fn == nil {
		return nil, nil // a function value
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil {
		return nil, fn // a literal
	}
	return obj.Origin(), fn
}

// GivenFor is what is given for parameter i, the receiver being number 0 of a method; nil if there is none.
func GivenFor(call ssa.CallInstruction, i int) ssa.Value {
	args := origin.Given(call)
	if i >= len(args) {
		return nil
	}
	return args[i]
}

// Argument is argument i of a call, receiver not counted, nil if there is none.
func Argument(call ssa.CallInstruction, i int) ssa.Value {
	common := call.Common()
	if !common.IsInvoke() && common.Signature().Recv() != nil {
		i++
	}
	if i >= len(common.Args) {
		return nil
	}
	return common.Args[i]
}

// RowOf returns the row of a callee, or that of a library method of the same shape for a method of the program's own
// interface.
func (p *Program) RowOf(obj *types.Func, call ssa.CallInstruction) *catalog.Row {
	if obj == nil {
		return nil
	}
	if row := p.Cat.Func(obj); row != nil {
		return row
	}
	if !call.Common().IsInvoke() {
		return nil
	}
	row := p.Cat.Shape(obj)
	if row == nil {
		row = p.behindInterface(obj)
	}
	if row != nil && row.Kind == catalog.Acquire && obj.Signature().Params().Len() == 0 {
		return nil // a getter: Tx() of a unit of work, Conn() of a session
	}
	return row
}

// behindInterface returns the row of the method that a library's pool has for a method of an interface of the program's own which
// it implements: Get(dest any, query string, args ...any) error says by its types alone nothing of a database. Only what takes a
// connection for the time of the call is known that way.
func (p *Program) behindInterface(m *types.Func) *catalog.Row {
	if row, ok := p.poolRows[m]; ok {
		return row
	}
	p.poolRows[m] = nil
	iface, ok := RecvType(m).Underlying().(*types.Interface)
	if !ok || iface.NumMethods() < 2 {
		return nil // one method says too little
	}
	for _, pkg := range p.Pass.Pkg.Imports() {
		if !p.Cat.IsLibrary(pkg.Path()) {
			continue // no library
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || types.IsInterface(tn.Type()) {
				continue // no type that pools have
			}
			ptr := types.NewPointer(tn.Type())
			if class := p.Cat.Type(ptr); class == nil || class.Resource != catalog.Pool || !types.Implements(ptr, iface) {
				continue // no pool, or another interface
			}
			obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
			if fn, ok := obj.(*types.Func); ok {
				if row := p.Cat.Func(fn); row != nil && row.Transient && row.Kind == catalog.Neutral {
					p.poolRows[m] = row
					return row
				}
			}
		}
	}
	return nil
}

// CallsOf iterates over the calls of a function, in the order of its blocks.
func CallsOf(fn *ssa.Function) iter.Seq[ssa.CallInstruction] {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				if call, ok := in.(ssa.CallInstruction); ok && !yield(call) {
					return
				}
			}
		}
	}
}

// Calls iterates over the calls of the package, in the order of the functions.
func (p *Program) Calls() iter.Seq[ssa.CallInstruction] {
	return func(yield func(ssa.CallInstruction) bool) {
		for _, fn := range p.WithInit() {
			for call := range CallsOf(fn) {
				if !yield(call) {
					return
				}
			}
		}
	}
}

// WorksOn is the pool, connection or transaction that a library's function works on.
func WorksOn(call ssa.CallInstruction, row *catalog.Row) ssa.Value {
	common := call.Common()
	if row.Handle > 0 && row.Handle <= len(common.Args) {
		return common.Args[row.Handle-1]
	}
	if given := origin.Given(call); len(given) > 0 {
		return given[0]
	}
	return nil
}

// Base is the pool, connection or transaction behind the steps of a query builder.
func (p *Program) Base(v ssa.Value) ssa.Value {
	for range MaxUses * 4 {
		call, ok := v.(*ssa.Call)
		if !ok {
			return v
		}
		obj, _ := Callee(call)
		row := p.Cat.Func(obj)
		if row == nil || !row.Alias {
			return v
		}
		v = WorksOn(call, row)
		if catalog.Redirects(row) && len(call.Call.Args) > 1 {
			v = call.Call.Args[len(call.Call.Args)-1]
		}
	}
	return v
}

// LiteralCalled is the literal that a call runs, nil if it runs something else.
func LiteralCalled(call ssa.CallInstruction) *ssa.Function { return Literal(call.Common().Value) }

// HandleIndex is the parameter by which a library's function gets its handle, the receiver being number 0.
func HandleIndex(call ssa.CallInstruction, row *catalog.Row) int {
	switch {
	case row.Handle == 0:
		return 0
	case call.Common().IsInvoke() || call.Common().Signature().Recv() != nil:
		return row.Handle
	}
	return row.Handle - 1
}

// PlaceOf names a position for readers of another file: "db.go:12".
func PlaceOf(pass *analysis.Pass, pos token.Pos) string {
	at := pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

// Place names a position for other packages.
func (p *Program) Place(pos token.Pos) string { return PlaceOf(p.Pass, pos) }

// NameOf is the callee of a call as its caller writes it.
func (p *Program) NameOf(call ssa.CallInstruction) string {
	if f := diag.File(p.Pass.Files, call.Common().Pos()); f != nil {
		if c, _ := diag.CallAt(f, call.Common().Pos()); c != nil {
			return diag.Callee(c)
		}
	}
	if obj, _ := Callee(call); obj != nil {
		return obj.Name()
	}
	return "a function"
}
