package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// places is the positions in a line of text.
var places = regexp.MustCompile(`^\d+:\d+|\bL\d+|\.go:\d+`)

// TestFixAll applies the fixes to a copy of all of testdata. What comes out compiles, is formatted, has no finding that was not
// there before, and offers no fix again.
func TestFixAll(t *testing.T) {
	if testing.Short() {
		t.Skip("analyzes testdata again and again")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata"))); err != nil {
		t.Fatal(err)
	}
	before := reported(t, output(t, dir, "-no-baseline", "./..."))
	after := reported(t, output(t, dir, "-fix", "./...")) // it has compiled what is fixed, and analyzed it again
	for message := range after {
		if before[message] == 0 {
			t.Errorf("the fixes have brought %s", message)
		}
	}
	if len(after) >= len(before) {
		t.Errorf("%d findings before, %d after", len(before), len(after))
	}
	if out, err := exec.Command("gofmt", "-l", dir).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("not formatted: %s, %v", out, err)
	}
	if again := output(t, dir, "-diff", "./..."); again != "" {
		t.Errorf("the second run has fixes again:\n%s", again)
	}
}

// reported counts the findings in the text output, without their lines, which fixes move.
func reported(t *testing.T, text string) map[string]int {
	t.Helper()
	count := make(map[string]int)
	for _, line := range strings.Split(text, "\n") {
		if file, message, ok := strings.Cut(line, ".go:"); ok && !strings.HasPrefix(line, " ") {
			count[file+": "+places.ReplaceAllString(message, "")]++
		}
	}
	if len(count) == 0 {
		t.Fatalf("no findings in %s", text)
	}
	return count
}

// output runs the command and returns what it prints on standard output, with or without findings.
func output(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("poolvet", args...)
	cmd.Dir, cmd.Stderr = dir, new(strings.Builder)
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("poolvet %v: %v\n%s", args, err, cmd.Stderr)
	}
	return string(out)
}
