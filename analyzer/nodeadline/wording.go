package nodeadline

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/deadline"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
)

// endlessly is what a wait without a deadline does.
const endlessly = "waits for a connection for ever when the pool is exhausted"

// maxSubject bounds how long an expression may be that stands in a message.
const maxSubject = 40

type wording struct {
	*reporter
	call *ast.CallExpr
	take fact.Take
}

// wait is the message for a call that waits without a deadline.
func (w wording) wait(wait *deadline.OpenWait) string {
	name := diag.Callee(w.call)
	if wait.Made == nil {
		return w.without(name, wait)
	}
	what := name + " " + endlessly
	if len(w.take.Chain) > 0 {
		what += " (" + w.origin() + ")"
	}
	arg, made := w.context(wait)
	none := arg + " has no deadline"
	if made != "" {
		none += " (" + made + ")"
	}
	switch {
	case wait.Own:
		return none + ": " + what + "; add context.WithTimeout"
	case wait.Caller == "":
		return none + ": " + what + "; use context.WithTimeout"
	case wait.Caller == arg:
		return none + ", and hides the caller's: " + what + "; pass the caller's"
	}
	return fmt.Sprintf("%s, and %s is in scope: %s; pass %s", none, wait.Caller, what, wait.Caller)
}

// without is the message for a call that is given no context at all.
func (w wording) without(name string, wait *deadline.OpenWait) string {
	if len(w.take.Chain) > 0 {
		remedy := "give it a context with one"
		if wait.Caller != "" {
			remedy = "hand " + wait.Caller + " down to it"
		}
		return fmt.Sprintf("%s %s (%s has no deadline); %s", name, endlessly, w.origin(), remedy)
	}
	lacks, remedy := "takes no context", "give it a timeout"
	if wait.Setter != "" {
		lacks, remedy = "has no context", "call "+wait.Setter+" with a deadline first"
		if wait.Caller != "" {
			remedy = "call " + wait.Setter + " with " + wait.Caller + " first"
		}
	} else if other := w.withContext(); other != "" {
		remedy = "use " + other + " with a deadline"
		if wait.Caller != "" {
			remedy = "use " + other + " with " + wait.Caller
		}
	}
	if wait.Caller != "" {
		lacks += ", and " + wait.Caller + " is in scope"
	}
	return fmt.Sprintf("%s %s: it %s; %s", name, lacks, endlessly, remedy)
}

// retry is the message for a call that is retried at once.
func (w wording) retry(given bool) string {
	what := diag.Callee(w.call)
	switch {
	case given:
		what += " retries " + w.take.From
	case len(w.take.Chain) > 0:
		what += " (" + w.origin() + ") is retried"
	default:
		what += " is retried"
	}
	return what + " without backoff or limit: after each failure it asks for a connection again at once; wait between the attempts, and limit them"
}

// origin is the library's call behind one of the program's own.
func (w wording) origin() string {
	text := w.take.From + " at " + w.take.At
	if len(w.take.Chain) > 1 {
		text += " through " + strings.Join(w.take.Chain[1:], ", ")
	}
	if w.take.Assumed {
		text += ", in one of the implementations"
	}
	return text
}

// context names the context that a call is given, and says what makes it, unless that is the same expression.
func (w wording) context(wait *deadline.OpenWait) (arg, made string) {
	pos := diag.PosOf(wait.Made)
	made = w.text(pos)
	at := diag.Where(w.pass.Fset, w.call.Lparen, pos)
	if wait.Arg < 0 || wait.Arg >= len(w.call.Args) {
		if pos < w.call.Pos() || w.call.End() < pos {
			return made, "at " + at // in the handle
		}
		return made, ""
	}
	expr := w.call.Args[wait.Arg]
	arg = types.ExprString(expr)
	if arg == made {
		return arg, ""
	}
	if len(arg) > maxSubject || expr.Pos() <= pos && pos < expr.End() {
		return made, "" // it stands in the argument
	}
	return arg, made + " at " + at
}

// text is the call at a position as it is written, its name if it is long.
func (w wording) text(pos token.Pos) string {
	call, _ := diag.CallIn(w.pass.Files, pos)
	if call == nil {
		return "a context"
	}
	if text := types.ExprString(call); len(text) <= maxSubject {
		return text
	}
	return types.ExprString(call.Fun)
}

// withContext is the method or function that does the same with a context, empty if there is none.
func (w wording) withContext() string {
	var id *ast.Ident
	switch f := ast.Unparen(w.call.Fun).(type) {
	case *ast.SelectorExpr:
		id = f.Sel
	case *ast.Ident:
		id = f
	default:
		return "" // an instance of a generic function
	}
	fn, ok := w.pass.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return "" // a function value
	}
	for _, name := range []string{fn.Name() + "Context", fn.Name() + "Tx", strings.TrimSuffix(fn.Name(), "x") + "Txx"} {
		var obj types.Object
		if sel := w.pass.TypesInfo.Selections[selector(w.call)]; sel != nil {
			obj, _, _ = types.LookupFieldOrMethod(sel.Recv(), true, fn.Pkg(), name)
		} else {
			obj = fn.Pkg().Scope().Lookup(name)
		}
		if other, ok := obj.(*types.Func); ok && takesContext(other) {
			return name
		}
	}
	return ""
}

func selector(call *ast.CallExpr) *ast.SelectorExpr {
	sel, _ := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return sel
}

func takesContext(fn *types.Func) bool {
	params := fn.Signature().Params()
	return params.Len() > 0 && types.TypeString(params.At(0).Type(), nil) == "context.Context"
}
