// This file is before docs_test.go: with -update it writes the doc.go files of which that makes the pages.

package poolvet_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/doc/comment"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const proofs = "testdata/proof/"

// provenRules returns the rules whose examples are programs. badignore speaks of comments, not of connections.
func provenRules(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(ruleFolders(t), func(rule string) bool { return rule == "badignore" })
}

// TestExamplesAreProven holds the examples of each rule to the programs that are run against a database: the code is theirs, and the
// diagnostic is what poolvet says of them. It says nothing else of these programs, and nothing of those around them.
func TestExamplesAreProven(t *testing.T) {
	found := findings(t, "./proof/...")
	for _, rule := range provenRules(t) {
		bad := proofs + rule + "/bad/bad.go"
		if len(found[bad]) != 1 || found[bad][0].rule != rule {
			t.Errorf("%s: poolvet finds %v, and the page promises one finding of %s", bad, found[bad], rule)
		}
		want := append(regions(t, bad, found[bad]), regions(t, proofs+rule+"/good/good.go", nil)...)
		name := "analyzer/" + rule + "/doc.go"
		has := codeIn(packageDoc(t, name), "Example")
		if len(has) != len(want) {
			t.Errorf("%s has %d blocks of code as examples, the programs have %d", name, len(has), len(want))
			continue
		}
		for i, code := range has {
			replaceCode(t, name, code, want[i])
		}
		delete(found, bad)
	}
	for file, others := range found {
		t.Errorf("%s: poolvet finds %v, and no page shows it", file, others)
	}
}

// TestFiguresAreMeasured holds the figures of each rule to what was measured. The room analyzer/internal/truth/proof measures.
func TestFiguresAreMeasured(t *testing.T) {
	number := regexp.MustCompile(`\b\d+\b`)
	for _, rule := range provenRules(t) {
		name := "analyzer/" + rule + "/doc.go"
		measured := read(t, proofs+rule+"/measured.txt")
		shown := codeIn(packageDoc(t, name), "Why")
		if len(shown) == 0 {
			t.Errorf("%s: the section Why does not show what was measured", name)
			continue
		}
		replaceCode(t, name, shown[len(shown)-1], measured)
		known := number.FindAllString(measured+read(t, "testdata/story/measured.txt"), -1)
		for _, n := range number.FindAllString(proseIn(packageDoc(t, name), "Why"), -1) {
			if n != "1" && !slices.Contains(known, n) {
				t.Errorf("%s: the section Why speaks of %s, which nobody has measured", name, n)
			}
		}
	}
}

