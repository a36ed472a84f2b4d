// Package output prints what a run found.
package output

import (
	"bytes"
	"cmp"
	"fmt"
	"go/token"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// A Finding is one diagnostic with what is needed to print it.
type Finding struct {
	Rule       *analysis.Analyzer
	Package    *packages.Package
	Pos, End   token.Position
	Diagnostic analysis.Diagnostic
}

// Findings returns the diagnostics of the actions in the order of their positions, each once: a file belongs to a package and
// to its variants with tests.
func Findings(actions []*checker.Action) []Finding {
	type key struct {
		pos, end      token.Position
		rule, message string
	}
	seen := make(map[key]bool)
	var all []Finding
	for _, act := range actions {
		for _, d := range act.Diagnostics {
			f := Finding{act.Analyzer, act.Package, act.Package.Fset.Position(d.Pos), act.Package.Fset.Position(d.End), d}
			k := key{f.Pos, f.End, f.Rule.Name, d.Message}
			if !seen[k] {
				seen[k] = true
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			strings.Compare(a.Rule.Name, b.Rule.Name),
			strings.Compare(a.Diagnostic.Message, b.Diagnostic.Message),
		)
	})
	return all
}

// Text writes a line for each finding, with paths relative to dir.
func Text(w io.Writer, dir string, findings []Finding) error {
	var buf bytes.Buffer
	for _, f := range findings {
		fmt.Fprintf(&buf, "%s: %s (%s)\n", Relative(dir, f.Pos.String()), f.Diagnostic.Message, f.Rule.Name)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// JSON writes the findings as go vet -json does, in one object: package, rule, diagnostics.
func JSON(w io.Writer, findings []Finding) error {
	type key struct {
		pkg  *packages.Package
		rule *analysis.Analyzer
	}
	actions := make(map[key]*checker.Action)
	graph := new(checker.Graph)
	for _, f := range findings {
		k := key{f.Package, f.Rule}
		if actions[k] == nil {
			actions[k] = &checker.Action{Analyzer: f.Rule, Package: f.Package, IsRoot: true}
			graph.Roots = append(graph.Roots, actions[k])
		}
		actions[k].Diagnostics = append(actions[k].Diagnostics, f.Diagnostic)
	}
	return graph.PrintJSON(w)
}

// Relative shortens a position or a path that lies under dir.
func Relative(dir, pos string) string {
	if rel, ok := strings.CutPrefix(pos, dir+string(filepath.Separator)); ok {
		return rel
	}
	return pos
}
