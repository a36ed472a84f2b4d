package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// dropScan does not scan the row of a QueryRow. The arguments of Scan stay, so that its variables are used.
func dropScan(s *site) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, sel := method(info, call)
		if fn == nil || !strings.HasSuffix(fn.Name(), "Scan") || !slices.Contains(rowTypes, typeName(info.TypeOf(sel.X))) {
			return true
		}
		if _, isCall := ast.Unparen(sel.X).(*ast.CallExpr); !isCall {
			return true // a variable: the row may be scanned twice
		}
		s.dropScanCall(call, sel)
		return true
	})
}

func (s *site) dropScanCall(call *ast.CallExpr, sel *ast.SelectorExpr) {
	blanks, args := "", ""
	for _, arg := range call.Args {
		blanks += ", _"
		args += ", " + s.source(arg)
	}
	if call.Ellipsis.IsValid() {
		return // the values are a slice: no shorter form
	}
	row, hint := s.source(sel.X), s.parent(sel.X.(*ast.CallExpr))
	switch parent := s.parents[call].(type) {
	case *ast.AssignStmt:
		if len(parent.Lhs) != 1 {
			return
		}
		s.mutate(call, flat(s.source(call)), s.replace(parent,
			s.source(parent.Lhs[0])+", _"+blanks+" "+parent.Tok.String()+" error(nil), "+row+args)).hint = hint
	case *ast.ExprStmt:
		s.mutate(call, flat(s.source(call)), s.replace(call, "_"+blanks+" = "+row+args)).hint = hint
	case *ast.ReturnStmt:
		if len(parent.Results) == 1 && s.list(parent) != nil {
			s.mutate(call, flat(s.source(call)), s.replace(parent, "_"+blanks+" = "+row+args+"; return nil")).hint = hint
		}
	}
}

// parent says whether what a call returns belongs to a transaction or a connection, which ends it at the latest.
func (s *site) parent(call *ast.CallExpr) string {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	switch name := typeName(s.fn.pkg.TypesInfo.TypeOf(sel.X)); {
	case slices.Contains(singles, name):
		return "on a transaction or connection"
	case name == "database/sql.Stmt" || strings.HasPrefix(name, "github.com/jmoiron/sqlx."):
		return "on a statement"
	case !slices.Contains(pools, name):
		return "on a type of the program's own"
	}
	return ""
}

// execToQuery uses Query where Exec is used for its error only.
func execToQuery(s *site) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 2 || len(assign.Rhs) != 1 {
			return true
		}
		blank, ok := assign.Lhs[0].(*ast.Ident)
		call, isCall := assign.Rhs[0].(*ast.CallExpr)
		if !ok || blank.Name != "_" || !isCall {
			return true
		}
		fn, sel := method(info, call)
		if fn == nil || fn.Name() != "Exec" && fn.Name() != "ExecContext" {
			return true
		}
		owner := typeName(info.TypeOf(sel.X))
		if !slices.Contains(pools, owner) && !slices.Contains(singles, owner) && owner != "database/sql.Stmt" {
			return true // a wrapper of the program's own
		}
		s.mutate(call, flat(s.source(call)), s.replace(sel.Sel, strings.Replace(fn.Name(), "Exec", "Query", 1))).hint = s.parent(call)
		return true
	})
}

// single returns the variable that an expression names, if it is a transaction or a connection.
func (s *site) single(x ast.Expr) types.Object {
	id, ok := ast.Unparen(x).(*ast.Ident)
	if !ok {
		return nil
	}
	obj, ok := s.fn.pkg.TypesInfo.Uses[id].(*types.Var)
	if !ok || !slices.Contains(singles, typeName(obj.Type())) {
		return nil
	}
	return obj
}

// callPool calls a method of the pool instead of that of a transaction or a connection.
func callPool(s *site) {
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		fn, sel := method(s.fn.pkg.TypesInfo, call)
		if fn == nil || s.single(sel.X) == nil || isRelease(s.fn.pkg.TypesInfo, call) || fn.Name() == "Conn" {
			return true
		}
		s.swap(sel.X, call)
		return true
	})
}

// passPool passes the pool instead of a transaction or a connection to a function that takes either.
func passPool(s *site) {
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for _, arg := range call.Args {
			if s.single(arg) != nil {
				s.swap(arg, call)
			}
		}
		return true
	})
}

// swap puts the first pool that fits where a transaction or connection is named.
func (s *site) swap(x ast.Expr, around ast.Node) {
	pools := s.poolsAt(x.Pos())
	if len(pools) == 0 {
		return // it knows no pool
	}
	m := s.mutate(x, flat(s.source(around)), s.replace(x, pools[0]))
	for _, pool := range pools[1:] {
		m.others = append(m.others, s.replace(x, pool))
	}
}

// poolsAt returns the expressions for a pool at a position: variables in scope, and fields of the receiver.
func (s *site) poolsAt(pos token.Pos) []string {
	isPool := func(t types.Type) bool { return slices.Contains(pools, typeName(t)) }
	var found []string
	for scope := s.fn.pkg.Types.Scope().Innermost(pos); scope != nil && scope != types.Universe; scope = scope.Parent() {
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if ok && isPool(v.Type()) && (v.Pos() < pos || scope == s.fn.pkg.Types.Scope()) {
				found = append(found, name)
			}
		}
	}
	recv := s.fn.obj.Signature().Recv()
	if recv == nil || recv.Name() == "" || recv.Name() == "_" {
		return found
	}
	return append(found, poolFields(recv.Name(), recv.Type(), isPool, 2)...)
}

// poolFields returns the fields of a struct that are pools, and those of its fields.
func poolFields(path string, t types.Type, isPool func(types.Type) bool, depth int) []string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var found []string
	for i := range fields.NumFields() {
		f := fields.Field(i)
		if isPool(f.Type()) {
			found = append(found, path+"."+f.Name())
		} else if depth > 1 {
			found = append(found, poolFields(path+"."+f.Name(), f.Type(), isPool, depth-1)...)
		}
	}
	return found
}
