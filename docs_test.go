package poolvet_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/doc/comment"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer"
)

var update = flag.Bool("update", false, "write the pages that are made from code instead of comparing with them")

// sections is what the doc.go of every rule has, in this order.
var sections = []string{"What it reports", "Why", "Example", "When it is silent", "Options", "Fix"}

// TestRulePages holds the page of each rule to the rule's doc.go, and that to the sections that all rules have.
func TestRulePages(t *testing.T) {
	for _, rule := range ruleFolders(t) {
		doc := packageDoc(t, "analyzer/"+rule+"/doc.go")
		var has []string
		for _, block := range doc.Content {
			if heading, ok := block.(*comment.Heading); ok {
				has = append(has, string(heading.Text[0].(comment.Plain)))
			}
		}
		if len(has) < len(sections) || !slices.Equal(has[:len(sections)], sections) {
			t.Errorf("analyzer/%s/doc.go has the sections %q, want %q and then its own", rule, has, sections)
		}
		page := "<!-- Made from analyzer/" + rule + "/doc.go; go test . -update writes it. -->\n\n# " + rule + "\n\n" + markdown(doc)
		compare(t, "docs/"+rule+".md", page)
	}
}

// packageDoc returns the comment of the package in a file.
func packageDoc(t *testing.T, name string) *comment.Doc {
	t.Helper()
	files := goFiles(t)
	i := slices.IndexFunc(files, func(f goFile) bool { return f.path == name })
	if i < 0 {
		t.Fatalf("no file %s", name)
	}
	text, found := "", false
	for _, line := range strings.Split(files[i].text, "\n") {
		after, isComment := strings.CutPrefix(line, "//")
		if !isComment {
			break
		}
		text, found = text+strings.TrimPrefix(after, " ")+"\n", true
	}
	if !found {
		t.Fatalf("%s does not begin with the comment of its package", name)
	}
	return new(comment.Parser).Parse(text)
}

// markdown prints a comment with its code as Go.
func markdown(doc *comment.Doc) string {
	printer := &comment.Printer{HeadingLevel: 2, HeadingID: func(*comment.Heading) string { return "" }}
	var blocks []string
	for _, block := range doc.Content {
		if code, ok := block.(*comment.Code); ok {
			blocks = append(blocks, "```go\n"+code.Text+"```\n")
			continue
		}
		blocks = append(blocks, string(printer.Markdown(&comment.Doc{Content: []comment.Block{block}, Links: doc.Links})))
	}
	return strings.Join(blocks, "\n")
}

// compare holds a page to what it is made of.
func compare(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(filepath.FromSlash(name), []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, _ := os.ReadFile(filepath.FromSlash(name))
	if string(got) == want {
		return
	}
	has, wants := strings.Split(string(got), "\n"), strings.Split(want, "\n")
	n := 0
	for n < len(has) && n < len(wants) && has[n] == wants[n] {
		n++
	}
	t.Errorf("%s:%d is not what it is made of, from %q on; write it with go test . -update", name, n+1, wants[min(n, len(wants)-1)])
}

// TestReadme runs the command of the README on the sample service and compares the output, and finds the code that it shows
// in the service.
func TestReadme(t *testing.T) {
	readme := read(t, "README.md")
	command := "go run ./cmd/poolvet -C testdata ./shop/..."
	_, after, ok := strings.Cut(readme, command+"\n```\n")
	if !ok {
		t.Fatalf("README.md does not show %q", command)
	}
	want := fence(t, after, "text")
	args := strings.Fields(command)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "POOLVET_CONFIG=", "GOWORK=off")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err == nil {
		t.Errorf("%s: no findings", command)
	}
	got := regexp.MustCompile(`(?m)^go: downloading .*\n`).ReplaceAllString(out.String(), "")
	compare(t, "README.md", strings.Replace(readme, "```text\n"+want+"```", "```text\n"+got+"```", 1))

	shown := "\t" + strings.ReplaceAll(strings.TrimSuffix(fence(t, readme, "go"), "\n"), "\n", "\n\t")
	if !strings.Contains(read(t, "testdata/shop/internal/store/products.go"), shown) {
		t.Errorf("the sample service does not have the code at the top of README.md:\n%s", shown)
	}
	if finding := fence(t, readme, "text"); !strings.Contains(want, finding) {
		t.Errorf("the finding at the top of README.md is not one of those below: %s", finding)
	}
}

// fence returns the first block of code of a language in a page.
func fence(t *testing.T, page, language string) string {
	t.Helper()
	_, after, ok := strings.Cut(page, "```"+language+"\n")
	code, _, closed := strings.Cut(after, "```\n")
	if !ok || !closed {
		t.Fatalf("no block of %s", language)
	}
	return code
}

// TestRulesTable holds the table of the README to the list of rules.
func TestRulesTable(t *testing.T) {
	readme := read(t, "README.md")
	for _, name := range ruleFolders(t) {
		if row := "| [`" + name + "`](docs/" + name + ".md) |"; !strings.Contains(readme, row) {
			t.Errorf("README.md: the table of rules lacks a row %q", row)
		}
	}
}

// TestSettingsTables holds the tables of settings to what the settings say of themselves.
func TestSettingsTables(t *testing.T) {
	var keys, rowKeys strings.Builder
	for _, s := range analyzer.Settings() {
		holds := s.Default
		if json.Valid([]byte(holds)) {
			holds = "`" + holds + "`" // it can be written
		}
		fmt.Fprintf(&keys, "| `%s` | %s | %s |\n", s.Name, holds, s.Text)
	}
	for _, s := range analyzer.RowSettings() {
		text := s.Text
		switch {
		case s.Example == "true":
			text = "`true`: " + text
		case s.Name == "resource":
			text += ": `" + strings.Join(s.Words, "`, `") + "`"
		case s.Name == "func" || s.Name == "type":
			text += ": `" + strings.Trim(s.Example, `"`) + "`"
		}
		fmt.Fprintf(&rowKeys, "| `%s` | %s | %s |\n", s.Name, s.For(), text)
	}
	compareTable(t, "README.md", "| key | default | meaning |\n|---|---|---|\n", keys.String())
	compareTable(t, "docs/configuration.md", "| key | for | meaning |\n|---|---|---|\n", rowKeys.String())
}

// compareTable holds the lines of a table in a page, those after its head, to what they are made of.
func compareTable(t *testing.T, name, head, want string) {
	t.Helper()
	before, rest, ok := strings.Cut(read(t, name), head)
	_, after, closed := strings.Cut("\n"+rest, "\n\n")
	if !ok || !closed {
		t.Fatalf("%s has no table %q", name, head)
	}
	compare(t, name, before+head+want+"\n"+after)
}

// TestPagesLeadSomewhere follows the links of all pages, and the paths they name in code type.
func TestPagesLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)]*)?\)`)
	named := regexp.MustCompile("`((?:analyzer|cmd|plugin|testdata|docs|scripts|\\.ci)/[\\w./-]*\\w)/?`")
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md", "CONTRIBUTING.md", "CHANGELOG.md") {
		text := read(t, page)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s: a link leads to %s, which does not exist", page, m[1])
			}
		}
		for _, m := range named.FindAllStringSubmatch(text, -1) {
			if strings.Contains(m[1], "dbx") || strings.Contains(m[1], "myrule") {
				continue // the examples of CONTRIBUTING.md
			}
			if _, err := os.Stat(filepath.FromSlash(m[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", page, m[1])
			}
		}
		if t.Failed() {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			if strings.TrimRight(line, " \t") != line {
				t.Error(fmt.Sprintf("%s:%d", page, i+1), "ends in a blank")
			}
		}
	}
}
