package lostrelease

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/release"
)

// message is the text of the diagnostic: what, where it is lost and why, and what follows.
func (w *wording) message(losses []release.Loss) string {
	consequence := " (" + w.consequence() + ")"
	first := losses[0]
	for _, l := range losses { // a loop or an early end says more than a return
		if l.Kind > first.Kind {
			first = l
		}
	}
	if w.site.Discarded && !first.AtReturn() {
		return w.discarded() + consequence
	}
	name := w.name()
	if w.site.Begun {
		name += ".Tx()"
	}
	switch first.Kind {
	case release.DeferInLoop:
		return name + " is " + w.done() + " only when " + funcName(w.site.Call.Parent()) + " returns: its deferred release at " +
			w.where(first.Release) + " is in a loop (each iteration holds one more)"
	case release.UntilCancel:
		text := name + " is " + w.done() + " only when " + funcName(w.site.Outer()) + " returns and cancels its context (each iteration holds one more)"
		if w.site.Discarded && w.site.Class.Resource == catalog.Rows && w.site.Row != nil {
			text += useExec
		}
		return text
	case release.Overwritten:
		return name + w.notDone() + " before the next iteration takes another one" + consequence
	case release.BusyAtEnd:
		return name + w.notDone() + " before the commit at " + w.where(first.Pos) + " (conn busy: the transaction is lost)"
	case release.StuckAtEnd:
		return name + w.notDone() + " before its connection is closed at " + w.where(first.Pos) + " (that close waits for ever)"
	case release.InGoroutine:
		return name + w.notDone() + " on all paths of the goroutine started at " + w.where(first.Pos) + consequence
	case release.AtPanic:
		return name + w.notDone() + " when the panic at " + w.where(first.Pos) + " is recovered" + consequence
	}
	if !w.site.Released && !w.site.Kept {
		return name + w.never() + consequence
	}
	text := name + w.notDone()
	if why := reason(first.At); why != "" {
		text += " " + why + ": "
	} else {
		text += " on all paths: "
	}
	text += exitWord(first.At) + " at " + w.where(first.Pos)
	return text + consequence
}

func (w *wording) related(l release.Loss) string {
	switch l.Kind {
	case release.DeferInLoop, release.UntilCancel, release.Overwritten:
		return "taken again here while the last one is still held"
	case release.BusyAtEnd, release.StuckAtEnd:
		return "ends here while it is open"
	case release.AtPanic:
		return "panics here"
	case release.InGoroutine:
		return "taken over here"
	}
	return "lost here"
}

// name is the user's variable, or the call if there is none.
func (w *wording) name() string {
	if w.site.Out != nil {
		if n := w.argument(); n != "" {
			return n
		}
	}
	if n := diag.Name(diag.Assigned(w.call, w.around, w.resultIndex())); n != "" && w.site.Out == nil {
		return n
	}
	if outer := w.passedOn(); outer != nil {
		if n := diag.Name(diag.Assigned(outer, w.around[1:], 0)); n != "" {
			return n
		}
	}
	return "result of " + diag.Callee(w.call)
}

// argument is the name of the variable that the call fills in, or of the object that keeps the resource.
func (w *wording) argument() string {
	for _, a := range w.call.Args {
		u, ok := ast.Unparen(a).(*ast.UnaryExpr)
		if ok && types.Identical(w.pass.TypesInfo.TypeOf(a), w.site.Out.Type()) {
			return diag.Name(u.X)
		}
	}
	if sel, ok := ast.Unparen(w.call.Fun).(*ast.SelectorExpr); ok {
		return diag.Name(sel.X)
	}
	return ""
}

// passedOn returns the call that is given the result and returns it: Must(pool.Query(…)).
func (w *wording) passedOn() *ast.CallExpr {
	if len(w.around) == 0 || w.site.Holder == nil {
		return nil
	}
	outer, ok := w.around[0].(*ast.CallExpr)
	if !ok || !types.Identical(w.pass.TypesInfo.TypeOf(outer), w.site.Holder.Type()) {
		return nil // it makes something else of it
	}
	return outer
}

func (w *wording) resultIndex() int {
	if e, ok := w.site.Holder.(*ssa.Extract); ok {
		return e.Index
	}
	return 0
}

// useExec is the way out where the rows of a query are not wanted.
const useExec = "; use Exec for a statement without rows"

