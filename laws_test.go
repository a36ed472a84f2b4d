// Package poolvet_test states the laws of this repository, each as a test.
package poolvet_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer"
)

const module = "github.com/poolvet/poolvet/"

// floors is the rooms from the bottom up. A package imports packages of lower floors only: none of its own, none above.
// A last element "*" stands for every folder there that has no floor of its own.
var floors = [][]string{
	{"analyzer/internal/near"},
	{"analyzer/internal/catalog", "analyzer/internal/flow", "analyzer/internal/origin", "analyzer/internal/repeat"},
	{"analyzer/internal/obligation", "analyzer/internal/diag"},
	{"analyzer/internal/fact"},
	{"analyzer/internal/program"},
	{"analyzer/internal/release", "analyzer/internal/runs"},
	{"analyzer/internal/construct", "analyzer/internal/limit"},
	{"analyzer/internal/handle", "analyzer/internal/bound"},
	{"analyzer/internal/take"},
	{"analyzer/internal/deadline", "analyzer/internal/spawn"},
	{"analyzer/internal/slow"},
	{"analyzer/internal/hold"},
	{"analyzer/internal/summary"},
	{"analyzer/*"},         // the rules
	{"analyzer/badignore"}, // the rule that knows the others
	{"analyzer"},
	{"plugin", "cmd/poolvet/internal/config", "cmd/poolvet/internal/load", "cmd/poolvet/internal/finding", "cmd/poolvet/internal/write"},
	{"cmd/poolvet/internal/output", "cmd/poolvet/internal/baseline", "cmd/poolvet/internal/fix", "cmd/poolvet/internal/initial"},
	{"cmd/poolvet/internal/command", "cmd/poolvet/internal/vettool"},
	{"cmd/poolvet"},
}

// testRooms are for tests only.
var testRooms = []string{
	"analyzer/internal/analyzertest", "analyzer/internal/pgtest",
	"analyzer/internal/truth/program", "analyzer/internal/truth/execute", "analyzer/internal/truth",
	"analyzer/internal/truth/proof",
}

// forRules is what a rule may import: words, and the rooms whose findings the result of the summary lists. Only the summary can ask
// those rooms for anything, as only it has the view of the package that they are asked with.
var forRules = []string{
	"analyzer/internal/near",
	"analyzer/internal/catalog", "analyzer/internal/diag", "analyzer/internal/fact", "analyzer/internal/summary",
	"analyzer/internal/release", "analyzer/internal/runs", "analyzer/internal/construct", "analyzer/internal/limit",
	"analyzer/internal/bound", "analyzer/internal/deadline", "analyzer/internal/spawn", "analyzer/internal/slow", "analyzer/internal/hold",
}

// floorOf returns the floor of a room, or -1.
func floorOf(room string) int {
	for _, name := range []string{room, path.Dir(room) + "/*"} {
		i := slices.IndexFunc(floors, func(rooms []string) bool { return slices.Contains(rooms, name) })
		if i >= 0 {
			return i
		}
	}
	return -1
}

// forbidden returns why a file of a room must not import a package, or "".
func forbidden(file goFile, imported string) string {
	if strings.HasPrefix(imported, "golang.org/x/tools/go/analysis/passes/") && !file.isTest() {
		return "a pass with facts, or one that requires such, makes every driver load all dependencies from source"
	}
	room, ours := strings.CutPrefix(imported, module)
	if !ours || slices.Contains(testRooms, file.room()) && room == file.room() {
		return "" // not one of ours
	}
	from, to := floorOf(file.room()), floorOf(room)
	below, entry := floorOf("analyzer/internal/summary"), floorOf("analyzer")
	switch {
	case slices.Contains(testRooms, file.room()) && (file.isTest() || slices.Contains(testRooms, room)):
		return "" // it tests the whole, or builds on another one
	case file.isTest() && (room == file.room() || slices.Contains(testRooms, room)):
		return ""
	case slices.Contains(testRooms, room):
		return "it is for tests"
	case from < 0 || to < 0:
		return "one of the two has no floor; state it in floors, in laws_test.go"
	case from == to:
		return "they are on one floor"
	case from < to:
		return "imports point downwards"
	case from > entry && to < entry:
		return "the commands know package analyzer only"
	case from > below && from < entry && to <= below && !slices.Contains(forRules, room):
		return "a rule has no data flow of its own; see forRules"
	}
	return ""
}

