package program

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/cfg"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// buildSSA builds the package alone; what it imports is known by type. x/tools' own buildssa would make every driver load
// all dependencies from source, as it requires a pass with facts.
func buildSSA(pass *analysis.Pass, no *noReturns) *ssa.Package {
	prog := ssa.NewProgram(pass.Fset, 0)
	prog.SetNoReturn(no.noReturn)
	for _, p := range pass.Pkg.Imports() {
		prog.CreatePackage(p, nil, nil, true)
	}
	pkg := prog.CreatePackage(pass.Pkg, pass.Files, pass.TypesInfo, false)
	pkg.Build()
	return pkg
}

// noReturns finds functions that never return: by name for the standard library, by fact for other packages, by their body
// for this one.
type noReturns struct {
	pass  *analysis.Pass
	facts fact.Source
	decls map[*types.Func]*ast.FuncDecl
	known map[*types.Func]bool
}

func newNoReturns(pass *analysis.Pass, facts fact.Source) *noReturns {
	n := &noReturns{pass: pass, facts: facts, decls: map[*types.Func]*ast.FuncDecl{}, known: map[*types.Func]bool{}}
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				if fn, ok := pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
					n.decls[fn] = d
				}
			}
		}
	}
	return n
}

func (n *noReturns) noReturn(fn *types.Func) bool {
	fn = fn.Origin()
	if fn.Pkg() != n.pass.Pkg {
		if catalog.NeverReturns(fn) {
			return true
		}
		f := n.facts.Func(fn)
		return f != nil && f.NoReturn
	}
	if v, ok := n.known[fn]; ok {
		return v
	}
	n.known[fn] = false // recursion returns, unless shown otherwise
	d := n.decls[fn]
	if d == nil {
		return false // no body: assembly, or a method of an interface
	}
	g := cfg.New(d.Body, n.mayReturn)
	n.known[fn] = g.NoReturn()
	return n.known[fn]
}

func (n *noReturns) mayReturn(call *ast.CallExpr) bool {
	id := CalleeIdent(call.Fun)
	if id == nil {
		return true // a function value
	}
	switch obj := n.pass.TypesInfo.Uses[id].(type) {
	case *types.Builtin:
		return obj.Name() != "panic"
	case *types.Func:
		return !n.noReturn(obj)
	}
	return true
}

// CalleeIdent is the name that a call calls, nil if it calls an expression.
func CalleeIdent(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return CalleeIdent(e.X)
	case *ast.IndexListExpr:
		return CalleeIdent(e.X)
	}
	return nil
}
