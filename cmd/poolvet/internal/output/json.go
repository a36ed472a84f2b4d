package output

import (
	"io"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// vetJSON writes the findings as go vet -json does, in one object: package, rule, diagnostics.
func vetJSON(w io.Writer, r *Report) error {
	type key struct {
		pkg  *packages.Package
		rule *analysis.Analyzer
	}
	actions := make(map[key]*checker.Action)
	graph := new(checker.Graph)
	for _, f := range finding.Reported(r.Findings) {
		k := key{f.Package, f.Rule}
		if actions[k] == nil {
			actions[k] = &checker.Action{Analyzer: f.Rule, Package: f.Package, IsRoot: true}
			graph.Roots = append(graph.Roots, actions[k])
		}
		actions[k].Diagnostics = append(actions[k].Diagnostics, f.Diagnostic)
	}
	return graph.PrintJSON(w)
}
