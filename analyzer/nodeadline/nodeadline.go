package nodeadline

import (
	_ "embed"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/deadline"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{})

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries.
func New(sum *analysis.Analyzer, cfg summary.Config) *analysis.Analyzer {
	return summary.Rule("nodeadline", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg}
		for _, wait := range found.OpenWaits {
			r.wait(wait)
		}
		for _, retry := range found.Retries {
			r.retry(retry)
		}
	})
}

type reporter struct {
	pass *analysis.Pass
	cfg  summary.Config
}

// wait reports a call that waits without a deadline.
func (r *reporter) wait(wait *deadline.OpenWait) {
	w, ok := r.at(diag.PosOf(wait.Call), wait.Take)
	if !ok {
		return // not to be reported on
	}
	tier := diag.Error
	if wait.Assumed || len(wait.Take.Chain) > 0 {
		tier = diag.Warning
	}
	w.report(tier, w.wait(wait))
}

// retry reports a call that is retried at once.
func (r *reporter) retry(retry *deadline.Retry) {
	if w, ok := r.at(diag.PosOf(retry.Call), retry.Take); ok {
		w.report(diag.Warning, w.retry(retry.Given))
	}
}

// at finds the syntax of a call. Code for tests is passed over: what hangs there, go test ends.
func (r *reporter) at(pos token.Pos, take fact.Take) (wording, bool) {
	call, _ := diag.CallIn(r.pass.Files, pos)
	if call == nil || diag.IsTest(r.pass.Fset, pos) || diag.ForTests(r.pass.Files, pos) {
		return wording{}, false // a call that ssa made, or one for tests
	}
	return wording{reporter: r, call: call, take: take}, true
}

func (w wording) report(tier diag.Tier, message string) {
	w.pass.Report(analysis.Diagnostic{Pos: w.call.Pos(), End: w.call.End(), Category: string(tier), Message: message})
}
