package output

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// github writes the workflow commands that make annotations of GitHub Actions.
func github(w io.Writer, r *Report) error {
	var buf bytes.Buffer
	src := make(sources)
	for _, f := range finding.Reported(r.Findings) {
		p := src.of(f)
		command := map[string]string{"error": "error", "warning": "warning"}[f.Diagnostic.Category]
		if command == "" {
			command = "notice"
		}
		fmt.Fprintf(&buf, "::%s file=%s,line=%d,endLine=%d", command, property(Relative(r.root(), f.Pos.Filename)), p.start.Line, p.end.Line)
		if p.start.Line == p.end.Line { // the runner refuses columns of several lines
			fmt.Fprintf(&buf, ",col=%d,endColumn=%d", p.start.Column, p.end.Column)
		}
		fmt.Fprintf(&buf, ",title=%s::%s\n", property("poolvet: "+f.Rule.Name), data(annotation(src, r, f)))
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// annotation is the message, and a line for each related position that it does not name in full.
func annotation(src sources, r *Report, f finding.Finding) string {
	text := f.Diagnostic.Message
	for _, rel := range f.Diagnostic.Related {
		p := src.related(f, rel)
		if p.start.Filename == f.Pos.Filename && p.start.Line == f.Pos.Line {
			continue // the annotation is there
		}
		if _, _, named := mention(f, rel); !named || p.start.Filename != f.Pos.Filename {
			text += fmt.Sprintf("\n%s: %s:%d", rel.Message, Relative(r.root(), p.start.Filename), p.start.Line)
		}
	}
	return text
}

// mention finds where the message names a related position: "L42", or "file.go:42" in another file.
func mention(f finding.Finding, rel analysis.RelatedInformation) (from, to int, ok bool) {
	pos := f.Package.Fset.Position(rel.Pos)
	name := fmt.Sprintf("L%d", pos.Line)
	if pos.Filename != f.Pos.Filename {
		name = fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), pos.Line)
	}
	at := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`).FindStringIndex(f.Diagnostic.Message)
	if at == nil {
		return 0, 0, false
	}
	return at[0], at[1], true
}

// data escapes the message of a workflow command.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
