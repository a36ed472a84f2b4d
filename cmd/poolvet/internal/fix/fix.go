// Package fix applies the fixes of findings to files. All that the rules offer is safe.
package fix

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/write"
)

// Changes is what fixes make of files.
type Changes struct {
	Files []File // by name
	Fixed int    // findings
}

// File is a file before and after.
type File struct {
	Name     string
	Old, New []byte
}

// An edit replaces content[start:end] by text.
type edit struct {
	start, end int
	text       string
}

// Of returns the changes that the first fix of each reported finding makes. A fix that meets an earlier one is left for the next
// run, when it may no longer be needed. The error names the file that could not be read, or that has changed meanwhile.
func Of(findings []finding.Finding) (*Changes, error) {
	edits := make(map[string][]edit)
	sizes := make(map[string]int)
	c := new(Changes)
	for _, f := range findings {
		if f.Silenced != nil || len(f.Diagnostic.SuggestedFixes) == 0 {
			continue
		}
		name, own, ok := editsOf(f)
		if !ok || slices.ContainsFunc(own, func(e edit) bool { return overlapsAny(e, edits[name]) }) {
			continue // no file of the user's, or taken
		}
		edits[name] = append(edits[name], own...)
		sizes[name] = f.Package.Fset.File(f.Diagnostic.Pos).Size()
		c.Fixed++
	}
	for name, edits := range edits {
		old, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if len(old) != sizes[name] {
			return nil, fmt.Errorf("%s has changed since it was analyzed; run again", name)
		}
		changed, err := apply(old, edits)
		if err != nil {
			return nil, fmt.Errorf("%s: internal error: a fix does not compile: %w", name, err)
		}
		c.Files = append(c.Files, File{name, old, changed})
	}
	slices.SortFunc(c.Files, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return c, nil
}

// editsOf returns the edits of the first fix and the one file that they are in. The last result is false if that is cgo's copy of
// a file, or several files.
func editsOf(f finding.Finding) (name string, edits []edit, ok bool) {
	fset := f.Package.Fset
	name = f.Pos.Filename
	for _, te := range f.Diagnostic.SuggestedFixes[0].TextEdits {
		file := fset.File(te.Pos)
		if file == nil || file.Name() != name {
			return "", nil, false
		}
		e := edit{start: file.Offset(te.Pos), text: string(te.NewText)}
		e.end = e.start
		if te.End.IsValid() {
			e.end = file.Offset(te.End)
		}
		edits = append(edits, e)
	}
	return name, edits, true
}

// overlapsAny reports whether an edit meets another one. Two insertions at one place do too: nobody knows their order.
func overlapsAny(e edit, others []edit) bool {
	return slices.ContainsFunc(others, func(o edit) bool {
		return e.start < o.end && o.start < e.end || e.start == o.start || e.end == o.end
	})
}

// apply returns the content with the edits, formatted if it was before.
func apply(content []byte, edits []edit) ([]byte, error) {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out bytes.Buffer
	done := 0
	for _, e := range edits {
		out.Write(content[done:e.start])
		out.WriteString(withLineEnds(e.text, content))
		done = e.end
	}
	out.Write(content[done:])
	formatted, err := format.Source(out.Bytes())
	if err != nil {
		return nil, err
	}
	if before, err := format.Source(content); err != nil || !bytes.Equal(before, content) {
		return out.Bytes(), nil // the rest of the file is the user's affair
	}
	return formatted, nil
}

// withLineEnds gives a text the line ends of a file.
func withLineEnds(text string, content []byte) string {
	if !bytes.Contains(content, []byte("\r\n")) {
		return text
	}
	return strings.ReplaceAll(text, "\n", "\r\n")
}

// Diff writes the changes as a patch, with paths relative to dir.
func (c *Changes) Diff(w io.Writer, dir string) error {
	for _, f := range c.Files {
		name := f.Name
		if rel, err := filepath.Rel(dir, f.Name); err == nil && filepath.IsLocal(rel) {
			name = filepath.ToSlash(rel)
		}
		if _, err := w.Write(diff.Diff("a/"+name, f.Old, "b/"+name, f.New)); err != nil {
			return err
		}
	}
	return nil
}

// Write replaces the files, each of them at once. If one cannot be replaced, all are as they were.
func (c *Changes) Write() error {
	for i, f := range c.Files {
		if err := write.Replace(f.Name, f.New); err != nil {
			written := Changes{Files: c.Files[:i]}
			return errors.Join(err, written.Revert())
		}
	}
	return nil
}

// Revert undoes Write.
func (c *Changes) Revert() error {
	var all error
	for _, f := range c.Files {
		all = errors.Join(all, write.Replace(f.Name, f.Old))
	}
	return all
}
