package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestDriversAgree finds the same by hand and under go vet, with facts that cross packages and with test files.
func TestDriversAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles and vets the imports")
	}
	archive, err := txtar.ParseFile(filepath.Join("..", "..", "testdata", "scripts", "facts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range append(archive.Files, txtar.File{Name: ".poolvet.yml", Data: []byte("tests: true\n")}) {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"", "vendored", filepath.Join("work", "app")} {
		if n := agree(t, filepath.Join(dir, sub), "./..."); n == 0 {
			t.Errorf("no findings to compare in %q", sub)
		}
	}
}

// agree checks that the command and go vet have the same findings for the patterns in dir, and returns how many.
func agree(t *testing.T, dir string, patterns ...string) int {
	t.Helper()
	command := findings(t, dir, "poolvet", append([]string{"-json"}, patterns...)...)
	vet := findings(t, dir, "go-vet-poolvet", append([]string{"-json"}, patterns...)...)
	for _, f := range command {
		if !slices.Contains(vet, f) {
			t.Errorf("%s: only the command finds %s", dir, f)
		}
	}
	for _, f := range vet {
		if !slices.Contains(command, f) {
			t.Errorf("%s: only go vet finds %s", dir, f)
		}
	}
	return len(command)
}

// findings runs a program that prints the objects of go vet -json, and returns their findings in one form: sorted, each once,
// whichever variant of its package it is in.
func findings(t *testing.T, dir, program string, args ...string) []string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Stderr = new(strings.Builder)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v in %s: %v\n%s", program, args, dir, err, cmd.Stderr)
	}
	var all []string
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var tree map[string]map[string][]struct{ Posn, End, Message, Category string }
		if err := decoder.Decode(&tree); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%s %v in %s: %v\n%s", program, args, dir, err, out)
		}
		for pkg, rules := range tree {
			pkg, _, _ = strings.Cut(pkg, " [")
			for rule, diagnostics := range rules {
				for _, d := range diagnostics {
					all = append(all, fmt.Sprintf("%s %s: %s: %s (%s, %s)", pkg, d.Posn, d.End, d.Message, rule, d.Category))
				}
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