// TestFloors holds imports to the floors.
func TestFloors(t *testing.T) {
	for _, file := range goFiles(t) {
		if file.room() == "." {
			continue // these laws
		}
		if !slices.Contains(testRooms, file.room()) && floorOf(file.room()) < 0 {
			t.Errorf("%s: %s has no floor; state it in floors, in laws_test.go", file.path, file.room())
		}
		for _, spec := range file.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if why := forbidden(file, imported); why != "" {
				t.Errorf("%s imports %s: %s", file.path, imported, why)
			}
		}
	}
}

// TestRoomsAreDescribed finds rooms below the rules that the architecture forgets, or of which it does not say what they do not know.
func TestRoomsAreDescribed(t *testing.T) {
	_, page, _ := strings.Cut(read(t, "docs/architecture.md"), "\n## ")
	sections := map[string]string{}
	for _, section := range strings.Split(page, "\n## ") {
		name, _, _ := strings.Cut(section, ":")
		sections[name] = section
	}
	for _, rooms := range floors {
		for _, room := range rooms {
			name, below := strings.CutPrefix(room, "analyzer/internal/")
			if below && !strings.Contains(sections[name], "\nIt does not know: ") {
				t.Errorf("docs/architecture.md has no section on %s that says what it does not know", room)
			}
		}
	}
}

// TestFacts keeps facts in one room.
func TestFacts(t *testing.T) {
	access := regexp.MustCompile(`\.(Im|Ex)port(Object|Package)Fact\(|\bFactTypes\b`)
	for _, file := range goFiles(t) {
		if file.room() == "analyzer/internal/summary" || file.isTest() {
			continue // the room of the facts
		}
		if at := access.FindString(file.text); at != "" {
			t.Errorf("%s uses %s; facts are for analyzer/internal/summary", file.path, at)
		}
	}
}

const (
	maxFileLines     = 400
	maxFunctionLines = 80
)

// TestSizes keeps files and functions small enough to be read at once.
func TestSizes(t *testing.T) {
	for _, file := range goFiles(t) {
		if n := strings.Count(file.text, "\n"); n > maxFileLines && !file.isTest() {
			t.Errorf("%s has %d lines, at most %d: is there a second subject in it?", file.path, n, maxFileLines)
		}
		for _, decl := range file.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			first, last := file.fset.Position(fn.Pos()), file.fset.Position(fn.End())
			if n := last.Line - first.Line + 1; n > maxFunctionLines {
				t.Errorf("%s:%d: %s has %d lines, at most %d", file.path, first.Line, fn.Name.Name, n, maxFunctionLines)
			}
		}
	}
}

// TestNames refuses files that could hold anything.
func TestNames(t *testing.T) {
	anything := regexp.MustCompile(`^(common|util|utils|helper|helpers|misc)(_.*)?\.go$`)
	for _, file := range goFiles(t) {
		if anything.MatchString(path.Base(file.path)) {
			t.Errorf("%s: name the file after its subject", file.path)
		}
	}
}

