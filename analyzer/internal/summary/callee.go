package summary

import (
	"fmt"
	"go/ast"
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

// callee returns the object and, if there is one, the function that a call names.
func callee(call ssa.CallInstruction) (*types.Func, *ssa.Function) {
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

// argValue is what is given for parameter i.
func argValue(call ssa.CallInstruction, i int) ssa.Value {
	args := origin.Given(call)
	if i >= len(args) {
		return nil
	}
	return args[i]
}

// argument is argument i of a call, receiver not counted, nil if there is none.
func argument(call ssa.CallInstruction, i int) ssa.Value {
	common := call.Common()
	if !common.IsInvoke() && common.Signature().Recv() != nil {
		i++
	}
	if i >= len(common.Args) {
		return nil
	}
	return common.Args[i]
}

// argType is the type of what is given for parameter i, the receiver being number 0 of a method.
func argType(call ssa.CallInstruction, i int) types.Type {
	if v := argValue(call, i); v != nil {
		return v.Type()
	}
	return nil
}

// rowOf returns the row of a callee, or that of a library method of the same shape for a method of the program's own
// interface.
func (p *program) rowOf(obj *types.Func, call ssa.CallInstruction) *catalog.Row {
	if obj == nil {
		return nil
	}
	if row := p.cat.Func(obj); row != nil {
		return row
	}
	if !call.Common().IsInvoke() {
		return nil
	}
	row := p.cat.Shape(obj)
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
func (p *program) behindInterface(m *types.Func) *catalog.Row {
	if row, ok := p.poolRows[m]; ok {
		return row
	}
	p.poolRows[m] = nil
	iface, ok := recvType(m).Underlying().(*types.Interface)
	if !ok || iface.NumMethods() < 2 {
		return nil // one method says too little
	}
	for _, pkg := range p.pass.Pkg.Imports() {
		if !p.cat.IsLibrary(pkg.Path()) {
			continue // no library
		}
		for _, name := range pkg.Scope().Names() {
			tn, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok || types.IsInterface(tn.Type()) {
				continue // no type that pools have
			}
			ptr := types.NewPointer(tn.Type())
			if class := p.cat.Type(ptr); class == nil || class.Resource != catalog.Pool || !types.Implements(ptr, iface) {
				continue // no pool, or another interface
			}
			obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
			if fn, ok := obj.(*types.Func); ok {
				if row := p.cat.Func(fn); row != nil && row.Transient && row.Kind == catalog.Neutral {
					p.poolRows[m] = row
					return row
				}
			}
		}
	}
	return nil
}

// callsOf iterates over the calls of a function, in the order of its blocks.
func callsOf(fn *ssa.Function) iter.Seq[ssa.CallInstruction] {
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

// worksOn is the pool, connection or transaction that a library's function works on.
func worksOn(call ssa.CallInstruction, row *catalog.Row) ssa.Value {
	common := call.Common()
	if row.Handle > 0 && row.Handle <= len(common.Args) {
		return common.Args[row.Handle-1]
	}
	if given := origin.Given(call); len(given) > 0 {
		return given[0]
	}
	return nil
}

// base is the pool, connection or transaction behind the steps of a query builder.
func (p *program) base(v ssa.Value) ssa.Value {
	for range maxUses * 4 {
		call, ok := v.(*ssa.Call)
		if !ok {
			return v
		}
		obj, _ := callee(call)
		row := p.cat.Func(obj)
		if row == nil || !row.Alias {
			return v
		}
		v = worksOn(call, row)
		if catalog.Redirects(row) && len(call.Call.Args) > 1 {
			v = call.Call.Args[len(call.Call.Args)-1]
		}
	}
	return v
}

// literalCalled is the literal that a call runs, nil if it runs something else.
func literalCalled(call ssa.CallInstruction) *ssa.Function { return literal(call.Common().Value) }

// handleIndex is the parameter by which a library's function gets its handle, the receiver being number 0.
func handleIndex(call ssa.CallInstruction, row *catalog.Row) int {
	switch {
	case row.Handle == 0:
		return 0
	case call.Common().IsInvoke() || call.Common().Signature().Recv() != nil:
		return row.Handle
	}
	return row.Handle - 1
}

// placeOf names a position for readers of another file: "db.go:12".
func placeOf(pass *analysis.Pass, pos token.Pos) string {
	at := pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

// place names a position for other packages.
func (b *program) place(pos token.Pos) string { return placeOf(b.pass, pos) }

// name is the callee of a call as its caller writes it.
func (b *program) name(call ssa.CallInstruction) string {
	if f := diag.File(b.pass.Files, call.Common().Pos()); f != nil {
		if c, _ := diag.CallAt(f, call.Common().Pos()); c != nil {
			return diag.Callee(c)
		}
	}
	if obj, _ := callee(call); obj != nil {
		return obj.Name()
	}
	return "a function"
}

// generated reports whether a position is in generated code.
func (b *program) generated(pos token.Pos) bool {
	f := diag.File(b.pass.Files, pos)
	return f != nil && ast.IsGenerated(f)
}
