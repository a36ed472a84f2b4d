package holdwait

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{})

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries.
func New(sum *analysis.Analyzer, cfg summary.Config) *analysis.Analyzer {
	return summary.Rule("holdwait", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg}
		for _, wait := range found.Waits {
			r.wait(wait)
		}
	})
}

type reporter struct {
	pass *analysis.Pass
	cfg  summary.Config
}

// wait reports one place where a second connection is wanted.
func (r *reporter) wait(wait *hold.Wait) {
	pos := diag.PosOf(wait.At)
	file := diag.File(r.pass.Files, pos)
	if file == nil {
		return // an instruction that ssa made
	}
	if !r.cfg.Tests && diag.ForTests(r.pass.Files, pos) {
		return // nobody has asked for tests
	}
	w := wording{reporter: r, wait: wait}
	w.node, w.call = diag.SyntaxAt(file, pos)
	d := analysis.Diagnostic{Pos: w.node.Pos(), End: w.node.End(), Category: string(tier(wait)), Message: w.message()}
	if held := wait.Holder.Pos(); held.IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: held, Message: "held since here"}}
	}
	r.pass.Report(d)
}

// tier is how sure it is that both connections are of one pool.
func tier(wait *hold.Wait) diag.Tier {
	if wait.Sure && !wait.Take.Assumed && !wait.Take.Either {
		return diag.Error
	}
	return diag.Warning
}
