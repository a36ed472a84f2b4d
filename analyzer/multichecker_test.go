package analyzer_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/analyzer/badignore"
)

// multicheckerMain is what somebody writes who runs the rules beside others.
const multicheckerMain = `package main

import (
	"github.com/poolvet/poolvet/analyzer"
	"golang.org/x/tools/go/analysis/multichecker"
)

func main() { multichecker.Main(analyzer.All()...) }
`

const leaking = `package app

import "database/sql"

func First(db *sql.DB) bool {
	rows, err := db.Query("select 1")
	return err == nil && rows.Next()
}
`

// TestMultichecker builds a program around the rules in a module of its own, and runs it by hand and under go vet.
func TestMultichecker(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program and vets the standard library")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(mod), "\nrequire")
	write(t, dir, "go.mod", "module example.com/checker\n\ngo 1.26.0\n\nrequire github.com/poolvet/poolvet v0.0.0\n\n"+
		"replace github.com/poolvet/poolvet => "+root+"\n\nrequire"+requires)
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.sum", string(sums))
	write(t, dir, "main.go", multicheckerMain)
	checker := filepath.Join(dir, "checker")
	if out, err := command(dir, "go", "build", "-mod=mod", "-o", checker, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	app := t.TempDir()
	write(t, app, "go.mod", "module example.com/app\n\ngo 1.26\n")
	write(t, app, "app.go", leaking)
	for _, args := range [][]string{
		{checker, "./..."},
		{checker, "-lostrelease", "./..."},
		{"go", "vet", "-vettool=" + checker, "./..."},
	} {
		out, err := command(app, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "app.go:6:15: rows is not closed on all paths") {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
	if out, err := command(app, checker, "-fanout", "./...").CombinedOutput(); err != nil {
		t.Errorf("only another rule is on: %v\n%s", err, out)
	}
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "POOLVET_CONFIG=")
	return cmd
}

// TestAll has every rule that New knows, in its order, and each is fit for any program that runs analyzers.
func TestAll(t *testing.T) {
	options := analyzer.Options{Rules: make(map[string]analyzer.Rule)}
	for _, rule := range analyzer.All() {
		options.Rules[rule.Name] = analyzer.Rule{On: true}
	}
	rules, err := analyzer.New(options)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprint(analyzer.All()), fmt.Sprint(rules); got != want {
		t.Errorf("All has %s, New with all rules on has %s: the lists in analyzer.go are to have the same rules in one order", got, want)
	}
	if err := analysis.Validate(analyzer.All()); err != nil {
		t.Error(err)
	}
}

// TestBadignoreKnowsAll holds the rules that badignore has by default to the list.
func TestBadignoreKnowsAll(t *testing.T) {
	var want, got []string
	for _, rule := range analyzer.RuleSettings() {
		if rule.Default == "true" && rule.Name != badignore.Analyzer.Name {
			want = append(want, rule.Name)
		}
	}
	for _, rule := range badignore.Analyzer.Requires[1:] { // less the summary
		got = append(got, rule.Name)
	}
	if !slices.Equal(got, want) {
		t.Errorf("Analyzer in analyzer/badignore/badignore.go is made of %v; the rules that are on by default are %v", got, want)
	}
}
