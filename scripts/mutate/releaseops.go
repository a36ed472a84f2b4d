package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// deferred calls do with each deferred statement that gives something back: by a method of the holder, in a literal, or by a
// function that gets the holder.
func (s *site) deferred(do func(stmt *ast.DeferStmt, holder ast.Expr)) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		stmt, ok := n.(*ast.DeferStmt)
		if !ok {
			return true
		}
		if holder := released(info, stmt.Call); holder != nil {
			do(stmt, holder)
		}
		return true
	})
}

// released returns what a deferred call gives back, nil if that is nothing.
func released(info *types.Info, call *ast.CallExpr) ast.Expr {
	if isRelease(info, call) {
		_, sel := method(info, call)
		return sel.X
	}
	if lit, ok := call.Fun.(*ast.FuncLit); ok {
		var holder ast.Expr
		ast.Inspect(lit, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && holder == nil {
				holder = released(info, call)
			}
			return holder == nil
		})
		return holder
	}
	for _, arg := range call.Args {
		if t := info.TypeOf(arg); t != nil && isHolder(t) && strings.Contains(strings.ToLower(types.ExprString(call.Fun)), "close") ||
			t != nil && isHolder(t) && strings.Contains(strings.ToLower(types.ExprString(call.Fun)), "rollback") {
			return arg
		}
	}
	return nil
}

// deleteDefer deletes a deferred release.
func deleteDefer(s *site) {
	s.deferred(func(stmt *ast.DeferStmt, holder ast.Expr) {
		m := s.mutate(stmt, flat(s.source(stmt)), s.replace(stmt, "_ = "+s.source(holder)))
		m.hint = s.otherRelease(holder, stmt)
	})
}

// undefer takes the defer away: the release stands before the last statement of the block, if that is a return.
func undefer(s *site) {
	s.deferred(func(stmt *ast.DeferStmt, holder ast.Expr) {
		after := []ast.Stmt(nil)
		if s.list(stmt) != nil {
			after = s.after(stmt)
		}
		if len(after) == 0 || mayReturn(after[:len(after)-1]) == nil {
			return // there is no other return, so nothing is lost
		}
		last, ok := after[len(after)-1].(*ast.ReturnStmt)
		if !ok || len(last.Results) > 0 && s.mentions(last, holder) {
			return // the holder is used in the last statement
		}
		call := s.source(stmt.Call)
		if strings.Contains(call, "\n") {
			return // a literal of several lines: those behind it would move
		}
		m := s.mutate(stmt, flat(s.source(stmt)), s.replace(stmt, "_ = "+s.source(holder)), s.insert(last.Pos(), call+"; "))
		m.hint = s.otherRelease(holder, stmt)
	})
}

// lateDefer puts a deferred release behind the next statement that may return.
func lateDefer(s *site) {
	s.deferred(func(stmt *ast.DeferStmt, holder ast.Expr) { s.later(stmt, holder) })
}

// later moves a statement behind the next one of its list that may return.
func (s *site) later(stmt ast.Stmt, holder ast.Expr) {
	if s.list(stmt) == nil || strings.Contains(s.source(stmt), "\n") {
		return // the lines would move
	}
	next := mayReturn(s.after(stmt))
	if next == nil {
		return // nothing behind it returns
	}
	if branch, ok := next.(*ast.IfStmt); ok && branch.Init == nil && s.checksSameError(stmt, branch, holder) {
		return // the release would then stand behind the check of the error that came with the holder, as it should
	}
	m := s.mutate(stmt, flat(s.source(stmt)), s.replace(stmt, "_ = "+s.source(holder)), s.insert(next.End(), "; "+s.source(stmt)))
	m.hint = s.otherRelease(holder, stmt)
}

// checksSameError reports whether the branch directly follows the release, which came too early: defer rows.Close() before the check.
func (s *site) checksSameError(stmt ast.Stmt, branch *ast.IfStmt, holder ast.Expr) bool {
	list := s.list(stmt)
	i := slices.Index(list, stmt)
	if i == 0 || list[i+1] != branch {
		return false
	}
	assign, ok := list[i-1].(*ast.AssignStmt)
	return ok && len(assign.Lhs) == 2 && s.source(assign.Lhs[0]) == s.source(holder)
}

// direct calls do with each release that is a call of its own: not deferred, not in a deferred literal.
func (s *site) direct(do func(call *ast.CallExpr, holder ast.Expr)) {
	info := s.fn.pkg.TypesInfo
	ast.Inspect(s.fn.decl.Body, func(n ast.Node) bool {
		if _, ok := n.(*ast.DeferStmt); ok {
			return false // for other operators
		}
		if call, ok := n.(*ast.CallExpr); ok && isRelease(info, call) {
			_, sel := method(info, call)
			do(call, sel.X)
		}
		return true
	})
}

// deleteDirect deletes calls of methods with these names. What they return becomes nil.
func deleteDirect(names ...string) func(s *site) {
	return func(s *site) {
		s.direct(func(call *ast.CallExpr, holder ast.Expr) {
			sel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
			if !slices.Contains(names, sel.Sel.Name) {
				return // for another operator
			}
			text := "error(nil)"
			if _, alone := s.parents[call].(*ast.ExprStmt); alone {
				text = "_ = " + s.source(holder)
			}
			m := s.mutate(call, flat(s.source(call)), s.replace(call, text))
			m.hint = s.otherRelease(holder, call)
		})
	}
}