// discarded is the text for a result that is not used at all.
func (w *wording) discarded() string {
	callee := diag.Callee(w.call)
	switch {
	case w.site.Releaser:
		return "result of " + callee + " is never called: it releases a " + string(w.site.Class.Resource)
	case w.site.Row == nil:
		return "result of " + callee + w.never()
	}
	switch w.site.Class.Resource {
	case catalog.Line:
		return "result of " + callee + " is never scanned"
	case catalog.Rows:
		return "result of " + callee + " is discarded and never closed" + useExec
	}
	return "result of " + callee + w.never()
}

// done is the past participle of the release.
func (w *wording) done() string {
	switch {
	case w.site.Releaser:
		return "called"
	case w.site.Begun:
		return "committed or rolled back"
	case w.site.Wrapper && w.site.Class.Resource != catalog.Line:
		return "closed"
	}
	switch w.site.Class.Resource {
	case catalog.Tx:
		return "committed or rolled back"
	case catalog.Line:
		return "scanned"
	case catalog.Conn:
		if slices.ContainsFunc(w.site.Class.Freed, func(e catalog.Event) bool { return e.Method == "Release" }) {
			return "released"
		}
	}
	return "closed"
}

func (w *wording) notDone() string {
	if w.site.Class.Resource == catalog.Tx && !w.site.Wrapper && !w.site.Releaser {
		return " is neither committed nor rolled back"
	}
	return " is not " + w.done()
}

func (w *wording) never() string { return " is never " + w.done() }

// consequence is what the user will see.
func (w *wording) consequence() string {
	if w.site.Assumed {
		return "if " + diag.Callee(w.call) + " is the implementation that leaves it open; " + w.effect()
	}
	if w.site.WithError() {
		return diag.Callee(w.call) + " may return it together with an error; " + w.effect()
	}
	return w.effect()
}

func (w *wording) effect() string {
	switch w.site.Class.Resource {
	case catalog.Stmt:
		return "it holds no connection, but a prepared statement on each one it ran on"
	case catalog.Pool:
		return "its connections and goroutines stay for the life of the process"
	}
	switch w.site.Holds {
	case catalog.Server:
		return "the server connection stays open"
	case catalog.Parent:
		return "its connection stays busy until it is given back"
	}
	if w.site.Wrapper {
		return "it holds a connection that never goes back to the pool"
	}
	return "the connection never goes back to the pool"
}

func funcName(fn *ssa.Function) string {
	if fn.Parent() != nil {
		return "the function"
	}
	return fn.Name()
}

func exitWord(in ssa.Instruction) string {
	if r, ok := in.(*ssa.Return); ok && !r.Pos().IsValid() {
		return "end of the function"
	}
	return "return"
}

// reason says which condition leads to an exit, if it is the error of a call: "when Scan fails".
func reason(at ssa.Instruction) string {
	b := at.Block()
	for b != nil {
		d := b.Idom()
		if d == nil {
			return ""
		}
		if cond, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If); ok && len(b.Preds) == 1 {
			return condition(cond.Cond, d.Succs[0] == b)
		}
		b = d
	}
	return ""
}

// condition words the failure of a call; other conditions have no short text.
func condition(v ssa.Value, truth bool) string {
	op, ok := v.(*ssa.BinOp)
	if !ok || !isNilConst(op.Y) || !types.Identical(op.X.Type(), types.Universe.Lookup("error").Type()) {
		return ""
	}
	if failed := op.Op.String() == "!=" == truth; !failed {
		return ""
	}
	if name := producer(op.X, 0); name != "" {
		return "when " + name + " fails"
	}
	return ""
}

func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// producer is the name of the function whose error a value is.
func producer(v ssa.Value, depth int) string {
	if depth > 4 {
		return "" // through too many variables to be of use
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return producer(v.Tuple, depth+1)
	case *ssa.Call:
		if v.Call.IsInvoke() {
			return v.Call.Method.Name()
		}
		if fn := v.Call.StaticCallee(); fn != nil && fn.Object() != nil {
			return fn.Object().Name()
		}
	case *ssa.UnOp: // a variable that a closure shares: its last store before the load
		var last ssa.Value
		for _, in := range v.Block().Instrs {
			if in == ssa.Instruction(v) {
				break
			}
			if s, ok := in.(*ssa.Store); ok && s.Addr == v.X {
				last = s.Val
			}
		}
		if last != nil {
			return producer(last, depth+1)
		}
	}
	return ""
}
