// Package output prints what a run found, in the form that a person or another program reads.
package output

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// A Format writes a report. The same report gives the same bytes, as long as the source files are the same.
type Format func(w io.Writer, r *Report) error

// formats is all formats, in the order in which they are listed.
var formats = []struct {
	name  string
	write Format
}{
	{"text", text},
	{"json", vetJSON},
	{"sarif", sarif},
	{"github", github},
	{"checkstyle", checkstyle},
}

// Names returns the names of the formats.
func Names() []string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = f.name
	}
	return names
}

// Named returns the format of that name.
func Named(name string) (Format, bool) {
	for _, f := range formats {
		if f.name == name {
			return f.write, true
		}
	}
	return nil, false
}

// A Report is what a run found.
type Report struct {
	Dir        string               // the working directory: paths are relative to it
	Root       string               // what paths are relative to that go to GitHub: the root of the repository; "" for Dir
	Version    string               // of poolvet: "v1.2.3", "(devel)"
	Rules      []*analysis.Analyzer // those that ran
	Findings   []finding.Finding    // in the order of their positions, those that are silenced included
	Incomplete bool                 // something could not be analyzed

	Heading bool // text for a terminal: a heading for each file
	Color   bool // text with colors
	Width   int  // of the terminal, in columns; 0 if it is not known
}

// root is the directory that paths for GitHub are relative to.
func (r *Report) root() string {
	if r.Root != "" {
		return r.Root
	}
	return r.Dir
}

// silences reports whether there is a silenced finding.
func (r *Report) silences() bool {
	return slices.ContainsFunc(r.Findings, func(f finding.Finding) bool { return f.Silenced != nil })
}

// Relative shortens a position or a path that lies under dir, and writes it with slashes then.
func Relative(dir, pos string) string {
	sep := string(filepath.Separator)
	if rel, ok := strings.CutPrefix(pos, strings.TrimSuffix(dir, sep)+sep); ok {
		return filepath.ToSlash(rel)
	}
	return pos
}
