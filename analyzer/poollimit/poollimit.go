package poollimit

import (
	_ "embed"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{}, nil)

//go:embed doc.go
var doc string

const (
	// defaultMax is the limit above which the user is advised, if they have not set max-conns.
	defaultMax = 15
	// serverMax is what a PostgreSQL server with default settings gives to ordinary roles: max_connections 100 less
	// superuser_reserved_connections 3. Source: its documentation, measured on version 15.
	serverMax = 97
)

// New returns the rule on top of the given summaries. maxConns is the largest limit that is right; nil means that the user
// has not said.
func New(sum *analysis.Analyzer, cfg summary.Config, maxConns *int) *analysis.Analyzer {
	return summary.Rule("poollimit", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg, maxConns: maxConns}
		for _, l := range found.Limits {
			r.limit(l)
		}
	})
}

type reporter struct {
	pass     *analysis.Pass
	cfg      summary.Config
	maxConns *int
}

// limit reports what is wrong with a limit, if anything is.
func (r *reporter) limit(l limit.Limit) {
	node, around := r.node(l)
	if node == nil {
		return // an instruction that ssa made
	}
	w := wording{reporter: r, limit: l, node: node, around: around}
	tier, message := w.message()
	if message == "" {
		return // a limit that fits
	}
	if !r.cfg.Tests && diag.ForTests(r.pass.Files, node.Pos()) {
		return // a helper of tests: the user has not asked for them
	}
	d := analysis.Diagnostic{Pos: node.Pos(), End: node.End(), Category: string(tier), Message: message}
	if l.Other != nil && diag.PosOf(l.Other) != diag.PosOf(l.At) && diag.PosOf(l.Other).IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: diag.PosOf(l.Other), Message: w.related()}}
	}
	r.pass.Report(d)
}

// node returns the syntax of the instruction: a call, an assignment, a field of a literal, a comparison.
func (r *reporter) node(l limit.Limit) (ast.Node, []ast.Node) {
	pos := diag.PosOf(l.At)
	file := diag.File(r.pass.Files, pos)
	if file == nil {
		return nil, nil
	}
	if call, around := diag.CallAt(file, pos); call != nil {
		return call, around
	}
	path, _ := astutil.PathEnclosingInterval(file, pos, pos)
	for i, n := range path {
		switch n := n.(type) {
		case *ast.AssignStmt, *ast.KeyValueExpr, *ast.BinaryExpr, *ast.IncDecStmt:
			return n, path[i+1:]
		case *ast.CompositeLit, *ast.BlockStmt:
			if l.Kind == limit.ConstantLimit && i > 0 {
				if e, ok := path[i-1].(ast.Expr); ok {
					return e, path[i:] // a field of a literal without its name
				}
			}
			return nil, nil
		}
	}
	return nil, nil
}

// where names a position as seen from the diagnostic.
func (w *wording) where(pos token.Pos) string { return diag.Where(w.pass.Fset, w.node.Pos(), pos) }

type wording struct {
	*reporter
	limit  limit.Limit
	node   ast.Node
	around []ast.Node
}
