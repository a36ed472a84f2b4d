package hold

import (
	"cmp"
	"go/ast"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
)

// Said is what a message calls a holder: the user's variable, or the callee that holds the connection.
func Said(files []*ast.File, h Holder) string {
	switch {
	case h.Param != nil:
		return h.Param.Name()
	case h.Name != "":
		return h.Name
	}
	call, around := diag.CallIn(files, h.Pos())
	switch {
	case call == nil:
		return "another call"
	case h.Receiver != nil:
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return cmp.Or(diag.Name(sel.X), "its receiver")
		}
		return "its receiver"
	case h.Site == nil:
		return diag.Callee(call)
	case h.Site.HeldByFunc():
		return "result of " + diag.Callee(call)
	}
	if name := diag.Name(diag.Assigned(call, around, h.Site.ResultIndex())); name != "" {
		return name
	}
	return "result of " + diag.Callee(call)
}
