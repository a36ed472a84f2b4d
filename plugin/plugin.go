// Package plugin is poolvet as a module plugin of golangci-lint. Its settings are those of .poolvet.yml, which it does not read.
package plugin

import (
	"crypto/sha256"
	"encoding/hex"
	"runtime/debug"
	"slices"

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
	if summary := analyzer.Summary(rules); summary != nil {
		info, _ := debug.ReadBuildInfo()
		summary.Name += release(info)
		rules = append(rules, summary) // for its name
	}
	return linter{rules}, nil
}

type linter struct{ rules []*analysis.Analyzer }

func (l linter) BuildAnalyzers() ([]*analysis.Analyzer, error) { return l.rules, nil }

func (linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// release identifies the poolvet in an executable, in a form that may end the name of an analyzer. golangci-lint's cache knows facts
// and issues by the names of analyzers and by a version that "golangci-lint custom" makes of .custom-gcl.yml: with "version: latest"
// there, neither would change with another release of poolvet.
func release(info *debug.BuildInfo) string {
	if info == nil {
		return "" // built without modules
	}
	i := slices.IndexFunc(info.Deps, func(m *debug.Module) bool { return m.Path == "github.com/poolvet/poolvet" })
	if i < 0 {
		return "" // a test
	}
	module := info.Deps[i]
	if module.Replace != nil {
		module = module.Replace
	}
	sum := sha256.Sum256([]byte(module.Path + "@" + module.Version + " " + module.Sum))
	return "_" + hex.EncodeToString(sum[:6])
}

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
