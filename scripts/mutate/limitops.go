package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// calls calls do with each call of a method of a table that stands alone.
func (s *site) calls(table map[string]bool, do func(call *ast.CallExpr, on ast.Expr)) {
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		stmt, ok := n.(*ast.ExprStmt)
		if !ok {
			return true
		}
		call, ok := stmt.X.(*ast.CallExpr)
		if !ok {
			return true
		}
		if fn, sel := method(s.fn.pkg.TypesInfo, call); fn != nil && table[fn.FullName()] && len(call.Args) == 1 {
			do(call, sel.X)
		}
		return true
	})
}

func (s *site) deleteCall(table map[string]bool) {
	s.calls(table, func(call *ast.CallExpr, on ast.Expr) {
		s.mutate(call, flat(s.source(call)), s.replace(call, "_ = "+s.source(on)))
	})
}

func deleteBound(s *site) { s.deleteCall(bounds) }

func deleteLimit(s *site) { s.deleteCall(limits) }

func zeroBound(s *site) {
	s.calls(bounds, func(call *ast.CallExpr, _ ast.Expr) {
		s.mutate(call, flat(s.source(call)), s.replace(call.Args[0], "-1"))
	})
}

func zeroLimit(s *site) {
	s.calls(limits, func(call *ast.CallExpr, _ ast.Expr) {
		s.mutate(call, flat(s.source(call)), s.replace(call.Args[0], "0"))
	})
}

// growSemaphore gives a channel of empty structs a capacity that nothing reaches.
func growSemaphore(s *site) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return true
		}
		channel, ok := info.TypeOf(call).(*types.Chan)
		if !ok || channel.Elem().String() != "struct{}" && channel.Elem().String() != "bool" {
			return true
		}
		if size := info.Types[call.Args[1]].Value; size != nil && (size.String() == "0" || size.String() == "1") {
			return true // a signal
		}
		s.mutate(call, flat(s.source(call)), s.replace(call.Args[1], "1<<20"))
		return true
	})
}

// growMaxConns gives the field MaxConns of a configuration of pgxpool a number that no server bears.
func growMaxConns(s *site) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != 1 || len(assign.Rhs) != 1 {
			return true
		}
		sel, ok := assign.Lhs[0].(*ast.SelectorExpr)
		if ok && sel.Sel.Name == "MaxConns" && strings.HasSuffix(typeName(info.TypeOf(sel.X)), "/pgxpool.Config") {
			s.mutate(assign, flat(s.source(assign)), s.replace(assign.Rhs[0], "500"))
		}
		return true
	})
}
