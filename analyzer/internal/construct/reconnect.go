package construct

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// reconnects reports whether a connection is taken anew by an endless loop after it was lost: by a listener or a leader, which
// have a loop of their own around what they wait for.
func (b *Builder) reconnects(c *Construction) bool {
	if _, isGo := c.Call.(*ssa.Go); isGo || c.Build.Resource == catalog.Pool && (c.Row != nil || c.Site != nil) {
		return false // one more each time; or a pool, which reconnects by itself, unless what works with it is started anew
	}
	for _, n := range b.around(c.Call) {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl, *ast.RangeStmt:
			return false
		case *ast.ForStmt:
			if n.Post != nil || !endless(n.Cond) {
				return false
			}
			return b.replaces(c) || !receivesFirst(n, c) && b.session(n, c)
		}
	}
	return false
}

// replaces reports whether a connection is put in the place of the one that was there.
func (b *Builder) replaces(c *Construction) bool {
	if c.Site == nil || c.Site.Holder == nil {
		return false
	}
	for _, ref := range *c.Site.Holder.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Val == c.Site.Holder {
			if _, ok := repeat.LocationOf(st.Addr); ok {
				return true
			}
		}
	}
	return false
}

// around lists the syntax around a call, innermost first.
func (b *Builder) around(call ssa.CallInstruction) []ast.Node {
	f := diag.File(b.Pass.Files, call.Common().Pos())
	if f == nil {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f, call.Common().Pos(), call.Common().Pos())
	return path
}

// endless reports whether a loop has no condition, or one on a context only.
func endless(cond ast.Expr) bool {
	if cond == nil {
		return true
	}
	err := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == "Err" {
			err = true
		}
		return true
	})
	return err
}

// session reports whether a loop has another one in it that works with the connection, or hands the connection to a function
// of the program, or calls one that has such a loop.
func (b *Builder) session(loop *ast.ForStmt, c *Construction) bool {
	if c.Row == nil && c.Site == nil {
		_, fn := b.Callee(c.Call)
		return fn == nil || len(fn.Blocks) == 0 || hasLoop(fn) || b.handsOn(fn)
	}
	found := false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			found = true
		case *ast.CallExpr:
			call := b.CallAt(n.Lparen)
			if call == nil || c.Site == nil || c.Site.Holder == nil {
				return true
			}
			if obj, _ := b.Callee(call); obj != nil && b.Cat.Func(obj) == nil && slices.Contains(call.Common().Args, c.Site.Holder) {
				found = true
			}
		}
		return !found
	})
	return found
}

// handsOn reports whether a function gives what it builds to another function of the program: that is where it is used.
func (b *Builder) handsOn(fn *ssa.Function) bool {
	for _, c := range b.of(fn).all {
		if c.Site == nil || c.Site.Holder == nil {
			continue
		}
		for _, ref := range *c.Site.Holder.Referrers() {
			if call, ok := ref.(*ssa.Call); ok {
				if obj, _ := b.Callee(call); obj != nil && b.Cat.Func(obj) == nil {
					return true
				}
			}
		}
	}
	return false
}

// hasLoop reports whether control may come back to some block of a function.
func hasLoop(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, s := range block.Succs {
			if s.Dominates(block) {
				return true
			}
		}
	}
	return false
}

// reloads reports whether a loop waits for a signal of the operating system: each round is an operator's wish.
func (b *Builder) reloads(call ssa.CallInstruction) bool {
	for _, n := range b.around(call) {
		var ch ast.Expr
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		case *ast.RangeStmt:
			ch = n.X
		case *ast.CommClause:
			ch = received(n.Comm)
		case *ast.ForStmt:
			ch = b.signalIn(n)
		}
		if ch == nil {
			continue // another statement
		}
		if t, ok := b.Pass.TypesInfo.TypeOf(ch).Underlying().(*types.Chan); ok && t.Elem().String() == "os.Signal" {
			return true
		}
	}
	return false
}

// signalIn is the channel of signals that an endless loop receives from somewhere, nil if it does not.
func (b *Builder) signalIn(loop *ast.ForStmt) ast.Expr {
	var found ast.Expr
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		if u, ok := n.(*ast.UnaryExpr); ok && u.Op == token.ARROW && loop.Cond == nil {
			if t, ok := b.Pass.TypesInfo.TypeOf(u.X).Underlying().(*types.Chan); ok && t.Elem().String() == "os.Signal" {
				found = u.X
			}
		}
		return found == nil
	})
	return found
}

// received is the channel that a case of a select receives from, nil if it does not.
func received(comm ast.Stmt) ast.Expr {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// receivesFirst reports whether a loop waits for a tick or an item before it builds.
func receivesFirst(loop *ast.ForStmt, c *Construction) bool {
	found := false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		u, ok := n.(*ast.UnaryExpr)
		if ok && u.Op == token.ARROW && u.Pos() < c.Call.Common().Pos() {
			if call, ok := ast.Unparen(u.X).(*ast.CallExpr); !ok || !isDone(call) {
				found = true
			}
		}
		return !found
	})
	return found
}

// isDone reports whether a call is ctx.Done(): nothing comes from it but the end.
func isDone(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Done"
}
