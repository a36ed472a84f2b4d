package holdwait

import (
	"fmt"
	"go/ast"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
)

type wording struct {
	*reporter
	wait *hold.Wait
	node ast.Node // what is reported
	call *ast.CallExpr
}

// message says what waits, who holds, and the way out.
func (w *wording) message() string {
	k := w.wait.Take
	switch w.wait.Kind {
	case hold.BusyConn:
		return fmt.Sprintf("%s on a busy connection: conn busy: %s is still open%s%s; read all and close it first",
			w.subject(), w.holder(), w.since(), w.through())
	case hold.ForGoroutines:
		return fmt.Sprintf("%s waits for goroutines that need a connection while %s holds one%s (%s%s); %s",
			w.subject(), w.holder(), w.since(), k.From, w.through(), w.remedy())
	case hold.InHook:
		return fmt.Sprintf("%s may wait for a second connection%s: %s runs while the pool makes or hands out one; use the connection that the hook is given",
			w.subject(), w.through(), w.wait.Holder.Name)
	case hold.BothOrders:
		return fmt.Sprintf("%s wants a connection of another pool while %s holds one%s%s, and elsewhere the two are taken in the other order: in both orders they can deadlock; take them in one order",
			w.subject(), w.holder(), w.since(), w.through())
	case hold.WhereTheyMeet:
		return fmt.Sprintf("%s takes a second connection (%s at %s) when %s calls it, which holds one then, assuming one pool; give it what holds the first",
			strings.Join(k.Chain, ", "), k.From, k.At, w.wait.Holder.Name)
	}
	return fmt.Sprintf("%s may wait for a second connection while %s holds one%s%s: %s; %s",
		w.subject(), w.holder(), w.since(), w.through(), w.needs(), w.remedy())
}

// subject is what waits, as it is written.
func (w *wording) subject() string {
	switch w.wait.At.(type) {
	case *ssa.Send:
		return "the send"
	case *ssa.Select:
		return "the select"
	case ssa.CallInstruction:
		if k := w.wait.Take; w.runsIt() && len(k.Chain) > 0 {
			return k.Chain[0] // the function that the holder is given
		}
		if w.call != nil {
			return diag.Callee(w.call)
		}
	}
	return "the receive"
}

// runsIt reports whether the call that is reported is the holder: what it is given takes the second connection.
func (w *wording) runsIt() bool {
	return w.wait.Holder.Runner != nil && ssa.Instruction(w.wait.Holder.Runner) == w.wait.At
}

// through is the way to the library's call.
func (w *wording) through() string {
	k := w.wait.Take
	var text string
	switch {
	case len(k.Chain) == 0:
	case w.wait.Kind == hold.ForGoroutines:
		text = " at " + k.At + " through " + strings.Join(k.Chain, ", ")
	case len(k.Chain) == 1:
		text = fmt.Sprintf(", for %s at %s", k.From, k.At)
	default: // the first is the callee itself
		text = fmt.Sprintf(", for %s at %s through %s", k.From, k.At, strings.Join(k.Chain[1:], ", "))
	}
	if k.Assumed {
		text += " in one of the implementations"
	}
	return text
}

// holder is the variable that holds the connection, or the callee that does.
func (w *wording) holder() string { return hold.Said(w.pass.Files, w.wait.Holder) }

// since is where the connection was taken, and on what the finding rests.
func (w *wording) since() string {
	where := diag.Where(w.pass.Fset, w.node.Pos(), w.wait.Holder.Pos())
	if !w.wait.Sure {
		where += ", assuming one pool"
	}
	return " (" + where + ")"
}

// needs says how many connections one goroutine has then.
func (w *wording) needs() string {
	n := w.wait.Conns
	if n >= hold.MaxConns {
		return "needs one more connection on each level of the recursion"
	}
	if n == 2 {
		return "needs 2 connections at once, n such calls deadlock a pool of n"
	}
	return fmt.Sprintf("needs %d connections at once, and n such calls a pool of n × %d + 1", n, n-1)
}

// remedy is the way out.
func (w *wording) remedy() string {
	h := w.wait.Holder
	switch h.Resource {
	case catalog.Rows, catalog.Line:
		if w.wait.Kind == hold.ForGoroutines {
			return "read the rows first"
		}
		if h.Resource == catalog.Line {
			return "scan it first"
		}
		if h.Site != nil && h.Site.Discarded {
			return "use Exec for a statement without rows"
		}
		return "collect the rows first"
	case catalog.Batch:
		return "close the batch first"
	case catalog.Conn, catalog.Conns:
		switch {
		case h.Site != nil && h.Site.HeldByFunc():
			return "release it before"
		case h.Runner != nil:
			return "use the connection that the function is given, or do it outside"
		}
		return "use " + w.holder() + ", or release it before"
	case catalog.Tx:
		switch {
		case w.wait.Kind == hold.ForGoroutines:
			return "do it before or after the transaction"
		case h.Runner != nil:
			return "use the transaction, or do it outside"
		}
		return "use " + w.holder() + ", or do it before or after the transaction"
	}
	return "use the transaction or connection that the function is given, or do it outside"
}