// TestRules finds what a rule lacks: a rule is one folder, one line in the list, its programs and its page.
func TestRules(t *testing.T) {
	var listed []string
	for _, rule := range analyzer.All() {
		listed = append(listed, rule.Name)
		if want := "https://github.com/poolvet/poolvet/blob/main/docs/" + rule.Name + ".md"; rule.URL != want {
			t.Errorf("%s: its URL is %s, want %s", rule.Name, rule.URL, want)
		}
	}
	slices.Sort(listed)
	if folders := ruleFolders(t); !slices.Equal(folders, listed) {
		t.Errorf("the folders are %v, the lists in analyzer/analyzer.go have %v", folders, listed)
	}
	for _, rule := range ruleFolders(t) {
		for _, name := range []string{
			"analyzer/" + rule + "/doc.go", "analyzer/" + rule + "/" + rule + ".go", "analyzer/" + rule + "/" + rule + "_test.go",
			"testdata/" + rule, "docs/" + rule + ".md",
		} {
			if _, err := os.Stat(filepath.FromSlash(name)); err != nil {
				t.Errorf("%s lacks %s%s", rule, name, map[bool]string{true: "; go test . -update writes it"}[path.Dir(name) == "docs"])
			}
		}
		main := read(t, "analyzer/"+rule+"/"+rule+".go")
		if !strings.Contains(main, "\nvar Analyzer = ") {
			t.Errorf("analyzer/%s/%[1]s.go exports no Analyzer with default options", rule)
		}
	}
}

// ruleFolders returns the names of the rules that have a folder, sorted.
func ruleFolders(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("analyzer")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && e.Name() != "internal" {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestLibrariesAreListed finds libraries of the catalog that the list of them has forgotten.
func TestLibrariesAreListed(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^var (\w+) = Library\{`)
	list := read(t, "analyzer/internal/catalog/lookup.go")
	_, list, _ = strings.Cut(list, "func builtin() []Library {")
	list, _, _ = strings.Cut(list, "\n}\n")
	n := 0
	for _, file := range goFiles(t) {
		for _, m := range declared.FindAllStringSubmatch(file.text, -1) {
			n++
			if !regexp.MustCompile(`\b` + m[1] + `,`).MatchString(list) {
				t.Errorf("%s: %s is not in builtin, in analyzer/internal/catalog/lookup.go", file.path, m[1])
			}
		}
	}
	if n == 0 {
		t.Error("no library found")
	}
}

// TestNoMachine finds paths of somebody's machine, and hosts that packages come from: neither belongs into the repository.
func TestNoMachine(t *testing.T) {
	machine := regexp.MustCompile(`(^|[\s"'=(:\x60])/(work|root|home|tmp|Users)/\w+|\b(proxy|sum)\.golang\.` + `org|GOPROXY="?https?:`)
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return cmp.Or(err, skipDir(name))
		}
		if name == "poolvet" || strings.HasSuffix(name, ".test") || strings.HasSuffix(name, ".prof") {
			return nil // see .gitignore
		}
		if name == ".git" {
			return nil // of a worktree: the path of its repository
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if at := machine.FindString(line); at != "" {
				t.Errorf("%s:%d: %s", name, i+1, strings.TrimSpace(at))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// skipDir leaves out what is not in the repository.
func skipDir(name string) error {
	if name == ".git" || name == "dist" {
		return fs.SkipDir
	}
	return nil
}

// goFile is a Go file of the main module.
type goFile struct {
	path   string // from the root, with slashes
	text   string
	fset   *token.FileSet
	syntax *ast.File
}

// room returns the folder of the file.
func (f goFile) room() string { return path.Dir(f.path) }

func (f goFile) isTest() bool { return strings.HasSuffix(f.path, "_test.go") }

// goFiles returns the Go files of the main module, sorted by path.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if _, noModule := os.Stat(filepath.Join(name, "go.mod")); noModule == nil && name != "." {
				return fs.SkipDir // another module: the programs under analysis, the tools
			}
			return cmp.Or(err, skipDir(name))
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		f := goFile{path: filepath.ToSlash(name), text: read(t, name), fset: token.NewFileSet()}
		f.syntax, err = parser.ParseFile(f.fset, name, f.text, parser.SkipObjectResolution)
		files = append(files, f)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%d Go files, %v", len(files), err)
	}
	return files
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
