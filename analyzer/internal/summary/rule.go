package summary

import (
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
)

// Rule returns the analyzer of a rule that reads the summaries. doc is the source of its doc.go; run reports on one package.
func Rule(name, doc string, sum *analysis.Analyzer, cfg Config, run func(*analysis.Pass, *Result)) *analysis.Analyzer {
	return diag.Rule{
		Name:       name,
		Source:     doc,
		Requires:   []*analysis.Analyzer{sum},
		Strict:     cfg.Strict,
		Tests:      cfg.Tests,
		KeepNolint: cfg.KeepNolint,
		Run:        func(pass *analysis.Pass) { run(pass, pass.ResultOf[sum].(*Result)) },
	}.Analyzer()
}
