package fix

import (
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

const before = "package p\n\nfunc f() {\n\tone()\n\ttwo()\n}\n"

// at makes a finding whose fix inserts text behind the first occurrence of a word in the file.
func at(t *testing.T, file *token.File, fset *token.FileSet, word, text string) finding.Finding {
	t.Helper()
	pos := file.Pos(strings.Index(before, word) + len(word))
	return finding.Finding{
		Package: &packages.Package{Fset: fset}, Pos: fset.Position(pos),
		Diagnostic: analysis.Diagnostic{Pos: pos, SuggestedFixes: []analysis.SuggestedFix{
			{TextEdits: []analysis.TextEdit{{Pos: pos, End: pos, NewText: []byte(text)}}},
			{TextEdits: []analysis.TextEdit{{Pos: pos, End: pos, NewText: []byte("not the first")}}},
		}},
	}
}

// newFile makes a file in a new folder, known to a file set.
func newFile(t *testing.T, content string) (*token.FileSet, *token.File) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(name, []byte(content), 0o640); err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file := fset.AddFile(name, -1, len(content))
	file.SetLinesForContent([]byte(content))
	return fset, file
}

// TestChanges applies what does not overlap, and formats what was formatted.
func TestChanges(t *testing.T) {
	fset, file := newFile(t, before)
	silenced := at(t, file, fset, "{", "\nno()")
	silenced.Silenced = new(finding.Silenced)
	changes, err := Of([]finding.Finding{
		at(t, file, fset, "two()", "\ndefer b()"),
		at(t, file, fset, "one()", "\ndefer a()"),
		at(t, file, fset, "one()", "\ndefer again()"),
		{Diagnostic: analysis.Diagnostic{Message: "without a fix"}},
		silenced,
	})
	if err != nil || len(changes.Files) != 1 || changes.Fixed != 2 {
		t.Fatalf("%+v, %v", changes, err)
	}
	const after = "package p\n\nfunc f() {\n\tone()\n\tdefer a()\n\ttwo()\n\tdefer b()\n}\n"
	if got := string(changes.Files[0].New); got != after {
		t.Errorf("got\n%s", got)
	}
	var patch strings.Builder
	if err := changes.Diff(&patch, filepath.Dir(file.Name())); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(patch.String(), "\n--- a/p.go\n+++ b/p.go\n") || !strings.Contains(patch.String(), "\n+\tdefer a()\n") {
		t.Errorf("got\n%s", patch.String())
	}
	if err := changes.Write(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file.Name())
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if content, err := os.ReadFile(file.Name()); err != nil || string(content) != after {
		t.Errorf("%s, %v", content, err)
	}
	if err := changes.Revert(); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(file.Name()); err != nil || string(content) != before {
		t.Errorf("reverted: %s, %v", content, err)
	}
	if err := changes.Write(); err != nil {
		t.Fatal(err)
	}
	if _, err := Of([]finding.Finding{at(t, file, fset, "one()", "\ndefer a()")}); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("a file that is not the one that was analyzed: %v", err)
	}
}

// TestUnformatted leaves the rest of a file as it is.
func TestUnformatted(t *testing.T) {
	ugly := strings.Replace(before, "\ttwo()", "    two ()", 1)
	fset, file := newFile(t, ugly)
	changes, err := Of([]finding.Finding{at(t, file, fset, "one()", "\n\tdefer a()")})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(changes.Files[0].New), strings.Replace(ugly, "one()", "one()\n\tdefer a()", 1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := Of([]finding.Finding{at(t, file, fset, "one()", "\n\tdefer (")}); err == nil {
		t.Error("no error for a fix that does not compile")
	}
}

// TestLineEnds writes lines that end as those of the file.
func TestLineEnds(t *testing.T) {
	windows := strings.ReplaceAll(before, "\n", "\r\n")
	pos := strings.Index(windows, "one()") + len("one()")
	got, err := apply([]byte(windows), []edit{{start: pos, end: pos, text: "\n\tdefer a()"}})
	if want := strings.Replace(windows, "one()", "one()\r\n\tdefer a()", 1); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// TestAllOrNothing leaves all files as they are if one cannot be written.
func TestAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	first, second := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	for name, perm := range map[string]os.FileMode{first: 0o600, second: 0o400} {
		if err := os.WriteFile(name, []byte("old"), perm); err != nil {
			t.Fatal(err)
		}
	}
	changes := &Changes{Files: []File{{first, []byte("old"), []byte("new")}, {second, []byte("old"), []byte("new")}}}
	if err := changes.Write(); err == nil || !strings.Contains(err.Error(), second) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{first, second} {
		if content, err := os.ReadFile(name); err != nil || string(content) != "old" {
			t.Errorf("%s: %q, %v", name, content, err)
		}
	}
}

// TestOtherFile leaves alone what is not the file in which the finding is.
func TestOtherFile(t *testing.T) {
	fset, file := newFile(t, before)
	f := at(t, file, fset, "one()", "\ndefer a()")
	f.Pos.Filename = "p.go" // by a line directive, as in cgo's copy
	changes, err := Of([]finding.Finding{f})
	if err != nil || len(changes.Files) != 0 || changes.Fixed != 0 {
		t.Errorf("%+v, %v", changes, err)
	}
}
