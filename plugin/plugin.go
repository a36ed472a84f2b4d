// Package plugin is poolvet as a module plugin of golangci-lint. Its settings are those of .poolvet.yml, which it does not read.
package plugin

import (
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
)

func init() { register.Plugin("poolvet", New) }

// New returns the linter with the settings of golangci-lint's configuration. The error says which setting is refused.
func New(settings any) (register.LinterPlugin, error) {
	o, err := register.DecodeSettings[analyzer.Options](settings)
	if err != nil {
		return nil, err
	}
	o.KeepNolint = true // nolintlint has to see what they silence
	rules, err := analyzer.New(o)
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		simplify(rule)
	}
	return linter{rules}, nil
}

type linter struct{ rules []*analysis.Analyzer }

func (l linter) BuildAnalyzers() ([]*analysis.Analyzer, error) { return l.rules, nil }

func (linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// simplify makes the diagnostics of a rule fit golangci-lint, which makes an issue of each related position and applies all
// fixes of a diagnostic instead of the first.
func simplify(rule *analysis.Analyzer) {
	run := rule.Run
	rule.Run = func(pass *analysis.Pass) (any, error) {
		simple := *pass
		simple.Report = func(d analysis.Diagnostic) {
			d.Related = nil
			d.SuggestedFixes = d.SuggestedFixes[:min(1, len(d.SuggestedFixes))]
			pass.Report(d)
		}
		return run(&simple)
	}
}
