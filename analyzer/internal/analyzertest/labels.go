package analyzertest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// CheckLabels holds the Go files under dir to the naming of the programs under analysis: a function says in its name whether it
// is right (okDeferAfterError) or loses something (badReturnBeforeClose). Expectations stand in bad functions only, and a bad
// function has at least one. It returns how many functions of each kind there are; helpers and methods may have other names.
func CheckLabels(t testing.TB, dir string) (ok, bad int) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		o, b := checkLabels(t, fset, file)
		ok, bad = ok+o, bad+b
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ok, bad
}

func checkLabels(t testing.TB, fset *token.FileSet, file *ast.File) (ok, bad int) {
	wants := wantLines(fset, file)
	claimed := 0
	for _, decl := range file.Decls {
		fn, isFunc := decl.(*ast.FuncDecl)
		if !isFunc {
			continue
		}
		inside := 0
		first, last := fset.Position(fn.Pos()).Line, fset.Position(fn.End()).Line
		for _, l := range wants {
			if first <= l && l <= last {
				inside++
			}
		}
		claimed += inside
		switch name := strings.ToLower(fn.Name.Name); {
		case strings.HasPrefix(name, "ok"):
			ok++
			if inside > 0 {
				t.Errorf("%s: %s expects a diagnostic", place(fset.Position(fn.Pos())), fn.Name.Name)
			}
		case strings.HasPrefix(name, "bad"):
			bad++
			if inside == 0 {
				t.Errorf("%s: %s expects no diagnostic", place(fset.Position(fn.Pos())), fn.Name.Name)
			}
		case inside > 0:
			t.Errorf("%s: %s expects a diagnostic and is not named bad…", place(fset.Position(fn.Pos())), fn.Name.Name)
		}
	}
	if claimed != len(wants) {
		t.Errorf("%s: an expectation stands outside every function", fset.Position(file.Pos()).Filename)
	}
	return ok, bad
}

func wantLines(fset *token.FileSet, file *ast.File) (lines []int) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if _, isWant := wantText(comment.Text); isWant {
				lines = append(lines, fset.Position(comment.Pos()).Line)
			}
		}
	}
	return lines
}

// Folders lists the folders under a folder of the module in dir, as patterns of packages: "./poollimit/values/...".
func Folders(t testing.TB, dir, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, folder))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() {
			out = append(out, "./"+folder+"/"+e.Name()+"/...")
		}
	}
	return out
}
