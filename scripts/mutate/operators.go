package main

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// operator is a way to break a function.
type operator struct {
	name  string
	does  string
	rules []string // the rules whose findings count
	solo  bool     // what it breaks shows in a function that neither calls nor is called
	sites func(s *site)
}

// release is who speaks of something that is not given back. What is open too long is for holdwait as well, if there is a query meanwhile.
var release = []string{"lostrelease", "holdwait"}

// operators is all of them, in the order of the report.
var operators = []*operator{
	{name: "defer", does: "delete a deferred release", rules: release, sites: deleteDefer},
	{name: "undefer", does: "put a deferred release before the last return instead", rules: release, sites: undefer},
	{name: "late-defer", does: "put a deferred release behind the next statement that may return", rules: release, sites: lateDefer},
	{name: "close", does: "delete a Close or Release that is not deferred", rules: release, sites: deleteDirect("Close", "Release")},
	{name: "rollback", does: "delete a Rollback that is not deferred", rules: release, sites: deleteDirect("Rollback")},
	{name: "commit", does: "delete a Commit", rules: release, sites: deleteDirect("Commit")},
	{name: "late-close", does: "put a release behind the next statement that may return", rules: release, sites: lateDirect},
	{name: "early-return", does: "return before a release if the context is done", rules: release, sites: earlyReturn},
	{name: "scan", does: "do not scan the row of QueryRow", rules: release, sites: dropScan},
	{name: "exec-to-query", does: "use Query for Exec and drop the rows", rules: release, sites: execToQuery},
	{name: "tx-to-pool", does: "call the pool instead of the transaction", rules: []string{"holdwait"}, sites: callPool},
	{name: "arg-to-pool", does: "pass the pool instead of the transaction", rules: []string{"holdwait"}, sites: passPool},
	{name: "set-limit", does: "delete SetLimit of an errgroup", rules: []string{"fanout"}, sites: deleteBound},
	{name: "limit-len", does: "a limit of -1 for an errgroup", rules: []string{"fanout"}, sites: zeroBound},
	{name: "semaphore", does: "make a semaphore that never waits: a capacity of 1 << 20", rules: []string{"fanout"}, sites: growSemaphore},
	{name: "max-open", does: "delete SetMaxOpenConns", rules: []string{"poollimit", "fanout"}, solo: true, sites: deleteLimit},
	{name: "max-open-0", does: "SetMaxOpenConns(0)", rules: []string{"poollimit", "fanout"}, solo: true, sites: zeroLimit},
	{name: "max-conns", does: "MaxConns = 500", rules: []string{"poollimit", "fanout"}, solo: true, sites: growMaxConns},
}

// site is where operators look: one function, and where its mutants go.
type site struct {
	p   *program
	op  *operator
	fn  *function
	add func(m *mutant)

	parents map[ast.Node]ast.Node
}

// mutants returns all mutants of a function.
func (p *program) mutants(fn *function) []*mutant {
	var all []*mutant
	s := &site{p: p, fn: fn, parents: parentsOf(fn.decl)}
	for _, op := range operators {
		s.op = op
		s.add = func(m *mutant) { all = append(all, m) }
		op.sites(s)
	}
	return all
}

func parentsOf(root ast.Node) map[ast.Node]ast.Node {
	parents := make(map[ast.Node]ast.Node)
	var stack []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if len(stack) > 0 {
			parents[n] = stack[len(stack)-1]
		}
		stack = append(stack, n)
		return true
	})
	return parents
}

// mutate adds a mutant at a node. The statement around it is where another can be put in.
func (s *site) mutate(at ast.Node, what string, edits ...edit) *mutant {
	m := &mutant{operator: s.op, in: s.fn, pos: s.p.fset.Position(at.Pos()), what: what, edits: edits}
	if stmt := s.statement(at); stmt != nil {
		m.anchor = s.offset(stmt.Pos())
	}
	s.add(m)
	return m
}

func (s *site) offset(pos token.Pos) int { return s.p.fset.Position(pos).Offset }

func (s *site) source(n ast.Node) string { return s.between(n.Pos(), n.End()) }

func (s *site) between(from, to token.Pos) string {
	text := s.p.text[s.p.fset.Position(from).Filename]
	return string(text[s.offset(from):s.offset(to)])
}

// replace is an edit that puts a text where a node is. Lines that get lost are added behind it.
func (s *site) replace(n ast.Node, text string) edit {
	lost := strings.Count(s.source(n), "\n") - strings.Count(text, "\n")
	return edit{s.offset(n.Pos()), s.offset(n.End()), text + strings.Repeat("\n", max(lost, 0))}
}

// insert is an edit that puts a text at a position.
func (s *site) insert(pos token.Pos, text string) edit {
	return edit{s.offset(pos), s.offset(pos), text}
}

// statement returns the innermost statement of a list that a node is in.
func (s *site) statement(n ast.Node) ast.Stmt {
	for n != nil {
		if stmt, ok := n.(ast.Stmt); ok && s.list(stmt) != nil {
			return stmt
		}
		n = s.parents[n]
	}
	return nil
}

// list returns the statements of the list that a statement is directly in.
func (s *site) list(stmt ast.Stmt) []ast.Stmt {
	var list []ast.Stmt
	switch parent := s.parents[stmt].(type) {
	case *ast.BlockStmt:
		list = parent.List
	case *ast.CaseClause:
		list = parent.Body
	case *ast.CommClause:
		list = parent.Body
	}
	if !slices.Contains(list, stmt) {
		return nil // the communication of a select, for instance
	}
	return list
}

// after returns the statements of the list behind this one.
func (s *site) after(stmt ast.Stmt) []ast.Stmt {
	list := s.list(stmt)
	return list[slices.Index(list, stmt)+1:]
}

// mayReturn returns the first of these statements that may return without being a return itself.
func mayReturn(list []ast.Stmt) ast.Stmt {
	for _, stmt := range list {
		found := false
		ast.Inspect(stmt, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = n != stmt
			}
			return !found
		})
		if found {
			return stmt
		}
	}
	return nil
}

// flat is a text on one line, for the report.
func flat(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		text = text[:57] + "..."
	}
	return text
}