// lateDirect puts a release behind the next statement that may return.
func lateDirect(s *site) {
	s.direct(func(call *ast.CallExpr, holder ast.Expr) {
		if stmt, ok := s.parents[call].(*ast.ExprStmt); ok && s.list(stmt) != nil {
			s.later(stmt, holder)
		}
	})
}

// earlyReturn returns before a release if a context in scope is done, unless a deferred call releases too.
func earlyReturn(s *site) {
	s.direct(func(call *ast.CallExpr, holder ast.Expr) {
		stmt := s.statement(call)
		if stmt == nil || s.within(call) != s.fn.decl.Type {
			return // in a literal: its results are another story
		}
		ctx := s.context()
		if ctx == "" || s.anyDeferred(holder) {
			return // nothing to ask, or nothing lost
		}
		values, ok := s.zeros()
		if !ok {
			return // a result whose type cannot be written
		}
		m := s.mutate(call, flat(s.source(call)), s.insert(stmt.Pos(), "if "+ctx+".Err() != nil { return "+values+" }; "))
		m.hint = s.otherRelease(holder, call)
	})
}

// within returns the type of the innermost function around a node.
func (s *site) within(n ast.Node) *ast.FuncType {
	for n != nil {
		switch fn := n.(type) {
		case *ast.FuncLit:
			return fn.Type
		case *ast.FuncDecl:
			return fn.Type
		}
		n = s.parents[n]
	}
	return nil
}

// context returns the name of a context that the function has as a parameter.
func (s *site) context() string {
	for _, field := range s.fn.decl.Type.Params.List {
		if typeName(s.fn.pkg.TypesInfo.TypeOf(field.Type)) == "context.Context" && len(field.Names) > 0 && field.Names[0].Name != "_" {
			return field.Names[0].Name
		}
	}
	return ""
}

// zeros returns zero values of the results, as a return statement has them.
func (s *site) zeros() (string, bool) {
	results := s.fn.decl.Type.Results
	if results == nil {
		return "", true
	}
	var values []string
	for _, field := range results.List {
		for range max(1, len(field.Names)) {
			values = append(values, "*new("+s.source(field.Type)+")")
		}
	}
	return strings.Join(values, ", "), !strings.Contains(s.source(results), "\n")
}

// object returns the variable or field that an expression names.
func (s *site) object(x ast.Expr) types.Object {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return s.fn.pkg.TypesInfo.Uses[x]
	case *ast.SelectorExpr:
		return s.fn.pkg.TypesInfo.Uses[x.Sel]
	}
	return nil
}

// mentions reports whether a node names the holder.
func (s *site) mentions(n ast.Node, holder ast.Expr) bool {
	obj, found := s.object(holder), false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && obj != nil && s.fn.pkg.TypesInfo.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// anyDeferred reports whether a deferred call gives the holder back.
func (s *site) anyDeferred(holder ast.Expr) bool {
	found := false
	s.deferred(func(_ *ast.DeferStmt, other ast.Expr) {
		found = found || s.object(other) == s.object(holder) && s.object(holder) != nil
	})
	return found
}

// otherRelease says where else in the function the holder is given back, or where it goes.
func (s *site) otherRelease(holder ast.Expr, except ast.Node) string {
	obj := s.object(holder)
	if obj == nil {
		return "the holder has no name"
	}
	if _, field := ast.Unparen(holder).(*ast.SelectorExpr); field {
		return "the holder is a field"
	}
	deferred := false
	s.deferred(func(stmt *ast.DeferStmt, other ast.Expr) {
		deferred = deferred || stmt != except && s.object(other) == obj
	})
	if deferred {
		return "a deferred call releases it"
	}
	info, why := s.fn.pkg.TypesInfo, ""
	ast.Inspect(s.fn.decl, func(n ast.Node) bool {
		if n == except {
			return false
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			if holder := released(info, n); holder != nil && s.object(holder) == obj && !isLit(n) {
				why = "released elsewhere too"
			} else if slices.ContainsFunc(n.Args, func(arg ast.Expr) bool { return s.object(arg) == obj }) && why == "" {
				why = "passed to " + flat(types.ExprString(n.Fun))
			}
		case *ast.ReturnStmt:
			if slices.ContainsFunc(n.Results, func(x ast.Expr) bool { return s.object(x) == obj }) {
				why = "returned"
			}
		case *ast.Field:
			if slices.ContainsFunc(n.Names, func(id *ast.Ident) bool { return info.Defs[id] == obj }) {
				why = "a parameter"
			}
		}
		return true
	})
	if why == "" && s.readToEnd(obj) {
		return "read to the end"
	}
	return why
}

// readToEnd reports whether rows are read in a loop that ends with them.
func (s *site) readToEnd(rows types.Object) bool {
	found, left := false, false
	ast.Inspect(s.fn.decl, func(n ast.Node) bool {
		loop, ok := n.(*ast.ForStmt)
		if !ok {
			return true
		}
		call, ok := loop.Cond.(*ast.CallExpr)
		if !ok {
			return true
		}
		if _, sel := method(s.fn.pkg.TypesInfo, call); sel == nil || s.object(sel.X) != rows {
			return true
		}
		found = true
		ast.Inspect(loop.Body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ReturnStmt:
				left = true
			case *ast.BranchStmt:
				left = left || n.Tok != token.CONTINUE
			}
			return true
		})
		return true
	})
	return found && !left
}

func isLit(call *ast.CallExpr) bool {
	_, ok := call.Fun.(*ast.FuncLit)
	return ok
}
