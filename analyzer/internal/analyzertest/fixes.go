package analyzertest

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
)

var writeGolden = flag.Bool("golden", false, "write the golden files of suggested fixes instead of comparing with them")

// RunFixes is Run, and then applies the first suggested fix of each diagnostic. The result, formatted, must equal the file with
// ".golden" behind its name; a file without fixes has none. The fixed program must compile, and a second run over it must say
// nothing that the first one did not say, nothing about what was fixed, and offer no fix again.
func RunFixes(t testing.TB, dir string, analyzers []*analysis.Analyzer, patterns ...string) {
	t.Helper()
	before := Run(t, dir, analyzers, patterns...)
	program := load(t, dir, patterns)

	fixed, err := applyFixes(before)
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range program.compareGolden(fixed) {
		t.Error(problem)
	}
	if len(fixed) == 0 {
		return // nothing to run again
	}

	module := program.roots[0].Module.Dir
	copied := t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(module)); err != nil {
		t.Fatal(err)
	}
	for filename, content := range fixed {
		inModule, err := filepath.Rel(module, filename)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(copied, inModule), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	sub, err := filepath.Rel(module, program.dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := loadFromSource(filepath.Join(copied, sub), patterns)
	if err != nil {
		t.Fatalf("with the fixes applied: %v", err)
	}
	for _, problem := range compareRuns(before, analyze(t, again, analyzers)) {
		t.Error(problem)
	}
}

// applyFixes returns the content, by absolute file name, of the files that the first fixes of the diagnostics change.
func applyFixes(diagnostics []Diagnostic) (map[string][]byte, error) {
	edits := make(map[string][]edit)
	for _, d := range diagnostics {
		if len(d.SuggestedFixes) == 0 {
			continue
		}
		for _, te := range d.SuggestedFixes[0].TextEdits {
			file := d.program.fset.File(te.Pos)
			if file == nil {
				return nil, fmt.Errorf("%s: the fix edits no file", d)
			}
			e := edit{start: file.Offset(te.Pos), end: file.Offset(te.Pos), text: string(te.NewText)}
			if te.End.IsValid() {
				e.end = file.Offset(te.End)
			}
			if !slices.Contains(edits[file.Name()], e) { // two fixes may add the same import
				edits[file.Name()] = append(edits[file.Name()], e)
			}
		}
	}
	fixed := make(map[string][]byte)
	for filename, edits := range edits {
		content, err := os.ReadFile(filename)
		if err != nil {
			return nil, err
		}
		if content, err = applyEdits(content, edits); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(filename), err)
		}
		if fixed[filename], err = format.Source(content); err != nil {
			return nil, fmt.Errorf("%s: with the fixes applied: %w", filepath.Base(filename), err)
		}
	}
	return fixed, nil
}

// An edit replaces content[start:end] by text.
type edit struct {
	start, end int
	text       string
}

func applyEdits(content []byte, edits []edit) ([]byte, error) {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out bytes.Buffer
	done := 0
	for i, e := range edits {
		if e.start < done || i > 0 && e.start == edits[i-1].start {
			return nil, fmt.Errorf("line %d: two fixes edit the same place", 1+bytes.Count(content[:e.start], []byte("\n")))
		}
		out.Write(content[done:e.start])
		out.WriteString(e.text)
		done = e.end
	}
	out.Write(content[done:])
	return out.Bytes(), nil
}

// compareGolden compares each fixed file with its golden file, in both directions.
func (p *program) compareGolden(fixed map[string][]byte) (problems []string) {
	for _, filename := range slices.Sorted(maps.Keys(fixed)) {
		golden := filename + ".golden"
		if *writeGolden {
			if err := os.WriteFile(golden, fixed[filename], 0o666); err != nil {
				problems = append(problems, err.Error())
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: has fixes and no golden file (run with -golden to write it)", p.relative(filename)))
			continue
		}
		if where := firstDifference(fixed[filename], want); where != "" {
			problems = append(problems, fmt.Sprintf("%s:%s", p.relative(golden), where))
		}
	}
	for _, pkg := range p.roots {
		for _, filename := range pkg.CompiledGoFiles {
			if _, err := os.Stat(filename + ".golden"); err == nil && fixed[filename] == nil {
				problems = append(problems, fmt.Sprintf("%s: has a golden file and no fix", p.relative(filename)))
			}
		}
	}
	return problems
}

// firstDifference names the first line in which got differs from want, or returns "".
func firstDifference(got, want []byte) string {
	gotLines, wantLines := bytes.Split(got, []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w []byte
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if !bytes.Equal(g, w) || i >= len(gotLines) || i >= len(wantLines) {
			return fmt.Sprintf("%d: the fixed file has %q, want %q", i+1, g, w)
		}
	}
	return ""
}

var lineNumber = regexp.MustCompile(`\bL[0-9]+\b`)

// compareRuns checks the run over the fixed program against the first: line numbers move, nothing else may be new.
func compareRuns(before, after []Diagnostic) (problems []string) {
	type said struct{ file, message string }
	key := func(d Diagnostic) said {
		return said{d.Posn.Filename, lineNumber.ReplaceAllString(d.Message, "L")}
	}
	open := make(map[said]int)
	for _, d := range before {
		if len(d.SuggestedFixes) == 0 {
			open[key(d)]++
		}
	}
	for _, d := range after {
		switch {
		case len(d.SuggestedFixes) > 0:
			problems = append(problems, fmt.Sprintf("with the fixes applied: still offers a fix: %s", d))
		case open[key(d)] == 0:
			problems = append(problems, fmt.Sprintf("with the fixes applied: %s", d))
		default:
			open[key(d)]--
		}
	}
	return problems
}
