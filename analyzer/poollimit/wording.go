package poollimit

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
)

// message returns what to say of the limit and how sure it is; nothing if the limit is right.
func (w *wording) message() (diag.Tier, string) {
	l := w.limit
	switch l.Kind {
	case limit.NoLimit:
		return w.noLimit()
	case limit.ConstantLimit:
		return w.constant()
	case limit.CPULimit:
		return diag.Warning, w.subject() + " follows the number of processors, not what the server can bear; set a fixed limit"
	case limit.IdleAboveOpen:
		return diag.Warning, fmt.Sprintf("%d idle connections are more than the %d open ones allowed%s; database/sql keeps %d", l.Value, l.Bound, w.other(), l.Bound)
	case limit.MinAboveMax:
		return diag.Warning, fmt.Sprintf("MinConns %d is above MaxConns %d%s; keep at most MaxConns open", l.Value, l.Bound, w.other())
	case limit.DeadGuard:
		return diag.Warning, fmt.Sprintf("this is never true: ParseConfig has set %s%s; set it without the check, or check the connection string",
			l.Name, defaultOf(l.Setting))
	case limit.RefusedKey:
		return diag.Error, fmt.Sprintf("%s is a key of pgxpool: %s hands it to the server, which refuses the connection; set the limit on the pool", l.Name, w.callee())
	case limit.ConnectorIdle:
		return diag.Warning, w.variable() + " keeps up to 2 connections of the pgxpool while they are idle; call SetMaxIdleConns(0), or use stdlib.OpenDBFromPool"
	case limit.DefaultByCPU:
		return diag.Advice, w.variable() + " has the default limit, which follows the number of processors; set MaxConns or pool_max_conns"
	case limit.KeptIdle:
		return diag.Advice, w.variable() + " keeps idle connections for ever; call SetConnMaxIdleTime or SetConnMaxLifetime"
	}
	return diag.Advice, ""
}

func defaultOf(s catalog.Setting) string {
	if s == catalog.MaxOpen {
		return " (to max(4, NumCPU) if the string does not)"
	}
	return ""
}

func (w *wording) noLimit() (diag.Tier, string) {
	name := w.variable()
	setter := "SetMaxOpenConns" + w.onDB()
	if w.limit.Exposed {
		return diag.Warning, name + " leaves this package without a limit on its connections; call " + setter + " here"
	}
	return diag.Error, name + " has no limit on its connections; call " + setter
}

// onDB says where the setter is, if the pool does not have it itself: gorm's and ent's do not.
func (w *wording) onDB() string {
	call, ok := w.limit.At.(*ssa.Call)
	if !ok || call.Call.Signature().Results().Len() == 0 {
		return ""
	}
	t := call.Call.Signature().Results().At(0).Type()
	if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "SetMaxOpenConns"); obj != nil {
		return ""
	}
	return " on its DB()"
}

// constant compares a limit with what is allowed.
func (w *wording) constant() (diag.Tier, string) {
	n := w.limit.Value
	most := defaultMax
	if w.maxConns != nil {
		most = *w.maxConns
	}
	switch {
	case n <= 0 && w.limit.Refused:
		return diag.Error, fmt.Sprintf("a limit of %d is refused: pgxpool.NewWithConfig returns an error; set one", n)
	case n <= 0 && !w.limit.Text && !w.isField():
		if w.limit.Other != w.limit.At {
			return diag.Error, fmt.Sprintf("a limit of %d means no limit; set one", n)
		}
		return diag.Error, fmt.Sprintf("%s(%d) means no limit; set one", w.setter(), n)
	case n <= int64(most):
		return diag.Advice, ""
	case w.maxConns != nil:
		return diag.Error, fmt.Sprintf("%s %d is above max-conns %d; lower it, or share the pool", w.subject(), n, most)
	case n > serverMax:
		return diag.Warning, fmt.Sprintf("%s %d is more than a server with default settings gives to all clients together (%d); lower it, or set max-conns",
			w.subject(), n, serverMax)
	}
	return diag.Advice, fmt.Sprintf("%s %d is above %d, which other processes may need; lower it, or set max-conns", w.subject(), n, most)
}

// isField reports whether the limit is a field of a configuration, which something else may fill in.
func (w *wording) isField() bool {
	_, isCall := w.node.(*ast.CallExpr)
	return !isCall
}

// setter is the call that sets the limit.
func (w *wording) setter() string {
	if call, ok := w.node.(*ast.CallExpr); ok {
		return diag.Callee(call)
	}
	return "SetMaxOpenConns"
}

// subject names the limit: "limit", or the key of the connection string.
func (w *wording) subject() string {
	if w.limit.Text {
		return "pool_max_conns"
	}
	return "limit"
}

// other is where the number is set that is compared with.
func (w *wording) other() string {
	if w.limit.Other == nil {
		return ""
	}
	there, here := w.where(diag.PosOf(w.limit.Other)), w.where(w.node.Pos())
	if there == here {
		return ""
	}
	return " (set at " + there + ")"
}

// related is the note at the other position.
func (w *wording) related() string {
	switch w.limit.Kind {
	case limit.ConstantLimit, limit.CPULimit:
		return "it becomes the limit here"
	case limit.ConnectorIdle:
		return "the connector takes its connections from a pgxpool"
	}
	return "the other limit is set here"
}

func (w *wording) callee() string {
	if call, ok := w.node.(*ast.CallExpr); ok {
		return diag.Callee(call)
	}
	return "the call"
}

// variable is the user's name for the pool.
func (w *wording) variable() string {
	call, ok := w.node.(*ast.CallExpr)
	if !ok {
		return "the pool"
	}
	if e := diag.Assigned(call, w.around, 0); e != nil {
		if name := diag.Name(e); name != "" {
			return name
		}
	}
	if _, isVariable := ast.Unparen(call.Fun).(*ast.Ident); isVariable && w.limit.Name != "" {
		return "the pool of " + w.limit.Name // open := sql.Open
	}
	return "the pool of " + diag.Callee(call)
}
