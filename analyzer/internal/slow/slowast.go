package slow

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Helpers finds which functions of a package that touches no connection wait for something outside the program, so that
// their callers know: a mailer, a client of another service. It looks at the syntax alone, as such a package has to cost little.
func Helpers(pass *analysis.Pass, facts fact.Source, c *catalog.Catalog) map[*types.Func]*fact.Slow {
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return c.IsSlow(p.Path()) }) {
		return nil // nothing in it is slow by itself; the command does not load such packages
	}
	h := &helperFinder{pass: pass, facts: facts, cat: c, slow: map[*types.Func]*fact.Slow{}}
	decls := h.declared()
	for grown := true; grown; { // a function may call one that stands behind it
		grown = false
		for _, d := range decls {
			fn, ok := pass.TypesInfo.Defs[d.Name].(*types.Func)
			if !ok || h.slow[fn] != nil {
				continue // found already
			}
			if s := h.of(d.Body); s != nil {
				h.slow[fn], grown = s, true
			}
		}
	}
	return h.slow
}

// helperFinder finds the slow functions of a package by its syntax.
type helperFinder struct {
	pass  *analysis.Pass
	facts fact.Source
	cat   *catalog.Catalog
	slow  map[*types.Func]*fact.Slow
}

// declared lists the functions with a body, by position.
func (h *helperFinder) declared() []*ast.FuncDecl {
	var out []*ast.FuncDecl
	for _, f := range h.pass.Files {
		if diag.IsTest(h.pass.Fset, f.Pos()) {
			continue // no importer sees it
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				out = append(out, fn)
			}
		}
	}
	slices.SortFunc(out, func(a, b *ast.FuncDecl) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return out
}

// of is the first slow call in a body, nil if there is none. What a literal does is left out, as it may run at any time, or in a
// goroutine.
func (h *helperFinder) of(body *ast.BlockStmt) *fact.Slow {
	var found *fact.Slow
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.FuncLit:
			return false
		case *ast.SelectStmt:
			if found == nil && !hasDefault(n) {
				found = &fact.Slow{What: catalog.OtherGoroutines, At: program.PlaceOf(h.pass, n.Pos())}
			}
		case *ast.CallExpr:
			if found == nil {
				found = h.call(n)
			}
		}
		return found == nil
	})
	return found
}

// hasDefault reports whether a select never waits.
func hasDefault(s *ast.SelectStmt) bool {
	return slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool { return c.(*ast.CommClause).Comm == nil })
}

func (h *helperFinder) call(call *ast.CallExpr) *fact.Slow {
	fn, ok := typeutil.Callee(h.pass.TypesInfo, call).(*types.Func)
	if !ok {
		return nil // a conversion, a builtin, a function value
	}
	fn = fn.Origin()
	if what := h.cat.Waits(fn); what != "" {
		if h.shortly(fn, call) {
			return nil
		}
		return &fact.Slow{What: what, From: diag.Callee(call), At: program.PlaceOf(h.pass, call.Lparen)}
	}
	s := h.slow[fn]
	if s == nil {
		if f := h.facts.Func(fn); f != nil {
			s = f.Slow
		}
	}
	if s == nil {
		return nil
	}
	through := *s
	through.Chain = append([]string{diag.Callee(call)}, s.Chain...)
	return &through
}

// shortly reports whether a call sleeps for a constant time that does not matter.
func (h *helperFinder) shortly(fn *types.Func, call *ast.CallExpr) bool {
	if fn.FullName() != "time.Sleep" || len(call.Args) != 1 {
		return false
	}
	v := h.pass.TypesInfo.Types[call.Args[0]].Value
	return v != nil && isShort(v)
}
