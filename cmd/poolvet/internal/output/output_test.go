package output

import (
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

var (
	lostrelease = &analysis.Analyzer{Name: "lostrelease", Doc: "lostrelease reports lost ones.\n\n# What it reports\n\nRows.", URL: "https://example.com/l"}
	holdwait    = &analysis.Analyzer{Name: "holdwait", Doc: "holdwait reports waits."}
)

// program is files, and what is found in them.
type program struct {
	t      *testing.T
	report *Report
	fset   *token.FileSet
	files  map[string]*token.File
	texts  map[string]string
}

// newProgram writes files to a directory of its own.
func newProgram(t *testing.T, texts map[string]string) *program {
	t.Helper()
	p := &program{
		t: t, fset: token.NewFileSet(), files: make(map[string]*token.File), texts: texts,
		report: &Report{Dir: t.TempDir(), Version: "v1.2.3", Rules: []*analysis.Analyzer{lostrelease, holdwait}},
	}
	for name, text := range texts {
		path := filepath.Join(p.report.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		p.files[name] = p.fset.AddFile(path, -1, len(text))
		p.files[name].SetLinesForContent([]byte(text))
	}
	return p
}

// at returns the range of a text in a file.
func (p *program) at(name, text string) (pos, end token.Pos) {
	p.t.Helper()
	i := strings.Index(p.texts[name], text)
	if i < 0 {
		p.t.Fatalf("no %q in %s", text, name)
	}
	return p.files[name].Pos(i), p.files[name].Pos(i + len(text))
}

// found adds a finding at a text. The related position is the beginning of another text, if its file is not "".
func (p *program) found(rule *analysis.Analyzer, tier, name, text, message, relatedName, relatedText string) *finding.Finding {
	p.t.Helper()
	pos, end := p.at(name, text)
	f := finding.Finding{
		Rule: rule, Package: &packages.Package{PkgPath: "example.com/p", Fset: p.fset},
		Pos: p.fset.Position(pos), End: p.fset.Position(end),
		Diagnostic: analysis.Diagnostic{Pos: pos, End: end, Category: tier, Message: message},
	}
	if relatedName != "" {
		related, _ := p.at(relatedName, relatedText)
		f.Diagnostic.Related = []analysis.RelatedInformation{{Pos: related, Message: "lost here"}}
	}
	p.report.Findings = append(p.report.Findings, f)
	return &p.report.Findings[len(p.report.Findings)-1]
}

// write returns the report in a format, and checks that it is the same when it is written again.
func (p *program) write(name string) string {
	p.t.Helper()
	write, ok := Named(name)
	if !ok {
		p.t.Fatalf("no format %s", name)
	}
	var first, second strings.Builder
	for _, b := range []*strings.Builder{&first, &second} {
		if err := write(b, p.report); err != nil {
			p.t.Fatal(err)
		}
	}
	if first.String() != second.String() {
		p.t.Errorf("%s is different the second time:\n%s\n%s", name, &first, &second)
	}
	return first.String()
}

// expect compares an output.
func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestNames has each format under its name, and no other.
func TestNames(t *testing.T) {
	if want := []string{"text", "json", "sarif", "github", "checkstyle"}; !slices.Equal(Names(), want) {
		t.Errorf("got %v, want %v", Names(), want)
	}
	for _, name := range Names() {
		if f, ok := Named(name); !ok || f == nil {
			t.Errorf("no format %s", name)
		}
	}
	if _, ok := Named("JSON"); ok {
		t.Error("JSON is a format")
	}
}

// TestRelative shortens what lies below the directory only.
func TestRelative(t *testing.T) {
	for _, tt := range []struct{ dir, pos, want string }{
		{"/dir", "/dir/a/b.go:1:2", "a/b.go:1:2"},
		{"/dir", "/dirt/b.go:1:2", "/dirt/b.go:1:2"},
		{"/dir", "", ""},
		{"/", "/a/b.go", "a/b.go"},
	} {
		dir, pos := filepath.FromSlash(tt.dir), filepath.FromSlash(tt.pos)
		if got := Relative(dir, pos); filepath.ToSlash(got) != tt.want {
			t.Errorf("%s below %s: got %s, want %s", tt.pos, tt.dir, got, tt.want)
		}
	}
}

// TestSilenced leaves out what nobody wants to see, except where it can be said that it is silenced.
func TestSilenced(t *testing.T) {
	p := newProgram(t, map[string]string{"a.go": "package a\n"})
	p.found(lostrelease, "error", "a.go", "package", "lost", "", "").Silenced = new(finding.Silenced)
	for _, name := range Names() {
		if got := p.write(name); strings.Contains(got, "lost\"") != (name == "sarif") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
