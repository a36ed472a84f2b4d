// Package output prints what a run found.
package output

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// A Format writes a report.
type Format func(w io.Writer, r *Report) error

// Names returns the names of the formats.
func Names() []string { return []string{"text", "json"} }

// Named returns the format of that name.
func Named(name string) (Format, bool) {
	f, ok := map[string]Format{"text": Text, "json": JSON}[name]
	return f, ok
}

// A Report is what a run found.
type Report struct {
	Dir        string
	Root       string
	Version    string
	Rules      []*analysis.Analyzer
	Findings   []finding.Finding
	Incomplete bool

	Heading bool
	Color   bool
	Width   int
}

// reported returns the findings that nobody has silenced.
func (r *Report) reported() []finding.Finding {
	var all []finding.Finding
	for _, f := range r.Findings {
		if f.Silenced == nil {
			all = append(all, f)
		}
	}
	return all
}

// Text writes a line for each finding, with paths relative to the working directory.
func Text(w io.Writer, r *Report) error {
	var buf bytes.Buffer
	for _, f := range r.reported() {
		fmt.Fprintf(&buf, "%s: %s (%s)\n", Relative(r.Dir, f.Pos.String()), f.Diagnostic.Message, f.Rule.Name)
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// JSON writes the findings as go vet -json does, in one object: package, rule, diagnostics.
func JSON(w io.Writer, r *Report) error {
	type key struct {
		pkg  *packages.Package
		rule *analysis.Analyzer
	}
	actions := make(map[key]*checker.Action)
	graph := new(checker.Graph)
	for _, f := range r.reported() {
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