// TestStoryIsTold holds the story in the README to what was measured, and to what poolvet says of the scripts: one finding in each that
// builds a pool of its own, and none in those that do not.
func TestStoryIsTold(t *testing.T) {
	readme := read(t, "README.md")
	if !strings.Contains(readme, "```text\n"+read(t, "testdata/story/measured.txt")+"```") {
		t.Error("README.md does not show testdata/story/measured.txt")
	}
	for form, want := range map[string]int{"before": 9, "after": 0} {
		command := "go run ./cmd/poolvet -C testdata -allow example.com/poolvet/testdata/story/internal/db ./story/" + form + "/..."
		if !strings.Contains(readme, "\n"+command+"\n") {
			t.Errorf("README.md does not show %q", command)
		}
		args := strings.Fields(command)
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = append(os.Environ(), "POOLVET_CONFIG=", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if _, failed := errors.AsType[*exec.ExitError](err); err != nil && !failed {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?m)^story/`+form+`/(\w+)/main.go:\d+:\d+: .* \((\w+)\)$`).FindAllStringSubmatch(string(out), -1)
		scripts := make(map[string]bool)
		for _, m := range found {
			if m[2] == "straypool" {
				scripts[m[1]] = true
			}
		}
		if len(found) != want || len(scripts) != want {
			t.Errorf("%s: %d findings in %d scripts, want one of straypool in each of %d:\n%s", form, len(found), len(scripts), want, out)
		}
		if last := regexp.MustCompile(`(?m)^poolvet: .* findings.*\n`).FindString(string(out)); !strings.Contains(readme, last) || last == "" {
			t.Errorf("README.md does not show %q", last)
		}
	}
}

// A finding is what poolvet says of a line.
type finding struct {
	line          int
	rule, message string
}

// findings runs poolvet with all rules on packages of testdata, and returns what it says of each file, by its path from the root.
func findings(t *testing.T, pattern string, flags ...string) map[string][]finding {
	t.Helper()
	args := append([]string{"run", "./cmd/poolvet", "-C", "testdata", "-json", "-rules", "nodeadline"}, flags...)
	cmd := exec.Command("go", append(args, pattern)...)
	cmd.Env = append(os.Environ(), "POOLVET_CONFIG=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd.Args, err)
	}
	var packages map[string]map[string][]struct{ Posn, Message string }
	if err := json.Unmarshal(out, &packages); err != nil {
		t.Fatal(err)
	}
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string][]finding)
	for _, rules := range packages {
		for rule, diagnostics := range rules {
			for _, d := range diagnostics {
				parts := strings.Split(d.Posn, ":")
				n := len(parts) - 2 // the line; the column is behind it
				line, err := strconv.Atoi(parts[n])
				if err != nil {
					t.Fatal(err)
				}
				file, err := filepath.Rel(root, strings.Join(parts[:n], ":"))
				if err != nil {
					t.Fatal(err)
				}
				file = filepath.ToSlash(file)
				found[file] = append(found[file], finding{line, rule, d.Message})
			}
		}
	}
	return found
}

// regions returns the marked parts of a program as a page shows them. What poolvet says of a line is a comment behind it, and so is
// the number of a line that it refers to.
func regions(t *testing.T, name string, found []finding) []string {
	t.Helper()
	behind := make(map[int]string)
	for _, f := range found {
		for _, m := range regexp.MustCompile(`\bL(\d+)\b`).FindAllStringSubmatch(f.message, -1) {
			n, _ := strconv.Atoi(m[1]) // it is one
			behind[n] = m[0]
		}
		behind[f.line] = f.message
	}
	var all, region []string
	inside := false
	for i, line := range strings.Split(read(t, name), "\n") {
		switch strings.TrimSpace(line) {
		case "//page:begin":
			inside, region = true, nil
			continue
		case "//page:end":
			inside, all = false, append(all, dedent(region))
			continue
		}
		if comment := behind[i+1]; comment != "" {
			if !inside {
				t.Errorf("%s:%d is not on the page, and poolvet refers to it", name, i+1)
			}
			line += " // " + comment
		}
		region = append(region, line)
	}
	if inside || len(all) == 0 {
		t.Errorf("%s: no part is marked with //page:begin and //page:end", name)
	}
	return all
}

// dedent removes the indentation that lines have in common, and empty lines around them.
func dedent(lines []string) string {
	text := strings.Trim(strings.Join(lines, "\n"), "\n")
	for strings.HasPrefix(text, "\t") {
		text = strings.ReplaceAll(text[1:], "\n\t", "\n")
	}
	return text + "\n"
}

// codeIn returns the blocks of code in a section.
func codeIn(doc *comment.Doc, section string) (code []string) {
	for _, block := range blocksIn(doc, section) {
		if block, ok := block.(*comment.Code); ok {
			code = append(code, block.Text)
		}
	}
	return code
}

// proseIn returns the text of a section without its code.
func proseIn(doc *comment.Doc, section string) string {
	prose := slices.DeleteFunc(blocksIn(doc, section), func(block comment.Block) bool {
		_, isCode := block.(*comment.Code)
		return isCode
	})
	return string(new(comment.Printer).Text(&comment.Doc{Content: prose}))
}

func blocksIn(doc *comment.Doc, section string) (blocks []comment.Block) {
	inside := false
	for _, block := range doc.Content {
		if heading, ok := block.(*comment.Heading); ok {
			inside = fmt.Sprint(heading.Text[0]) == section
			continue
		}
		if inside {
			blocks = append(blocks, block)
		}
	}
	return blocks
}

// replaceCode holds a block of code in a comment to what it has to be.
func replaceCode(t *testing.T, name, has, want string) {
	t.Helper()
	inComment := func(code string) string {
		return "//\t" + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSuffix(code, "\n"), "\n", "\n//\t"), "//\t\n", "//\n")
	}
	compare(t, name, strings.Replace(read(t, name), inComment(has), inComment(want), 1))
}
