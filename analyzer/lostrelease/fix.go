package lostrelease

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// fix returns the safe fix: a deferred release behind the error check. It is offered only where it is provably right: the
// resource is in a local variable that is assigned once, is not in a loop, is not shared with a function literal, and is not
// handed on by any path.
func (w *wording) fix(file *ast.File, losses []release.Loss) (analysis.SuggestedFix, bool) {
	var none analysis.SuggestedFix
	s := w.site
	if s.Kept || s.Wrapper || s.Releaser || s.Discarded || s.Begun || s.Out != nil || s.GaveUp {
		return none, false // somebody else may have it, nobody can name it, or Close does not end it
	}
	if slices.ContainsFunc(losses, func(l release.Loss) bool { return l.Kind != release.AtExit }) {
		return none, false // a deferred release would come too late, or pile up
	}
	assign, name := w.definition()
	if assign == nil || w.shared(name) {
		return none, false // not a variable of its own
	}
	release, ok := w.release(name.Name)
	if !ok {
		return none, false // it takes an argument that is not at hand
	}
	indent := "\n" + strings.Repeat("\t", w.pass.Fset.Position(assign.Pos()).Column-1)
	at, text := w.behindCheck(file, assign), indent+"defer "+release
	if len(assign.Lhs) == 1 { // no error to check: before the next statement, as a comment may end the line
		at, text = token.NoPos, "defer "+release+indent
		if next := w.followedBy(file, assign); next != nil {
			at = next.Pos()
		}
	}
	if !at.IsValid() {
		return none, false // there is no plain error check to put it behind
	}
	return analysis.SuggestedFix{
		Message:   "defer " + release,
		TextEdits: []analysis.TextEdit{{Pos: at, End: at, NewText: []byte(text)}},
	}, true
}

// definition returns the statement that defines the variable and its identifier, nil if the call does not define one.
func (w *wording) definition() (*ast.AssignStmt, *ast.Ident) {
	if len(w.around) == 0 {
		return nil, nil
	}
	assign, ok := w.around[0].(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 || w.resultIndex() >= len(assign.Lhs) {
		return nil, nil // a field, a variable of before, or one result of several calls
	}
	id, ok := assign.Lhs[w.resultIndex()].(*ast.Ident)
	if !ok || w.pass.TypesInfo.Defs[id] == nil {
		return nil, nil
	}
	return assign, id
}

// shared reports whether the variable is assigned again, its address is taken, or a function literal sees it.
func (w *wording) shared(id *ast.Ident) bool {
	obj := w.pass.TypesInfo.Defs[id]
	body := w.function()
	if body == nil {
		return true
	}
	is := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.Ident)
		return ok && w.pass.TypesInfo.Uses[x] == obj
	}
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, is)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		case *ast.FuncLit:
			ast.Inspect(n, func(m ast.Node) bool {
				if e, ok := m.(*ast.Ident); ok && w.pass.TypesInfo.Uses[e] == obj {
					found = true
				}
				return true
			})
		}
		return true
	})
	return found
}

// function is the body of the innermost function around the call, nil if the call is in a loop of it.
func (w *wording) function() *ast.BlockStmt {
	for _, n := range w.around {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			return nil // a defer would pile up
		case *ast.FuncDecl:
			return n.Body
		case *ast.FuncLit:
			return n.Body
		}
	}
	return nil
}

// release is the call that gives the resource back.
func (w *wording) release(name string) (string, bool) {
	method := "Close"
	switch w.site.Class.Resource {
	case catalog.Tx:
		method = "Rollback"
	case catalog.Conn:
		if w.done() == "released" {
			method = "Release"
		}
	case catalog.Rows, catalog.Batch, catalog.Stmt:
	default:
		return "", false // a row must be scanned, a pool usually belongs to somebody else
	}
	obj, _, _ := types.LookupFieldOrMethod(w.site.Holder.Type(), true, w.pass.Pkg, method)
	fn, ok := obj.(*types.Func)
	if !ok {
		return "", false
	}
	switch params := fn.Signature().Params(); params.Len() {
	case 0:
		return name + "." + method + "()", true
	case 1:
		if ctx := w.contextFor(params.At(0).Type()); ctx != "" {
			return name + "." + method + "(" + ctx + ")", true
		}
	}
	return "", false
}

// contextFor is the first argument of the call, if it is a variable that fits a parameter of type t: the context.
func (w *wording) contextFor(t types.Type) string {
	if len(w.call.Args) == 0 {
		return ""
	}
	id, ok := w.call.Args[0].(*ast.Ident)
	if !ok || !types.AssignableTo(w.pass.TypesInfo.TypeOf(id), t) {
		return ""
	}
	return id.Name
}

// behindCheck returns the position behind the error check that follows the statement, if it is of the plain form that
// returns when the error is not nil.
func (w *wording) behindCheck(file *ast.File, assign *ast.AssignStmt) token.Pos {
	errID, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident)
	if !ok {
		return token.NoPos
	}
	check, ok := w.followedBy(file, assign).(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || len(check.Body.List) == 0 {
		return token.NoPos
	}
	cond, ok := check.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ || !isIdent(cond.X, errID.Name) || !isIdent(cond.Y, "nil") {
		return token.NoPos
	}
	if _, ok := check.Body.List[len(check.Body.List)-1].(*ast.ReturnStmt); !ok {
		return token.NoPos // the function goes on without the resource
	}
	return w.behindComments(file, check.End())
}

// behindComments returns the position behind the comments that end the line of another: they belong to what stands there.
func (w *wording) behindComments(file *ast.File, at token.Pos) token.Pos {
	line := func(p token.Pos) int { return w.pass.Fset.Position(p).Line }
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() >= at && line(c.Pos()) == line(at) {
				at = c.End()
			}
		}
	}
	return at
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// followedBy returns the statement behind another in its block, nil if there is none.
func (w *wording) followedBy(file *ast.File, stmt ast.Stmt) ast.Stmt {
	path, _ := astutil.PathEnclosingInterval(file, stmt.Pos(), stmt.End())
	for _, n := range path {
		b, ok := n.(*ast.BlockStmt)
		if !ok {
			continue
		}
		if i := slices.Index(b.List, stmt); i >= 0 && i+1 < len(b.List) {
			return b.List[i+1]
		}
		return nil
	}
	return nil
}
